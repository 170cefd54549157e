// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/status_monitor.h"

namespace counterfoil {

StatusMonitor::StatusMonitor(ReadExecutor& executor, const Clock& clock, QObject* parent) : QObject(parent), m_executor(executor), m_clock(clock)
{
    m_timer.setInterval(askEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &StatusMonitor::ask);
    connect(&executor, &ReadExecutor::changed, this, &StatusMonitor::ask);
    connect(&executor, &ReadExecutor::connectionRestored, this, &StatusMonitor::ask);
}

void StatusMonitor::start()
{
    m_timer.start();
    ask();
}

void StatusMonitor::ask()
{
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = true;
    const UtcTime now = m_clock.now();
    m_executor.readAside(
        this,
        [now](Connection& connection) { return systemStatus(connection, now); },
        [this](const Result<SystemStatus>& status) {
            m_asking = false;
            if (status) {
                Q_EMIT statusRead(*status);
            } else {
                Q_EMIT statusFailed(status.error());
            }
            if (std::exchange(m_again, false)) {
                ask();
            }
        });
}

} // namespace counterfoil
