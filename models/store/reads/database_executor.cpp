// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/database_executor.h"

#include "models/store/migrator.h"

namespace counterfoil {

/// The connection lives with it.
class DatabaseExecutor::Worker : public QObject {
public:
    Worker(DatabaseUrl url, ConnectionRole role, const std::atomic<bool>& stopping) : m_url(std::move(url)), m_role(role), m_stopping(stopping) {}

    void run(const Task& task)
    {
        if (m_stopping) {
            return; // the promise, destroyed with the task, cancels itself
        }
        if (!m_connection) {
            auto opened = openCurrent(m_url, m_role, SystemClock());
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

    void drop() { m_connection.reset(); }

private:
    DatabaseUrl m_url;
    const ConnectionRole m_role;
    const std::atomic<bool>& m_stopping;
    std::unique_ptr<Connection> m_connection;
};

DatabaseExecutor::DatabaseExecutor(DatabaseUrl url, ConnectionRole role, QObject* parent) : QObject(parent), m_url(std::move(url)), m_worker(new Worker(m_url, role, m_stopping))
{
    m_thread.setObjectName(role == ConnectionRole::Reader ? QStringLiteral("reads") : QStringLiteral("desk"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

DatabaseExecutor::~DatabaseExecutor()
{
    m_stopping = true;
    m_thread.requestInterruption();
    m_thread.quit();
    m_thread.wait();
}

QObject* DatabaseExecutor::onThread() const
{
    return m_worker;
}

void DatabaseExecutor::dropConnection()
{
    m_worker->drop();
}

void DatabaseExecutor::forgetConnection()
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker] { worker->drop(); }, Qt::QueuedConnection);
}

void DatabaseExecutor::post(Task task)
{
    Worker* const worker = m_worker;
    QMetaObject::invokeMethod(worker, [worker, task = std::move(task)] { worker->run(task); }, Qt::QueuedConnection);
}

} // namespace counterfoil
