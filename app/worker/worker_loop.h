// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/engine_parts.h"
#include "app/worker/audit_rounds.h"
#include "app/worker/watch_rounds.h"
#include "app/worker/worker_host.h"
#include "models/store/administration.h"
#include "models/store/writer_lock.h"
#include "workflows/gateway/gateway_thread.h"
#include "workflows/operators/command_runner.h"
#include "workflows/services/callback_intake.h"
#include "workflows/services/order_placement.h"
#include "workflows/services/refund_request.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <deque>
#include <map>
#include <mutex>

namespace counterfoil {

/// What lives on the worker's thread: the writing connection and the job runner. An event loop drives rounds of pump(); see there for
/// their order.
class WorkerLoop : public QObject {
    Q_OBJECT

public:
    explicit WorkerLoop(WorkerOptions options);
    ~WorkerLoop() override;

    /// On the worker's thread. Errors: see WorkerHost::start().
    Result<void> open();
    /// On the worker's thread: no more claims; `stopped` is emitted when nothing is under way or the grace is over.
    void finish(Duration grace);

    using Task = std::function<void(WorkerLoop&)>;
    /// From any thread: runs before jobs.
    void postUrgent(Task task);
    /// From any thread: runs after what is urgent, between batches of jobs.
    void post(Task task);
    /// From any thread: stored together with others that wait.
    void postCallback(VerifiedCallback callback, std::function<void(Result<bool>)> done);
    WorkerStatistics statistics() const;

    // On the worker's thread, inside a task.
    Connection& connection() { return *m_session->connection; }
    OrderPlacement& placement() { return *m_session->placement; }
    RefundService& refunds() { return *m_session->refunds; }
    const OrderEngine& engine() { return m_parts->engine(); }
    IdSource& ids() { return *m_ids; }
    const Clock& clock() const { return m_clock; }
    bool isReady() const { return m_session != nullptr; }
    bool isIdle(UtcTime horizon);
    void count(qint64 WorkerStatistics::*counter, qint64 by = 1);

Q_SIGNALS:
    void stopped();

private:
    struct PendingCallback {
        VerifiedCallback callback;
        std::function<void(Result<bool>)> done;
    };
    /// All that hangs on one connection; made anew when the database was gone.
    struct Session {
        std::unique_ptr<Connection> connection;
        std::unique_ptr<OrderPlacement> placement;
        std::unique_ptr<RefundService> refunds;
        std::unique_ptr<JobRunner> runner;
        std::unique_ptr<CommandRunner> commands;
    };

    Result<void> checkEnvironment();
    Result<void> openSession();
    void wake();
    void pump();
    // What pump() does in turn; true if there may be more of it.
    bool runTasks();
    /// While the database is away: whoever asked is told at once.
    void refuseWaiting(const Error& error);
    /// True if anything was stored.
    bool storeCallbackBatch();
    void takeAnswers();
    bool applyAnswers();
    bool runJobs();
    void runCommands();
    void send(const RemoteCall& call);
    void renewLeases();
    Heartbeat heartbeat() const;
    void sendHeartbeat();
    void handleOutage(const Error& error);
    void sleepUntilDue();
    void end();

    const WorkerOptions m_options;
    SystemClock m_clock;
    int m_node = 0;
    std::unique_ptr<IdSource> m_ids;
    std::unique_ptr<WriterLock> m_lock;
    std::unique_ptr<EngineParts> m_parts;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<AuditRounds> m_audit;
    std::unique_ptr<WatchRounds> m_watch;
    QTimer m_dueTimer;
    QTimer m_commandTimer;
    QTimer m_leaseTimer;
    QTimer m_heartbeatTimer;
    QTimer m_graceTimer;
    UtcTime m_startedAt;
    UtcTime m_renewedAt;
    /// Something of this round could not be written.
    bool m_inTrouble = false;
    bool m_finishing = false;
    bool m_isEnded = false;
    std::map<JobId, RemoteCall> m_underWay;
    std::vector<RemoteAnswer> m_answers;
    std::atomic<bool> m_wakeQueued{false};

    mutable std::mutex m_mutex;
    std::deque<Task> m_urgent;
    std::deque<Task> m_tasks;
    std::vector<PendingCallback> m_callbacks;
    /// What the gateway's thread has put down.
    std::vector<RemoteAnswer> m_arrived;
    WorkerStatistics m_statistics;
    /// Last, so that nobody puts an answer down any more when the rest goes.
    std::unique_ptr<GatewayThread> m_gateway;
};

} // namespace counterfoil
