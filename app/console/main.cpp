// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console_options.h"
#include "app/console/console_services.h"
#include "models/store/reads/read_executor.h"
#include "resources/resources.h"
#include "views/desk/desk.h"
#include "views/shell/main_window.h"
#include "views/shell/tour.h"

#include <QApplication>
#include <QSettings>

#include <cstdio>

namespace {

using namespace counterfoil;

// What the shell is told: 0 done, 1 it failed, 2 the command line is wrong.
constexpr int exitFailed = 1;
constexpr int exitUsage = 2;

void print(std::FILE* to, const QString& text)
{
    std::fputs(text.toLocal8Bit().constData(), to);
}

ThemeMode rememberedTheme()
{
    const QString name = QSettings().value(QStringLiteral("theme")).toString();
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        if (name == toString(mode)) {
            return mode;
        }
    }
    return ThemeMode::System;
}

/// Pictures can be taken on a machine without a screen.
bool hasDisplay()
{
    return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

int takeTour(MainWindow& window, Theme& theme, ReadExecutor& executor, const QString& directory)
{
    Tour tour(window, theme, executor, QDir(directory));
    const Result<int> taken = tour.run();
    if (!taken) {
        print(stderr, QStringLiteral("counterfoil: the tour failed: %1\n").arg(taken.error().text()));
        return exitFailed;
    }
    print(stdout, QStringLiteral("%1 pictures in %2\n").arg(*taken).arg(directory));
    return 0;
}

int runConsole(QApplication& application, const ConsoleOptions& options)
{
    Theme theme(application, options.theme.value_or(rememberedTheme()));
    const SystemClock clock;

    // What lives in this process starts before anything reads, and ends after the window and the executor.
    ConsoleServices services(options);
    if (const auto started = services.start(); !started) {
        print(stderr, QStringLiteral("counterfoil: %1\n").arg(started.error().text()));
        return exitUsage;
    }

    const auto access = services.gatewayAccess();
    if (!access) {
        print(stderr, QStringLiteral("counterfoil: %1\n").arg(access.error().text()));
        return exitUsage;
    }

    GatewayGlance gateway(*access, clock);
    ReadExecutor executor(options.database);
    Desk desk(options.database, clock);
    MainWindow window(theme, clock, executor, desk, &gateway);
    if (!options.tourDirectory.isEmpty()) {
        window.start();
        return takeTour(window, theme, executor, options.tourDirectory);
    }
    window.restoreState();
    window.show();
    window.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication::setApplicationName(QStringLiteral("counterfoil"));
    QCoreApplication::setOrganizationName(QStringLiteral("counterfoil"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERFOIL_VERSION));
    const Result<ConsoleOptions> options = [&] {
        // Help and errors need no display.
        const QCoreApplication core(argc, argv);
        return ConsoleOptions::parse(QCoreApplication::arguments());
    }();
    if (!options) {
        print(stderr, QStringLiteral("counterfoil: %1\nTry 'counterfoil --help'.\n").arg(options.error().detail));
        return exitUsage;
    }
    if (!options->printAndQuit.isEmpty()) {
        print(stdout, options->printAndQuit);
        return 0;
    }
    if (!options->tourDirectory.isEmpty() && !hasDisplay()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    initResources();
    return runConsole(application, *options);
}
