// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/worker_api_port.h"

#include "app/common/order_document.h"
#include "models/store/reads/read_executor.h"

namespace counterfoil {

WorkerApiPort::WorkerApiPort(WorkerHost& host, const DatabaseUrl& database) : m_host(host)
{
    m_thread.setObjectName(QStringLiteral("api"));
    m_context.moveToThread(&m_thread);
    m_thread.start();
    // An executor answers on the thread that made it: this one, so that neither a window's nor the main thread has to run for it.
    QMetaObject::invokeMethod(&m_context, [this, database] { m_executor = new ReadExecutor(database); }, Qt::BlockingQueuedConnection);
}

WorkerApiPort::~WorkerApiPort()
{
    QMetaObject::invokeMethod(&m_context, [this] { delete m_executor; }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

template<class Work, class Done>
void WorkerApiPort::read(Work work, Done done)
{
    QMetaObject::invokeMethod(
        &m_context, [this, work = std::move(work), done = std::move(done)] { m_executor->read(&m_context, work, done); }, Qt::QueuedConnection);
}

void WorkerApiPort::placeOrder(NewOrder order, QString actor, QString idempotencyKey, QString requestSha256,
                               std::function<void(ApiAnswer)> done)
{
    m_host.placeOrder(std::move(order), std::move(actor), std::move(idempotencyKey), std::move(requestSha256), std::move(done));
}

void WorkerApiPort::requestRefund(RefundCall call, std::function<void(ApiAnswer)> done)
{
    m_host.requestRefund(std::move(call), std::move(done));
}

void WorkerApiPort::storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done)
{
    m_host.storeCallback(std::move(event), std::move(body), std::move(done));
}

void WorkerApiPort::recordRefusal(QString reason, qint64 sizeBytes, QString peer)
{
    m_host.recordRefusal(std::move(reason), sizeBytes, std::move(peer));
}

void WorkerApiPort::findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done)
{
    m_host.findToken(std::move(tokenSha256), std::move(scope), std::move(done));
}

WorkerStatistics WorkerApiPort::statistics() const
{
    return m_host.statistics();
}

void WorkerApiPort::findOrder(QString reference, std::function<void(Result<OrderDetail>)> done)
{
    read([reference = std::move(reference)](Connection& connection) { return orderByReference(connection, reference); }, std::move(done));
}

void WorkerApiPort::readStatus(std::function<void(Result<SystemStatus>)> done)
{
    read([](Connection& connection) { return systemStatus(connection, SystemClock().now()); }, std::move(done));
}

} // namespace counterfoil
