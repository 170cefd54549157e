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

/// Runs work on a database thread with a connection of its own, first come, first served. Made and used on one thread (the GUI's).
class DatabaseExecutor : public QObject {
    Q_OBJECT

public:
    /// Nothing is opened yet: the first piece of work does it.
    DatabaseExecutor(DatabaseUrl url, ConnectionRole role, QObject* parent = nullptr);
    /// Asks the work that is under way to stop (QThread::isInterruptionRequested) and waits for it; what is behind it is cancelled.
    ~DatabaseExecutor() override;

    const DatabaseUrl& url() const { return m_url; }

    /// Runs `work(Connection&) -> Result<T>` on the database thread. A connection that was lost is opened again for what comes next.
    /// Work still waiting when the executor goes is cancelled. Errors besides those of the work: of openCurrent().
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
    void call(QObject* context, Work work, Then then)
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

    /// What comes next opens another connection.
    void forgetConnection();

protected:
    /// Lives on the database thread.
    class Worker;
    QThread& thread() { return m_thread; }
    QObject* onThread() const;
    /// Forgets the connection, so that the next piece of work opens another. On the database thread.
    void dropConnection();

private:
    /// Returns the error's code, or Cancelled for none, so that the worker knows whether its connection is still good.
    using Task = std::function<ErrorCode(const Result<Connection*>&)>;
    void post(Task task);

    DatabaseUrl m_url;
    QThread m_thread;
    std::atomic<bool> m_stopping = false;
    Worker* m_worker;
};

} // namespace counterfoil
