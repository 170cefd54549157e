// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/console/start_run.h"

#include "views/desk/desk.h"
#include "views/shell/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <cstdio>

namespace counterfoil {

namespace {

const QString childOption = QStringLiteral("--show");
constexpr int patienceMs = 20'000;

/// Ends the program at the first painting of anything within a widget.
class FirstPaint : public QObject {
public:
    explicit FirstPaint(std::function<const QWidget*()> within) : m_within(std::move(within)) { qApp->installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const QWidget* const within = event->type() == QEvent::Paint ? m_within() : nullptr;
        if (within && (watched == within || within->isAncestorOf(qobject_cast<QWidget*>(watched)))) {
            // Behind the painting itself.
            QMetaObject::invokeMethod(qApp, [] {
                std::fputs("painted\n", stdout);
                std::fflush(stdout);
                QApplication::quit();
            }, Qt::QueuedConnection);
        }
        return QObject::eventFilter(watched, event);
    }

private:
    std::function<const QWidget*()> m_within;
};

int showEmptyWindow()
{
    QMainWindow window;
    FirstPaint first([&window] { return &window; });
    window.resize(1280, 720);
    window.show();
    return QApplication::exec();
}

int showConsole(const QString& url)
{
    const auto database = DatabaseUrl::parse(url);
    require(database.has_value(), "the database's address is one");
    Theme theme(*qApp, ThemeMode::Light);
    const SystemClock clock;
    ReadExecutor executor(*database);
    Desk desk(*database, clock);
    MainWindow window(theme, clock, executor, desk);
    FirstPaint first([&window] { return window.pages().currentPage(); });
    window.show();
    window.start();
    return QApplication::exec();
}

} // namespace

double startMs(StartKind kind, const DatabaseUrl& database)
{
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QElapsedTimer timer;
    timer.start();
    child.start(QCoreApplication::applicationFilePath(), {childOption, kind == StartKind::EmptyWindow ? QStringLiteral("window") : database.toText()});
    const bool painted = child.waitForReadyRead(patienceMs);
    const double took = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    const bool ended = child.waitForFinished(patienceMs) && child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0;
    return painted && ended ? took : -1;
}

bool isStartChild(const QStringList& arguments)
{
    return arguments.size() == 3 && arguments.at(1) == childOption;
}

int runStartChild(const QStringList& arguments)
{
    return arguments.at(2) == u"window" ? showEmptyWindow() : showConsole(arguments.at(2));
}

} // namespace counterfoil
