// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace counterfoil {

/// A well-behaved client in a thread of its own: asks for /healthz on a new connection every 20 ms, and looks at the server's memory.
class GoodClient {
public:
    struct Report {
        int asked = 0;
        int answered = 0;
        double medianMs = 0;
        double p99Ms = 0;
        qint64 memoryMaxKiB = 0;
    };

    GoodClient(quint16 port, std::function<qint64()> memoryKiB);
    ~GoodClient() { stop(); }
    Q_DISABLE_COPY_MOVE(GoodClient)

    Report stop();

private:
    void run(quint16 port, const std::function<qint64()>& memoryKiB);

    std::atomic<bool> m_stopping = false;
    std::vector<double> m_tookMs;
    Report m_report;
    std::thread m_thread;
};

} // namespace counterfoil
