// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/console/console_run.h"
#include "tests/benchmarks/console/large_shop.h"
#include "tests/benchmarks/console/start_run.h"
#include "tests/support/test_database.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QStandardPaths>

#include <algorithm>
#include <cstdio>

using namespace counterfoil;

namespace {

constexpr int starts = 7;
constexpr double startFactor = 2;
constexpr double startAllowanceMs = 80;

double medianStart(StartKind kind, const DatabaseUrl& database)
{
    std::vector<double> times;
    for (int i = 0; i < starts; ++i) {
        times.push_back(startMs(kind, database));
    }
    std::ranges::sort(times);
    return times.front() < 0 ? -1 : times[times.size() / 2];
}

bool print(const char* database, const ConsoleFigure& figure)
{
    std::printf("%-11s %-36s %9.1f  (at most %.1f) %s\n", database, qPrintable(figure.what), figure.value, figure.most, figure.isKept() ? "kept" : "MISSED");
    std::fflush(stdout);
    return figure.isKept();
}

} // namespace

/// How the console feels over a large database. On PostgreSQL too beside tests/support/with_postgresql.
int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("bench_console"));
    QStandardPaths::setTestModeEnabled(true);
    if (isStartChild(QCoreApplication::arguments())) {
        return runStartChild(QCoreApplication::arguments());
    }
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("orders"), QStringLiteral("Orders in the database."), QStringLiteral("N"), QStringLiteral("1000000")});
    parser.addOption({QStringLiteral("cases"), QStringLiteral("Open cases."), QStringLiteral("N"), QStringLiteral("100000")});
    parser.addOption({QStringLiteral("rounds"), QStringLiteral("How often everything is done; the worst counts."), QStringLiteral("N"), QStringLiteral("5")});
    parser.process(application);

    const SystemClock clock;
    bool good = true;
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* const name = kind == DatabaseKind::Sqlite ? "SQLite" : "PostgreSQL";
        const auto database = TestDatabase::create(kind);
        const auto filled = fillLargeShop(database->writer(), clock, parser.value(QStringLiteral("orders")).toLongLong(), parser.value(QStringLiteral("cases")).toLongLong());
        if (!filled) {
            std::fprintf(stderr, "%s: %s\n", name, qPrintable(filled.error().text()));
            return 1;
        }
        const double empty = medianStart(StartKind::EmptyWindow, database->url());
        const double console = medianStart(StartKind::Console, database->url());
        std::printf("%-11s %-36s %9.1f\n", name, "an empty window, ms", empty);
        good = print(name, {QStringLiteral("start to the first painted page, ms"), console, startFactor * empty + startAllowanceMs}) && good;
        for (const ConsoleFigure& figure : runConsole(database->url(), std::max(1, parser.value(QStringLiteral("rounds")).toInt()))) {
            good = print(name, figure) && good;
        }
    }
    return good ? 0 : 1;
}
