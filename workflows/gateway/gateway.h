// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/gateway.h"

#include <functional>
#include <optional>

namespace counterfoil {

/// What is known of one attempt after it ended. Unknown (time-out, 5xx, connection lost, unreadable answer) is asked, never
/// assumed; NotSent means that no byte of the request left this machine.
enum class GatewayOutcome { Succeeded = 0, Refused = 1, NotSent = 2, Unknown = 3 };
CF_ENUM_NAMES(GatewayOutcome, {GatewayOutcome::Succeeded, "succeeded"}, {GatewayOutcome::Refused, "refused"},
              {GatewayOutcome::NotSent, "not_sent"}, {GatewayOutcome::Unknown, "unknown"});

/// The states of a payment object at the gateway (Stripe's PaymentIntent, whose words these are).
enum class IntentStatus { RequiresPaymentMethod = 0, RequiresConfirmation = 1, RequiresAction = 2, Processing = 3, RequiresCapture = 4, Succeeded = 5, Canceled = 6 };
CF_ENUM_NAMES(IntentStatus, {IntentStatus::RequiresPaymentMethod, "requires_payment_method"}, {IntentStatus::RequiresConfirmation, "requires_confirmation"},
              {IntentStatus::RequiresAction, "requires_action"}, {IntentStatus::Processing, "processing"},
              {IntentStatus::RequiresCapture, "requires_capture"}, {IntentStatus::Succeeded, "succeeded"}, {IntentStatus::Canceled, "canceled"});

/// A payment object as the gateway reported it.
struct IntentSnapshot {
    QString id;
    IntentStatus status = IntentStatus::RequiresPaymentMethod;
    Money amount;
    Money amountReceived;
    Money amountCapturable;
    /// metadata[transaction]: our transaction's id as text; how an object is recognised without its id.
    QString transactionRef;
    QString declineCode;
    QString cardBrand;
    QString cardLast4;

    bool isFinal() const { return status == IntentStatus::Succeeded || status == IntentStatus::Canceled; }
};

/// A refund as the gateway reported it. `status`: pending, requires_action, succeeded, failed or canceled; one that succeeded may fail
/// later, when the money comes back.
struct RefundSnapshot {
    QString id;
    QString intentId;
    QString status;
    Money amount;
    /// metadata[transaction]: our transaction's id as text.
    QString transactionRef;
};

/// One call. Which fields matter depends on the operation; `amount` always carries the currency.
struct GatewayRequest {
    ExchangeId exchange;
    GatewayOperation operation = GatewayOperation::CreateIntent;
    /// Sent with the five writing operations; the same on every attempt of one intention.
    QString idempotencyKey;
    /// The gateway's object (pi_…, or re_… for FetchRefund); empty for CreateIntent and FindIntent. FindRefund: list this payment's refunds
    /// and match transactionRef.
    QString objectId;
    Money amount;
    QString paymentMethod;
    bool manualCapture = false;
    QString orderRef;
    QString transactionRef;
    /// FindIntent: list intents created from here on and match transactionRef.
    UtcTime createdSince;
};

struct GatewayAnswer {
    GatewayOutcome outcome = GatewayOutcome::Unknown;
    int httpStatus = 0;
    /// With Succeeded; also with Refused when the error carried the object. FindIntent that found nothing: Succeeded without intent;
    /// FindRefund likewise without refund.
    std::optional<IntentSnapshot> intent;
    std::optional<RefundSnapshot> refund;
    /// Stripe's error.type / error.code / error.decline_code, or our word for a transport failure (`timeout`, `connection_lost`, …).
    QString errorType;
    QString errorCode;
    QString declineCode;
    /// The request and answer as sent and received, redacted, for the exchange's record.
    QString requestText;
    QString answerText;
    UtcTime sentAt;
    Duration elapsed;
    /// From Retry-After; zero if none.
    Duration retryAfter;
};

/// A payment gateway. Asynchronous: `done` is called exactly once, later, on the thread that called send. Implementations never
/// repeat a request on their own.
class Gateway {
public:
    virtual ~Gateway() = default;
    using Done = std::function<void(GatewayAnswer)>;
    virtual void send(const GatewayRequest& request, Done done) = 0;
};

} // namespace counterfoil
