// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/gateway_thread.h"

namespace counterfoil {

GatewayThread::GatewayThread()
{
    m_thread.setObjectName(QStringLiteral("gateway"));
    m_there.moveToThread(&m_thread);
    m_thread.start();
}

GatewayThread::~GatewayThread()
{
    QMetaObject::invokeMethod(&m_there, [this] { m_gateway.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

Result<std::unique_ptr<GatewayThread>> GatewayThread::start(StripeOptions options, const Clock& clock)
{
    std::unique_ptr<GatewayThread> started(new GatewayThread);
    Result<void> outcome;
    const auto make = [&] {
        auto made = StripeGateway::create(std::move(options), clock);
        if (made) {
            started->m_gateway = std::move(*made);
        } else {
            outcome = passOn(made);
        }
    };
    QMetaObject::invokeMethod(&started->m_there, make, Qt::BlockingQueuedConnection);
    CF_TRY(outcome);
    return started;
}

void GatewayThread::send(const GatewayRequest& request, Gateway::Done done)
{
    ++m_onTheirWay;
    QMetaObject::invokeMethod(
        &m_there,
        [this, request, done = std::move(done)]() mutable {
            if (m_gateway) {
                m_gateway->send(request, std::move(done));
            }
            --m_onTheirWay;
        },
        Qt::QueuedConnection);
}

int GatewayThread::sendable() const
{
    return std::max(0, m_gateway->sendable() - m_onTheirWay);
}

} // namespace counterfoil
