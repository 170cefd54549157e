// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/gateway.h"

#include <QByteArray>

#include <optional>
#include <span>

namespace counterfoil {

/// How far a callback's timestamp may be from our clock, before or after (docs.stripe.com/webhooks; the future is refused too).
inline constexpr Duration callbackTolerance = Duration::seconds(300);

/// Verifies a `Stripe-Signature` header over the raw bytes of a body: `t=<unix>,v1=<hex>[,v1=…]`, where v1 is HMAC-SHA256
/// with the whole secret as key over `<t>.<body>`. Any good v1 under any of the secrets passes; other schemes are ignored.
/// To be called before anything of the body is parsed. Comparison takes the same time for every wrong signature.
/// Errors: MalformedInput (missing header, no or repeated timestamp, no v1…), SignatureInvalid, SignatureStale (the
/// signature is good, but the time is outside the tolerance).
Result<void> verifyCallback(QByteArrayView header, QByteArrayView body, std::span<const QByteArray> secrets, UtcTime now,
                            Duration tolerance = callbackTolerance);

/// The header that verifyCallback accepts: for the sandbox and for tests.
QByteArray signCallback(QByteArrayView secret, QByteArrayView body, UtcTime time);

/// What a verified callback tells. Everything in it is a hint (30-gateway).
struct CallbackEvent {
    /// The key for dropping duplicates.
    QString eventId;
    QString type;
    UtcTime created;
    /// `payment_intent`, `refund`, `charge`…
    QString objectKind;
    QString objectId;
    /// For payment intents whose amounts and status could be read; without it the object has to be fetched.
    std::optional<IntentSnapshot> intent;
    /// For refunds (`refund.*`, `charge.refund.updated`), likewise.
    std::optional<RefundSnapshot> refund;
    bool livemode = false;
};

/// Reads the body of a callback; only after verifyCallback. Errors: those of strict JSON, MissingField, MalformedInput, InvalidId.
Result<CallbackEvent> parseCallback(QByteArrayView body);

} // namespace counterfoil
