// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <array>

namespace counterfoil {

/// What a client of HttpServer may cost. The defaults are those of the design, chapter 30, "The listener".
struct HttpLimits {
    int headerBytesMax = 8 * 1024;           ///< request line and headers; more is 431
    int headersMax = 100;                    ///< more is 431
    qint64 bodyBytesMax = 256 * 1024;        ///< decoded body; more is 413
    qint64 bodyBytesTotalMax = 4 * 1024 * 1024; ///< all bodies being received; beyond it the largest is cut off
    int connectionsMax = 8192;               ///< beyond it the oldest in header phase is cut off
    int connectionsPerAddressMax = 64;       ///< per IPv4 address or IPv6 /64
    int requestsPerConnectionMax = 1000;     ///< the last answer says `Connection: close`
    int requestDeadlineMs = 10'000;          ///< from a request's first byte to its last
    int idleDeadlineMs = 10'000;             ///< waiting for a request's first byte
    int writeDeadlineMs = 10'000;            ///< for a client to take an answer
    int answerDeadlineMs = 60'000;           ///< for the handler to answer
    QStringList trustedProxies;              ///< addresses or networks (10.0.0.0/8) exempt from the limit per address
};

/// Why a connection or request was turned away.
enum class HttpRefusal {
    BadRequest = 0,
    HeaderTooLarge = 1,
    BodyTooLarge = 2,
    ExpectationUnknown = 3,
    DeadlinePassed = 4,
    TooManyConnections = 5,
    TooManyFromAddress = 6,
    BodiesTooLarge = 7,
};
inline constexpr int httpRefusalCount = 8;

/// The stable name, in lower snake case, for metrics.
constexpr const char* toString(HttpRefusal refusal)
{
    constexpr std::array<const char*, httpRefusalCount> names{
        "bad_request",     "header_too_large",     "body_too_large",        "expectation_unknown",
        "deadline_passed", "too_many_connections", "too_many_from_address", "bodies_too_large"};
    return names.at(static_cast<size_t>(refusal));
}

/// Counts since the start; `active` is now.
struct HttpStatistics {
    quint64 accepted = 0;
    quint64 active = 0;
    quint64 requests = 0;
    std::array<quint64, httpRefusalCount> refused{};

    quint64 refusedFor(HttpRefusal refusal) const { return refused.at(static_cast<size_t>(refusal)); }
};

} // namespace counterfoil
