// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"
#include "models/domain/refund.h"
#include "models/store/database_url.h"
#include "workflows/engine/job_runner.h"
#include "workflows/gateway/callback_verifier.h"

#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

namespace counterfoil {

class OrderPlacement;

struct WorkerOptions {
    DatabaseUrl database;
    /// Names this worker in leases and the heartbeat; unique among those that run.
    QString name = QStringLiteral("worker");
    /// The part of every id that tells workers apart, 0 to 1023. None: one that no living worker of the database has.
    std::optional<int> node;
    QUrl gatewayUrl;
    QByteArray gatewayKey;
    int requestsInFlight = 16;
    /// See PaymentProcess::Options.
    Duration storedErrorPatience = Duration::minutes(10);
    /// Merchants' shares become available this long after the payment.
    Duration settlementDelay = Duration::days(7);
    BasisPoints defaultCommission{500};
    /// Where the gateway can reach our listener; shown in the heartbeat.
    QString callbackUrl;
    /// A job that has failed for this long has a case.
    Duration escalateAfter = Duration::minutes(15);
    /// Between two looks for orders that nothing will ever move (WatchRounds).
    Duration watchInterval = Duration::minutes(1);
    /// A file that the head of the audit chain is added to every minute; empty: none.
    QString auditAnchor;
};

/// What a call of the HTTP interface is answered with.
struct ApiAnswer {
    int status = 200;
    QJsonObject body;
};

/// A refund as the HTTP interface asks for it.
struct RefundCall {
    /// An order's id or number.
    QString order;
    RefundRequest wanted;
    QString reason;
    QString actor;
    QString idempotencyKey;
};

/// How the worker is doing, for /metrics and summaries. A snapshot.
struct WorkerStatistics {
    RunnerStatistics runner;
    qint64 ordersPlaced = 0;
    qint64 ordersRefused = 0;
    qint64 callbacksStored = 0;
    qint64 callbacksDuplicate = 0;
    qint64 callbacksRefused = 0;
    qint64 requestsInFlight = 0;
    qint64 requestsByOutcome[4] = {0, 0, 0, 0};
    qint64 commitsFailed = 0;
    UtcTime lastRound;
    bool databaseReachable = true;
};

/// The worker: one thread with the one writing connection, the job runner and the gateway client. Everything that writes goes through its
/// queue: callbacks and intake first, then jobs. All functions may be called from any thread; `done` is called on the worker's thread.
class WorkerHost {
public:
    explicit WorkerHost(WorkerOptions options);
    ~WorkerHost();

    /// Opens the database, takes the writer's lock (SQLite: one worker per file) and starts the thread.
    /// Errors: DatabaseInUse, DatabaseTooOld, DatabaseTooNew, DurabilityTooWeak, WorkflowInvalid, ConfigurationInvalid (also a gateway
    /// key for tests on a live database, or the other way round), FileNotWritable (the anchors'), the database's.
    Result<void> start();

    /// Stops claiming, waits up to `grace` for requests under way and applies their answers, then ends the thread.
    void stop(Duration grace = Duration::seconds(5));

    /// Places one order under an idempotency key (20-engine, "Idempotency towards us"): 201 with the order, the stored answer for a
    /// repetition, 409 in_progress, 422 for another body under the key or a refusal of checkout, 503 if the database can't be written.
    void placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256, std::function<void(ApiAnswer)> done);

    /// Begins a refund of an order under an idempotency key, answered as placeOrder() is; 404 if there is no such order.
    void requestRefund(RefundCall call, std::function<void(ApiAnswer)> done);

    /// Stores a verified callback and its job; false: it was there before. `body` is valid UTF-8.
    void storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done);

    /// Remembers that a callback was refused: only why, how large, and from where.
    void recordRefusal(QString reason, qint64 sizeBytes, QString peer);

    /// The token with this SHA-256: its label, or none if it is unknown, revoked or of another scope.
    void findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done);

    /// Runs work on the worker's thread with its writing connection, after what is urgent. For imports in the same process.
    void runOnWriter(std::function<void(Connection&, OrderPlacement&)> work);

    WorkerStatistics statistics() const;

    /// True when nothing is under way and no job is due before `horizon`.
    bool isIdle(UtcTime horizon) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace counterfoil
