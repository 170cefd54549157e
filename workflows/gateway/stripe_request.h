// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/form_encoding.h"
#include "workflows/gateway/gateway.h"

namespace counterfoil {

/// The API version that answers are read by; sent with every call. The first in which an intent names its latest_charge, and
/// the last in which confirming a card payment needs no return address.
inline constexpr const char* stripeVersion = "2022-11-15";

/// Lists: objects per page, the most that the API gives.
inline constexpr int stripePageSize = 100;

/// One call of Stripe's API: what is sent, without address and key.
struct StripeCall {
    bool isPost = false;
    QString path;
    /// The body of a POST (never empty), the query of a GET.
    FormFields fields;
    QString idempotencyKey;

    /// Method, path, headers that tell something, fields one per line; redacted.
    QString text() const;
};

/// Errors (nothing may be sent): MissingField, InvalidId, InvalidAmount, AmountOverflow, TooLarge.
Result<StripeCall> makeStripeCall(const GatewayRequest& request);

} // namespace counterfoil
