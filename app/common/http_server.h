// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_limits.h"
#include "app/common/http_message.h"
#include "models/base/error.h"

#include <memory>
#include <thread>

namespace counterfoil {

class HttpCore;

/// An HTTP/1.1 server for hostile networks, in a thread of its own (design, chapter 30, "The listener"). Made, started
/// and stopped by one thread; not started again after stop().
class HttpServer {
public:
    using Respond = HttpRespond;
    using Handler = HttpHandler;

    HttpServer(HttpLimits limits, Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Listens on a literal address; port 0 takes any free one. Gives the port. The process's soft limit of open files is
    /// raised towards `connectionsMax`. Errors: AddressInUse, ConfigurationInvalid (a bad address, a bad trusted proxy, no
    /// permission).
    Result<quint16> start(const QString& address, quint16 port);

    /// Stops accepting, lets running answers finish for up to 2 s, and joins the thread. Not from the handler.
    void stop();

    /// From any thread.
    HttpStatistics statistics() const;

private:
    std::shared_ptr<HttpCore> m_core;
    std::thread m_thread;
};

} // namespace counterfoil
