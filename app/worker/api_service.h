// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_limits.h"
#include "app/common/http_message.h"
#include "models/base/clock.h"

#include <functional>
#include <memory>
#include <vector>

namespace counterfoil {

class ApiPort;

struct ApiOptions {
    /// Signing secrets of the gateway's callbacks; several while one is being replaced.
    std::vector<QByteArray> callbackSecrets;
    /// For /metrics; may be empty.
    std::function<HttpStatistics()> httpStatistics;
};

/// The HTTP interface of the worker: callbacks of the gateway, order intake, health, metrics. What it serves is described by
/// resources/docs/openapi.json, which it serves too. Port and clock outlive it and every answer of the port.
class ApiService {
public:
    ApiService(ApiPort& port, const Clock& clock, ApiOptions options);
    ~ApiService();

    /// Answers a request; never blocks. From any thread.
    void handle(HttpRequest request, HttpRespond respond);

    /// handle() for HttpServer; stays valid after this is gone.
    HttpHandler handler();

private:
    class Routes;
    std::shared_ptr<Routes> m_routes;
};

} // namespace counterfoil
