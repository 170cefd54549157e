// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_limits.h"
#include "app/common/http_message.h"

#include <expected>
#include <string_view>

namespace counterfoil {

/// What the head of a request says.
struct HttpHead {
    std::string method;
    std::string target;
    HttpHeaders headers;
    /// The header line that says how the body is framed, or empty: all of the head that Beast's parser needs to see.
    std::string framing;
    bool keepsAlive = true;
    bool expectsContinue = false;
};

/// True if a line ends in anything but CR LF, or a CR or NUL stands elsewhere, in a piece of a head that follows the byte
/// `before`. A CR as the last byte is still open.
bool hasStrayControl(std::string_view bytes, char before);

/// Checks the head of a request (through its empty line) more strictly than Beast does, since what two parsers read
/// differently is how requests are smuggled (RFC 9112, 5 and 6.3): folded headers, bad names, repeated or non-digit
/// Content-Length, Content-Length beside Transfer-Encoding, any Transfer-Encoding but chunked, a missing or repeated Host.
std::expected<HttpHead, HttpRefusal> parseHead(std::string_view head, const HttpLimits& limits);

/// The bytes of an answer's head and body.
QByteArray serialise(const HttpResponse& response, bool headOnly, bool keepAlive);

} // namespace counterfoil
