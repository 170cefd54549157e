// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_server.h"

#include "app/common/http_core.h"

namespace counterfoil {

HttpServer::HttpServer(HttpLimits limits, Handler handler)
    : m_core(std::make_shared<HttpCore>(std::move(limits), std::move(handler)))
{
}

HttpServer::~HttpServer()
{
    stop();
}

Result<quint16> HttpServer::start(const QString& address, quint16 port)
{
    require(!m_thread.joinable(), "an HTTP server starts once");
    CF_ASSIGN(const quint16 bound, m_core->listen(address, port));
    m_thread = std::thread([core = m_core] { core->run(); });
    return bound;
}

void HttpServer::stop()
{
    if (m_thread.joinable()) {
        require(m_thread.get_id() != std::this_thread::get_id(), "an HTTP server isn't stopped by its own handler");
        m_core->stop();
        m_thread.join();
    }
}

HttpStatistics HttpServer::statistics() const
{
    return m_core->statistics();
}

} // namespace counterfoil
