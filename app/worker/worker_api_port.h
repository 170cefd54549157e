// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/api_port.h"

#include <QThread>

namespace counterfoil {

class ReadExecutor;

/// The port over a running WorkerHost, and over a reading connection on a thread of its own. The host outlives it and is running
/// whenever it is called. To be destroyed after the listener is stopped; reads that wait then are never answered.
class WorkerApiPort final : public ApiPort {
public:
    WorkerApiPort(WorkerHost& host, const DatabaseUrl& database);
    ~WorkerApiPort() override;
    Q_DISABLE_COPY_MOVE(WorkerApiPort)

    void placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256,
                    std::function<void(ApiAnswer)> done) override;
    void requestRefund(RefundCall call, std::function<void(ApiAnswer)> done) override;
    void storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done) override;
    void recordRefusal(QString reason, qint64 sizeBytes, QString peer) override;
    void findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done) override;
    WorkerStatistics statistics() const override;
    void findOrder(QString reference, std::function<void(Result<OrderDetail>)> done) override;
    void readStatus(std::function<void(Result<SystemStatus>)> done) override;

private:
    template<class Work, class Done>
    void read(Work work, Done done);

    WorkerHost& m_host;
    QThread m_thread;
    QObject m_context; ///< lives on the thread, as the executor does
    ReadExecutor* m_executor = nullptr;
};

} // namespace counterfoil
