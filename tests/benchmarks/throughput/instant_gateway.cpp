// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/instant_gateway.h"

namespace counterfoil {

namespace {

/// About as long as the real one without the fields that are null.
const QString objectText = QStringLiteral(
    R"({"id":"%1","object":"payment_intent","amount":%2,"amount_capturable":0,"amount_received":%3,"capture_method":"automatic",)"
    R"("confirmation_method":"automatic","currency":"%4","latest_charge":"ch_%1","livemode":false,"metadata":{"transaction":"%5"},)"
    R"("payment_method":"pm_card_visa","payment_method_types":["card"],"status":"%6"})");
const QString requestText = QStringLiteral("POST /v1/payment_intents%1\nIdempotency-Key: %2\n\namount=%3&currency=%4&metadata[transaction]=%5&payment_method=pm_card_visa");
const QString callbackText = QStringLiteral(
    R"({"id":"evt_%1","object":"event","api_version":"2024-04-10","created":%2,"data":{"object":%3},"livemode":false,"pending_webhooks":1,)"
    R"("request":{"id":"req_%1"},"type":"payment_intent.succeeded"})");

} // namespace

GatewayAnswer InstantGateway::answer(const GatewayRequest& request)
{
    const bool confirms = request.operation == GatewayOperation::ConfirmIntent;
    require(confirms || request.operation == GatewayOperation::CreateIntent, "nothing else is asked of a gateway that never fails");
    IntentSnapshot intent;
    intent.id = confirms ? request.objectId : QStringLiteral("pi_%1").arg(request.exchange.value());
    intent.status = confirms ? IntentStatus::Succeeded : IntentStatus::RequiresConfirmation;
    intent.amount = request.amount;
    intent.amountReceived = confirms ? request.amount : Money::zero(request.amount.currency());
    intent.amountCapturable = Money::zero(request.amount.currency());
    intent.transactionRef = request.transactionRef;
    if (confirms) {
        intent.cardBrand = QStringLiteral("visa");
        intent.cardLast4 = QStringLiteral("4242");
    }
    const QString amount = QString::number(request.amount.minor());
    const QString currency = request.amount.currency().lowerCode();
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::Succeeded;
    answer.httpStatus = 200;
    answer.requestText = requestText.arg(confirms ? QStringLiteral("/%1/confirm").arg(intent.id) : QString(), request.idempotencyKey, amount, currency, request.transactionRef);
    answer.answerText = objectText.arg(intent.id, amount, confirms ? amount : QStringLiteral("0"), currency, request.transactionRef, toString(intent.status));
    answer.sentAt = m_clock.now();
    answer.elapsed = Duration(1);
    if (confirms) {
        m_callbacks.push_back(callbackText.arg(intent.id.mid(3), QString::number(m_clock.now().seconds()), answer.answerText).toUtf8());
    }
    answer.intent = std::move(intent);
    return answer;
}

} // namespace counterfoil
