// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "models/store/reads/read_executor.h"
#include "tests/benchmarks/latency/slow_gateway.h"
#include "tests/hostile/worker_stage.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QNetworkAccessManager>

#include <deque>

namespace counterfoil {

struct LatencyReport {
    int placed = 0;
    int called = 0;
    int seen = 0;
    double ordersPerSecond = 0;
    /// From the callback's first byte to its 200, and to the order being read as paid; milliseconds, sorted.
    std::vector<double> answeredMs;
    std::vector<double> visibleMs;
};

double percentile(const std::vector<double>& sorted, double share);

/// One run on one kind of database: the real worker, a gateway of its own, and a listening client like the console's list of orders.
class LatencyRun : public QObject {
    Q_OBJECT

public:
    LatencyRun(DatabaseKind kind, int perSecond, int seconds);

    /// What went wrong, or nothing.
    QString run();
    const LatencyReport& report() const { return m_report; }

private:
    Result<void> fillShop();
    void placeOrder();
    void sendCallback();
    void look();
    void takeRows(const Result<std::vector<Order>>& rows);
    QTcpSocket& freeSocket();

    const int m_perSecond;
    const int m_seconds;
    SlowGateway m_gateway;
    WorkerStage m_stage;
    std::unique_ptr<ReadExecutor> m_executor;
    QNetworkAccessManager m_network;
    QEventLoop m_loop;
    QElapsedTimer m_clock;
    std::deque<std::pair<qint64, QByteArray>> m_processing;
    std::map<OrderId, qint64> m_sentNs;
    std::vector<std::pair<std::unique_ptr<QTcpSocket>, qint64>> m_sockets;
    LatencyReport m_report;
    QStringList m_complaints;
    bool m_looking = false;
    bool m_lookAgain = false;
};

} // namespace counterfoil
