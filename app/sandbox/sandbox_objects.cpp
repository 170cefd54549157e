// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_objects.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr std::array cards{
    SandboxCard{"pm_card_visa", "visa", "4242", "", "", false},
    SandboxCard{"pm_card_mastercard", "mastercard", "4444", "", "", false},
    SandboxCard{"pm_card_amex", "amex", "8431", "", "", false},
    SandboxCard{"pm_card_chargeDeclined", "visa", "0002", "card_declined", "generic_decline", false},
    SandboxCard{"pm_card_visa_chargeDeclined", "visa", "0002", "card_declined", "generic_decline", false},
    SandboxCard{"pm_card_chargeDeclinedInsufficientFunds", "visa", "9995", "card_declined", "insufficient_funds", false},
    SandboxCard{"pm_card_visa_chargeDeclinedInsufficientFunds", "visa", "9995", "card_declined", "insufficient_funds", false},
    SandboxCard{"pm_card_chargeDeclinedLostCard", "visa", "9987", "card_declined", "lost_card", false},
    SandboxCard{"pm_card_chargeDeclinedExpiredCard", "visa", "0069", "expired_card", "expired_card", false},
    SandboxCard{"pm_card_chargeDeclinedProcessingError", "visa", "0119", "processing_error", "processing_error", false},
    SandboxCard{"pm_card_threeDSecure2Required", "visa", "3220", "", "", true},
    SandboxCard{"pm_card_authenticationRequired", "visa", "3184", "", "", true},
};

QJsonValue textOrNull(const QString& text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonObject cardDetails(const QString& method)
{
    const SandboxCard* card = findCard(method);
    if (card == nullptr) {
        return {};
    }
    return QJsonObject{{"type", "card"},
                       {"card", QJsonObject{{"brand", card->brand},
                                            {"last4", card->last4},
                                            {"exp_month", 12},
                                            {"exp_year", 2040},
                                            {"funding", "credit"},
                                            {"country", "US"},
                                            {"network", card->brand}}}};
}

QJsonValue nextAction(const SandboxIntent& intent)
{
    if (intent.status != QLatin1StringView("requires_action")) {
        return QJsonValue::Null;
    }
    const QString url = QStringLiteral("https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=") + intent.id;
    if (intent.returnUrl.isEmpty()) {
        return QJsonObject{{"type", "use_stripe_sdk"},
                           {"use_stripe_sdk", QJsonObject{{"type", "three_d_secure_redirect"}, {"stripe_js", url}}}};
    }
    return QJsonObject{{"type", "redirect_to_url"},
                       {"redirect_to_url", QJsonObject{{"url", url}, {"return_url", intent.returnUrl}}}};
}

} // namespace

const SandboxCard* findCard(const QString& method)
{
    const auto found = std::ranges::find_if(cards, [&](const SandboxCard& card) { return method == QLatin1StringView(card.method); });
    return found == cards.end() ? nullptr : &*found;
}

QJsonObject toJson(const SandboxIntent& intent)
{
    const auto null = QJsonValue(QJsonValue::Null);
    return QJsonObject{
        {"id", intent.id},
        {"object", "payment_intent"},
        {"amount", intent.amountMinor},
        {"amount_capturable", intent.capturableMinor},
        {"amount_details", QJsonObject{{"tip", QJsonObject{}}}},
        {"amount_received", intent.receivedMinor},
        {"application", null},
        {"automatic_payment_methods", null},
        {"canceled_at", intent.canceledAt == 0 ? null : QJsonValue(intent.canceledAt)},
        {"cancellation_reason", textOrNull(intent.cancellationReason)},
        {"capture_method", intent.captureMethod},
        {"client_secret", intent.id + QStringLiteral("_secret_sandbox")},
        {"confirmation_method", "automatic"},
        {"created", intent.created},
        {"currency", intent.currency},
        {"customer", null},
        {"description", textOrNull(intent.description)},
        {"last_payment_error", intent.lastError.isEmpty() ? null : QJsonValue(intent.lastError)},
        {"latest_charge", textOrNull(intent.latestCharge)},
        {"livemode", false},
        {"metadata", intent.metadata},
        {"next_action", nextAction(intent)},
        {"payment_method", textOrNull(intent.method)},
        {"payment_method_options", QJsonObject{}},
        {"payment_method_types", QJsonArray{"card"}},
        {"processing", null},
        {"receipt_email", null},
        {"setup_future_usage", null},
        {"shipping", null},
        {"statement_descriptor", null},
        {"status", intent.status},
        {"transfer_data", null},
        {"transfer_group", null},
    };
}

QJsonObject toJson(const SandboxCharge& charge)
{
    const bool isPaid = charge.failureCode.isEmpty();
    QJsonObject outcome{{"network_status", isPaid ? "approved_by_network" : "declined_by_network"},
                        {"reason", textOrNull(charge.declineCode)},
                        {"risk_level", "normal"},
                        {"seller_message", isPaid ? "Payment complete." : "The bank did not approve this payment."},
                        {"type", isPaid ? "authorized" : "issuer_declined"}};
    return QJsonObject{
        {"id", charge.id},
        {"object", "charge"},
        {"amount", charge.amountMinor},
        {"amount_captured", charge.capturedMinor},
        {"amount_refunded", charge.refundedMinor},
        {"balance_transaction", textOrNull(charge.balanceTransaction)},
        {"captured", charge.isCaptured},
        {"created", charge.created},
        {"currency", charge.currency},
        {"disputed", false},
        {"failure_code", textOrNull(charge.failureCode)},
        {"failure_message", textOrNull(charge.failureMessage)},
        {"livemode", false},
        {"metadata", charge.metadata},
        {"outcome", outcome},
        {"paid", isPaid},
        {"payment_intent", charge.intent},
        {"payment_method", textOrNull(charge.method)},
        {"payment_method_details", cardDetails(charge.method)},
        {"refunded", charge.isCaptured && charge.refundedMinor == charge.capturedMinor},
        {"status", isPaid ? "succeeded" : "failed"},
    };
}

QJsonObject toJson(const SandboxRefund& refund)
{
    return QJsonObject{
        {"id", refund.id},
        {"object", "refund"},
        {"amount", refund.amountMinor},
        {"balance_transaction", textOrNull(refund.balanceTransaction)},
        {"charge", refund.charge},
        {"created", refund.created},
        {"currency", refund.currency},
        {"metadata", refund.metadata},
        {"payment_intent", refund.intent},
        {"reason", textOrNull(refund.reason)},
        {"receipt_number", QJsonValue::Null},
        {"status", "succeeded"},
    };
}

QJsonObject toJson(const SandboxPayout& payout)
{
    return QJsonObject{
        {"id", payout.id},
        {"object", "payout"},
        {"amount", payout.amountMinor},
        {"arrival_date", payout.created},
        {"automatic", false},
        {"balance_transaction", textOrNull(payout.balanceTransaction)},
        {"created", payout.created},
        {"currency", payout.currency},
        {"description", textOrNull(payout.description)},
        {"livemode", false},
        {"metadata", payout.metadata},
        {"method", "standard"},
        {"source_type", "card"},
        {"status", payout.status},
        {"type", "bank_account"},
    };
}

QJsonObject toJson(const SandboxBalanceTransaction& transaction)
{
    return QJsonObject{
        {"id", transaction.id},
        {"object", "balance_transaction"},
        {"amount", transaction.amountMinor},
        {"available_on", transaction.created},
        {"created", transaction.created},
        {"currency", transaction.currency},
        {"exchange_rate", QJsonValue::Null},
        {"fee", transaction.feeMinor},
        {"net", transaction.amountMinor - transaction.feeMinor},
        {"reporting_category", transaction.type},
        {"source", transaction.source},
        {"status", "available"},
        {"type", transaction.type},
    };
}

QJsonObject toJson(const SandboxEvent& event)
{
    return QJsonDocument::fromJson(qUncompress(event.compressed)).object();
}

QJsonObject toJson(const SandboxEndpoint& endpoint)
{
    return QJsonObject{
        {"id", endpoint.id},
        {"object", "webhook_endpoint"},
        {"api_version", QJsonValue::Null},
        {"application", QJsonValue::Null},
        {"created", endpoint.created},
        {"description", textOrNull(endpoint.description)},
        {"enabled_events", QJsonArray::fromStringList(endpoint.enabledEvents)},
        {"livemode", false},
        {"metadata", endpoint.metadata},
        {"status", endpoint.isEnabled ? "enabled" : "disabled"},
        {"url", endpoint.url},
    };
}

} // namespace counterfoil
