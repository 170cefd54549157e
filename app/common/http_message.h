// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>
#include <utility>
#include <vector>

namespace counterfoil {

using HttpHeaders = std::vector<std::pair<QByteArray, QByteArray>>;

/// One request as it came in. Nothing in it is decoded: `path` and `query` (without `?`) are as sent and printable
/// ASCII, `body` holds the raw bytes (after removal of chunked coding).
struct HttpRequest {
    std::string method;
    QString path;
    QString query;
    QByteArray body;
    HttpHeaders headers;
    QString peer; ///< the address the connection comes from, without port

    /// The first header of that name in any case, or empty.
    QByteArray header(QByteArrayView name) const;
};

/// One answer. Content-Length, Date and Connection are added by the server; a header whose name or value holds a
/// control character is left out.
struct HttpResponse {
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
    HttpHeaders headers;
    bool cutConnection = false; ///< close without answering (the sandbox's faults)
};

/// Answers one request: from any thread, once (more are ignored), harmless after the client or the server is gone.
using HttpRespond = std::function<void(HttpResponse)>;
/// Called on the server's thread; must not block.
using HttpHandler = std::function<void(HttpRequest, HttpRespond)>;

} // namespace counterfoil
