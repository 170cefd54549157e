// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/console/console_run.h"

#include "models/tables/case_queue_table.h"
#include "models/tables/roles.h"
#include "views/desk/desk.h"
#include "views/desk/interventions_page.h"
#include "views/orders/orders_page.h"
#include "views/shell/main_window.h"
#include "views/widgets/data_table.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int patienceMs = 30'000;
constexpr int beatMs = 5;

/// How long the event loop was ever kept from its next round.
class Heartbeat : public QObject {
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_worstMs = std::max(m_worstMs, static_cast<double>(m_since.nsecsElapsed()) / 1e6 - beatMs);
            m_since.restart();
        });
        m_since.start();
        m_timer.start(beatMs);
    }
    double worstMs() const { return m_worstMs; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    double m_worstMs = 0;
};

/// Milliseconds until `isDone`, by an event loop that never sleeps between looks.
template<class Condition>
double until(Condition isDone)
{
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        if (timer.elapsed() > patienceMs) {
            return -1;
        }
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    }
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void keep(double& worst, double value)
{
    worst = value < 0 || worst < 0 ? -1 : std::max(worst, value);
}

double peakMib()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QFile::ReadOnly)) {
        return -1;
    }
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:")) {
            return line.mid(6).trimmed().split(' ').front().toDouble() / 1024;
        }
    }
    return -1;
}

bool isRead(const QAbstractItemModel& model, int row)
{
    return row >= 0 && row < model.rowCount() && !model.index(row, 0).data(LoadingRole).toBool();
}

class Worker {
public:
    explicit Worker(const DatabaseUrl& url) : m_theme(*qApp, ThemeMode::Light), m_executor(url), m_desk(url, m_clock), m_window(m_theme, m_clock, m_executor, m_desk)
    {
        m_window.show();
        m_window.start();
        (void)until([this] { return m_window.isOpen() && m_desk.hasPerson() && m_window.pages().currentPage()->isSettled(); });
    }

    std::vector<ConsoleFigure> work(int rounds)
    {
        for (int round = 0; round < rounds; ++round) {
            openQueue();
            claim();
            jumpInQueue();
            openOrders();
            jumpInOrders();
            home();
        }
        return {{QStringLiteral("queue of cases: first rows"), m_queue, 100}, {QStringLiteral("claim"), m_claim, 50}, {QStringLiteral("jump to the queue's end"), m_queueEnd, 200},
                {QStringLiteral("orders: first rows"), m_orders, 100}, {QStringLiteral("jump to the orders' end"), m_ordersEnd, 200},
                {QStringLiteral("longest stall of the event loop"), m_heartbeat.worstMs(), 50}, {QStringLiteral("memory, MiB"), peakMib(), 150}};
    }

private:
    template<class PageType>
    PageType* go(const char* name, double& worst)
    {
        QElapsedTimer timer;
        timer.start();
        m_window.pages().go({QString::fromLatin1(name), 0});
        auto* page = qobject_cast<PageType*>(m_window.pages().currentPage());
        // Where it was left, once it was looked at.
        const double shown = until([page] { return isRead(*page->table()->model(), std::max(0, page->table()->rowAt(1))); });
        keep(worst, shown < 0 ? -1 : static_cast<double>(timer.nsecsElapsed()) / 1e6);
        (void)until([page] { return page->isSettled(); });
        return page;
    }

    void openQueue()
    {
        m_interventions = go<InterventionsPage>("interventions", m_queue);
    }

    void claim()
    {
        CaseQueueTable* model = m_interventions->model();
        DataTable* table = m_interventions->table();
        int row = 0;
        while (isRead(*model, row) && !owner(*model, row).isEmpty()) {
            ++row;
        }
        table->setCurrentIndex(model->index(row, 0));
        const CaseId item = model->caseAt(row);
        QElapsedTimer timer;
        timer.start();
        QTest::keyClick(table, Qt::Key_C);
        const double shown = until([&] { return model->caseAt(row) == item && !owner(*model, row).isEmpty(); });
        keep(m_claim, shown < 0 ? -1 : static_cast<double>(timer.nsecsElapsed()) / 1e6);
        (void)until([this] { return m_interventions->isSettled(); });
    }

    static QString owner(const QAbstractItemModel& model, int row)
    {
        return model.index(row, static_cast<int>(CaseQueueColumn::Owner)).data().toString();
    }

    void jump(DataTable* table, double& worst)
    {
        QElapsedTimer timer;
        timer.start();
        QTest::keyClick(table, Qt::Key_End, Qt::ControlModifier);
        const double shown = until([table] {
            const int last = table->model()->rowCount() - 1;
            return table->rowAt(table->viewport()->height() - 1) >= last - 1 && isRead(*table->model(), last);
        });
        keep(worst, shown < 0 ? -1 : static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }

    void jumpInQueue() { jump(m_interventions->table(), m_queueEnd); }

    void openOrders() { m_ordersPage = go<OrdersPage>("orders", m_orders); }

    void jumpInOrders() { jump(m_ordersPage->table(), m_ordersEnd); }

    /// The lists begin anew in the next round.
    void home()
    {
        m_interventions->setView(CaseFilter::View::Open);
        (void)until([this] { return m_interventions->isSettled(); });
        m_interventions->setView(CaseFilter::View::Todo);
        (void)until([this] { return m_interventions->isSettled(); });
        m_window.pages().go({QStringLiteral("jobs"), 0});
        (void)until([this] { return m_window.pages().currentPage()->isSettled(); });
    }

    SystemClock m_clock;
    Theme m_theme;
    ReadExecutor m_executor;
    Desk m_desk;
    MainWindow m_window;
    Heartbeat m_heartbeat;
    InterventionsPage* m_interventions = nullptr;
    OrdersPage* m_ordersPage = nullptr;
    double m_queue = 0;
    double m_claim = 0;
    double m_queueEnd = 0;
    double m_orders = 0;
    double m_ordersEnd = 0;
};

} // namespace

std::vector<ConsoleFigure> runConsole(const DatabaseUrl& database, int rounds)
{
    Worker worker(database);
    return worker.work(rounds);
}

} // namespace counterfoil
