// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/gateway.h"
#include "workflows/gateway/http_attempt.h"

namespace counterfoil {

/// What an HTTP result means for a request (30-gateway, "Rules"). Fills everything but requestText and sentAt. Lists'
/// answers are read by readFoundPage; here only its failures are told apart.
///
/// Succeeded: 2xx, whole and readable, about the object that was asked for. Refused: 4xx with Stripe's error object.
/// NotSent: no connection came about, or 429 (`rate_limited`: nothing was executed). Unknown: everything else, among it 409
/// (`in_progress`), 3xx (`redirect`), 5xx (`server_error`), and answers that can't be read (`unreadable_answer`) or are about
/// another object (`other_object`).
GatewayAnswer readStripeAnswer(const GatewayRequest& request, const HttpResult& result, UtcTime now);

/// FindIntent and FindRefund, which page through a list.
bool isListOperation(GatewayOperation operation);

/// One page of a list of intents or refunds.
struct FoundPage {
    /// The intent with our reference; of several one that is not cancelled.
    std::optional<IntentSnapshot> intent;
    /// The refund with our reference.
    std::optional<RefundSnapshot> refund;
    QString lastId;
    bool hasMore = false;
};

/// Errors: those of strict JSON, of parseIntent and parseRefund; strict only in the list itself and in the objects that carry our reference.
Result<FoundPage> readFoundPage(const GatewayRequest& request, const QByteArray& body);

/// How much of a list's answer is read: a page holds up to 100 intents of 2 to 10 kB.
inline constexpr qint64 listBytesFactor = 4;

/// `Retry-After`: seconds or an HTTP date, at most a day; zero if it can't be read.
Duration parseRetryAfter(QByteArrayView value, UtcTime now);

/// The status line or failure, and the body; redacted.
QString answerText(const HttpResult& result);

} // namespace counterfoil
