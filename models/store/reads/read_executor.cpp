// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/read_executor.h"

#include "models/store/migrator.h"
#include "models/store/reads/change_feed.h"

namespace counterfoil {

/// Lives on the database thread, and with it the connection and the feed.
class ReadExecutor::Worker : public QObject {
public:
    Worker(DatabaseUrl url, const std::atomic<bool>& stopping) : m_url(std::move(url)), m_stopping(stopping), m_feed(m_url, this)
    {
        // An open SQLite file can still be read when its name is gone: nobody else writes there any more.
        connect(&m_feed, &ChangeFeed::connectionLost, this, [this] { m_connection.reset(); });
    }

    ChangeFeed& feed() { return m_feed; }

    void run(const Task& task)
    {
        if (m_stopping) {
            return; // the promise, destroyed with the task, cancels itself
        }
        if (!m_connection) {
            auto opened = openCurrent(m_url, ConnectionRole::Reader, SystemClock());
            if (!opened) {
                task(passOn(opened));
                return;
            }
            m_connection = std::move(*opened);
        }
        const ErrorCode code = task(m_connection.get());
        if (code == ErrorCode::DatabaseUnavailable || code == ErrorCode::Internal) {
            // Internal too: a statement prepared before the loss is refused by the server as unknown.
            m_connection.reset();
        }
    }

private:
    DatabaseUrl m_url;
    const std::atomic<bool>& m_stopping;
    std::unique_ptr<Connection> m_connection;
    ChangeFeed m_feed;
};

ReadExecutor::ReadExecutor(DatabaseUrl url, QObject* parent) : QObject(parent), m_url(std::move(url)), m_worker(new Worker(m_url, m_stopping))
{
    m_thread.setObjectName(QStringLiteral("reads"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(&m_thread, &QThread::started, &m_worker->feed(), &ChangeFeed::start);
    connect(&m_worker->feed(), &ChangeFeed::changed, this, &ReadExecutor::changed);
    connect(&m_worker->feed(), &ChangeFeed::connectionLost, this, &ReadExecutor::connectionLost);
    connect(&m_worker->feed(), &ChangeFeed::connectionRestored, this, &ReadExecutor::connectionRestored);
    m_thread.start();
}

ReadExecutor::~ReadExecutor()
{
    m_stopping = true;
    m_thread.requestInterruption();
    m_thread.quit();
    m_thread.wait();
}

void ReadExecutor::post(Task task)
{
    Worker* const worker = m_worker;
    QMetaObject::invokeMethod(worker, [worker, task = std::move(task)] { worker->run(task); }, Qt::QueuedConnection);
}

} // namespace counterfoil
