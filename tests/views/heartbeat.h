// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QTimer>

namespace counterfoil {

/// The longest time that the event loop of its thread has not gone round. Time in which the thread could have run, but other programs
/// had the processor, doesn't count: Linux tells it apart.
class Heartbeat : public QObject {
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
        begin();
    }

    /// From now on; what was before is forgotten.
    void begin()
    {
        m_longestNs = 0;
        m_waitedNs = waitedNs();
        m_clock.start();
        m_timer.start(everyMs);
    }

    double longestMs()
    {
        beat();
        return static_cast<double>(m_longestNs) / 1e6;
    }

private:
    static constexpr int everyMs = 5;

    void beat()
    {
        const qint64 waited = waitedNs();
        m_longestNs = std::max(m_longestNs, m_clock.nsecsElapsed() - (waited - m_waitedNs));
        m_waitedNs = waited;
        m_clock.start();
    }

    /// Nanoseconds that this thread was ready to run but had to wait.
    static qint64 waitedNs()
    {
        QFile file(QStringLiteral("/proc/thread-self/schedstat"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() : 0;
    }

    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longestNs = 0;
    qint64 m_waitedNs = 0;
};

} // namespace counterfoil
