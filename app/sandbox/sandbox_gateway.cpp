// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_gateway.h"

#include "app/common/http_server.h"
#include "app/sandbox/sandbox_core.h"

namespace counterfoil {

namespace {

// Every client is on the same machine or a trusted one, and may keep as many connections open as it likes.
HttpLimits sandboxLimits()
{
    HttpLimits limits;
    limits.connectionsPerAddressMax = limits.connectionsMax;
    limits.requestsPerConnectionMax = 1'000'000;
    limits.idleDeadlineMs = 60'000;
    return limits;
}

} // namespace

class SandboxGateway::Impl {
public:
    explicit Impl(SandboxOptions options)
        : m_address(options.listenAddress), m_port(options.port), m_core(std::move(options)),
          m_server(sandboxLimits(),
                   [this](HttpRequest request, const HttpRespond& respond) { m_core.handle(std::move(request), respond); })
    {
    }

    Result<QUrl> start()
    {
        CF_TRY(m_core.open());
        CF_ASSIGN(const quint16 port, m_server.start(m_address, m_port));
        m_core.start();
        QUrl url;
        url.setScheme(QStringLiteral("http"));
        url.setHost(m_address);
        url.setPort(port);
        return url;
    }

    void stop()
    {
        m_server.stop();
        m_core.stop();
    }

    SandboxCore& core() { return m_core; }

private:
    const QString m_address;
    const quint16 m_port;
    SandboxCore m_core;
    HttpServer m_server;
};

SandboxGateway::SandboxGateway(SandboxOptions options) : m_impl(std::make_unique<Impl>(std::move(options))) {}

SandboxGateway::~SandboxGateway()
{
    stop();
}

Result<QUrl> SandboxGateway::start()
{
    return m_impl->start();
}

void SandboxGateway::stop()
{
    m_impl->stop();
}

QJsonObject SandboxGateway::stats() const
{
    return m_impl->core().stats();
}

void SandboxGateway::setScenario(FaultScenario scenario)
{
    m_impl->core().setScenario(std::move(scenario));
}

} // namespace counterfoil
