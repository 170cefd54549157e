// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/read_executor.h"
#include "models/store/reads/status_reads.h"

#include <QTimer>

namespace counterfoil {

/// Keeps the system's status at hand: asks when something changed and every few seconds, since a heartbeat that stops changes
/// nothing.
class StatusMonitor : public QObject {
    Q_OBJECT
public:
    static constexpr int askEveryMs = 5000;

    StatusMonitor(ReadExecutor& executor, const Clock& clock, QObject* parent = nullptr);
    void start();
    /// Asks now, if no question is on its way.
    void ask();

Q_SIGNALS:
    void statusRead(const counterfoil::SystemStatus& status);
    void statusFailed(const counterfoil::Error& error);

private:
    ReadExecutor& m_executor;
    const Clock& m_clock;
    QTimer m_timer;
    bool m_asking = false;
    bool m_again = false;
};

} // namespace counterfoil
