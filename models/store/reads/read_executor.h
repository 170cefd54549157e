// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <QPromise>
#include <QThread>

#include <atomic>
#include <functional>
#include <type_traits>

namespace counterfoil {

/// Runs reads on a database thread with a connection and a change feed of its own, first come, first served. Made and used on one
/// thread (the GUI's). Its signals arrive there.
class ReadExecutor : public QObject {
    Q_OBJECT

public:
    /// Nothing is opened yet: the first read does it, and the change feed when the thread runs.
    explicit ReadExecutor(DatabaseUrl url, QObject* parent = nullptr);
    /// Asks the read that is under way to stop (QThread::isInterruptionRequested) and waits for it; those behind it are cancelled.
    ~ReadExecutor() override;

    const DatabaseUrl& url() const { return m_url; }

    /// Runs `work(Connection&) -> Result<T>` on the database thread. A connection that was lost is opened again for the next read.
    /// A read still waiting when the executor goes is cancelled. Errors besides those of the work: of openCurrent().
    template<class Work>
    auto run(Work work) -> QFuture<std::invoke_result_t<Work, Connection&>>
    {
        using Answer = std::invoke_result_t<Work, Connection&>;
        auto promise = std::make_shared<QPromise<Answer>>();
        QFuture<Answer> future = promise->future();
        promise->start();
        post([promise, work = std::move(work)](const Result<Connection*>& connection) -> ErrorCode {
            if (promise->isCanceled()) {
                promise->finish();
                return ErrorCode::Cancelled;
            }
            Answer answer = connection ? work(**connection) : Answer(passOn(connection));
            const ErrorCode code = answer ? ErrorCode::Cancelled : answer.error().code;
            promise->addResult(std::move(answer));
            promise->finish();
            return code;
        });
        return future;
    }

    /// As run(), and then calls `then(Result<T>)` in the context's thread, unless the context is gone by then.
    template<class Work, class Then>
    void read(QObject* context, Work work, Then then)
    {
        using Answer = std::invoke_result_t<Work, Connection&>;
        auto* const watcher = new QFutureWatcher<Answer>(context);
        connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)] {
            watcher->deleteLater();
            if (watcher->future().resultCount() > 0) {
                then(watcher->result());
            }
        });
        watcher->setFuture(run(std::move(work)));
    }

Q_SIGNALS:
    /// See ChangeFeed.
    void changed();
    void connectionLost(const QString& reason);
    void connectionRestored();

private:
    class Worker;
    /// Returns the error's code, or Cancelled for none, so that the worker knows whether its connection is still good.
    using Task = std::function<ErrorCode(const Result<Connection*>&)>;
    void post(Task task);

    DatabaseUrl m_url;
    QThread m_thread;
    Worker* m_worker;
    std::atomic<bool> m_stopping = false;
};

} // namespace counterfoil
