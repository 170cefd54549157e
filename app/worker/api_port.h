// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/worker_host.h"
#include "models/store/reads/order_detail.h"
#include "models/store/reads/status_reads.h"

namespace counterfoil {

/// What the HTTP interface needs of the worker and of the database. All functions may be called from any thread, return at once,
/// and call `done` once from any thread. The first six are WorkerHost's, with its contracts.
class ApiPort {
public:
    virtual ~ApiPort() = default;

    virtual void placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256,
                            std::function<void(ApiAnswer)> done) = 0;
    virtual void requestRefund(RefundCall call, std::function<void(ApiAnswer)> done) = 0;
    virtual void storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done) = 0;
    virtual void recordRefusal(QString reason, qint64 sizeBytes, QString peer) = 0;
    virtual void findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done) = 0;
    virtual WorkerStatistics statistics() const = 0;

    /// See orderByReference().
    virtual void findOrder(QString reference, std::function<void(Result<OrderDetail>)> done) = 0;
    /// See systemStatus().
    virtual void readStatus(std::function<void(Result<SystemStatus>)> done) = 0;
};

} // namespace counterfoil
