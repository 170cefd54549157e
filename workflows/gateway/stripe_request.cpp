// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/stripe_request.h"

#include "workflows/gateway/intent_json.h"
#include "workflows/gateway/redaction.h"
#include "workflows/gateway/stripe_amount.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int keyLengthMax = 255;
constexpr int metadataLengthMax = 500;

bool isPost(GatewayOperation operation)
{
    switch (operation) {
    case GatewayOperation::CreateIntent:
    case GatewayOperation::ConfirmIntent:
    case GatewayOperation::CaptureIntent:
    case GatewayOperation::CancelIntent:
    case GatewayOperation::CreateRefund:
        return true;
    case GatewayOperation::FetchIntent:
    case GatewayOperation::FetchRefund:
    case GatewayOperation::FindIntent:
    case GatewayOperation::FindRefund:
        return false;
    }
    assertionFailed("an unknown gateway operation");
}

bool needsObject(GatewayOperation operation)
{
    return operation != GatewayOperation::CreateIntent && operation != GatewayOperation::FindIntent;
}

Result<void> checkRequest(const GatewayRequest& request)
{
    if (needsObject(request.operation) && !isGatewayId(request.objectId)) {
        return fail(ErrorCode::InvalidId, QStringLiteral("objectId is not a gateway id"));
    }
    if (!request.paymentMethod.isEmpty() && !isGatewayId(request.paymentMethod)) {
        return fail(ErrorCode::InvalidId, QStringLiteral("paymentMethod is not a gateway id"));
    }
    if (request.orderRef.size() > metadataLengthMax || request.transactionRef.size() > metadataLengthMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("a reference has more than %1 characters").arg(metadataLengthMax));
    }
    if (!isPost(request.operation)) {
        return {};
    }
    if (request.idempotencyKey.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("idempotencyKey is empty"));
    }
    if (request.idempotencyKey.size() > keyLengthMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("idempotencyKey has more than %1 characters").arg(keyLengthMax));
    }
    // It stands in a header.
    if (!std::ranges::all_of(request.idempotencyKey, [](QChar c) { return c > u' ' && c.unicode() < 127; })) {
        return fail(ErrorCode::InvalidText, QStringLiteral("idempotencyKey holds something else than printable ASCII"));
    }
    return {};
}

Result<void> addAmount(StripeCall& call, const QString& name, const Money& money)
{
    CF_ASSIGN(const qint64 amount, toStripeAmount(money));
    if (amount == 0) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("the amount is zero"));
    }
    call.fields.add(name, amount);
    return {};
}

void addReferences(StripeCall& call, const GatewayRequest& request)
{
    // An empty value would mean "remove this key".
    if (!request.orderRef.isEmpty()) {
        call.fields.addNested(QStringLiteral("metadata"), QStringLiteral("order"), request.orderRef);
    }
    if (!request.transactionRef.isEmpty()) {
        call.fields.addNested(QStringLiteral("metadata"), QStringLiteral("transaction"), request.transactionRef);
    }
}

void expandCharge(StripeCall& call)
{
    call.fields.addElement(QStringLiteral("expand"), QStringLiteral("latest_charge"));
}

Result<void> fillCreateIntent(StripeCall& call, const GatewayRequest& request)
{
    if (request.transactionRef.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("transactionRef is empty: the intent could never be found again"));
    }
    CF_TRY(addAmount(call, QStringLiteral("amount"), request.amount));
    call.fields.add(QStringLiteral("currency"), request.amount.currency().lowerCode());
    call.fields.add(QStringLiteral("capture_method"), request.manualCapture ? QStringLiteral("manual") : QStringLiteral("automatic"));
    if (!request.paymentMethod.isEmpty()) {
        call.fields.add(QStringLiteral("payment_method"), request.paymentMethod);
    }
    addReferences(call, request);
    return {};
}

Result<void> fillFindIntent(StripeCall& call, const GatewayRequest& request)
{
    if (request.transactionRef.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("transactionRef is empty"));
    }
    call.fields.addNested(QStringLiteral("created"), QStringLiteral("gte"), QString::number(request.createdSince.seconds()));
    call.fields.add(QStringLiteral("limit"), qint64{stripePageSize});
    return {};
}

Result<void> fillFindRefund(StripeCall& call, const GatewayRequest& request)
{
    if (request.transactionRef.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("transactionRef is empty"));
    }
    call.fields.add(QStringLiteral("payment_intent"), request.objectId);
    call.fields.add(QStringLiteral("limit"), qint64{stripePageSize});
    return {};
}

Result<void> fill(StripeCall& call, const GatewayRequest& request)
{
    const QString intents = QStringLiteral("/v1/payment_intents");
    const QString refunds = QStringLiteral("/v1/refunds");
    switch (request.operation) {
    case GatewayOperation::CreateIntent:
        call.path = intents;
        return fillCreateIntent(call, request);
    case GatewayOperation::ConfirmIntent:
        call.path = intents + u'/' + request.objectId + QStringLiteral("/confirm");
        if (!request.paymentMethod.isEmpty()) {
            call.fields.add(QStringLiteral("payment_method"), request.paymentMethod);
        }
        expandCharge(call);
        return {};
    case GatewayOperation::CaptureIntent:
        call.path = intents + u'/' + request.objectId + QStringLiteral("/capture");
        CF_TRY(addAmount(call, QStringLiteral("amount_to_capture"), request.amount));
        expandCharge(call);
        return {};
    case GatewayOperation::CancelIntent:
        call.path = intents + u'/' + request.objectId + QStringLiteral("/cancel");
        expandCharge(call);
        return {};
    case GatewayOperation::CreateRefund:
        call.path = refunds;
        call.fields.add(QStringLiteral("payment_intent"), request.objectId);
        CF_TRY(addAmount(call, QStringLiteral("amount"), request.amount));
        addReferences(call, request);
        return {};
    case GatewayOperation::FetchIntent:
        call.path = intents + u'/' + request.objectId;
        expandCharge(call);
        return {};
    case GatewayOperation::FetchRefund:
        call.path = refunds + u'/' + request.objectId;
        return {};
    case GatewayOperation::FindIntent:
        call.path = intents;
        return fillFindIntent(call, request);
    case GatewayOperation::FindRefund:
        call.path = refunds;
        return fillFindRefund(call, request);
    }
    assertionFailed("an unknown gateway operation");
}

} // namespace

QString StripeCall::text() const
{
    QString out = (isPost ? QStringLiteral("POST ") : QStringLiteral("GET ")) + path + QStringLiteral("\nStripe-Version: ") + QLatin1String(stripeVersion) + u'\n';
    if (!idempotencyKey.isEmpty()) {
        out += QStringLiteral("Idempotency-Key: ") + idempotencyKey + u'\n';
    }
    return redact(out + u'\n' + fields.readable());
}

Result<StripeCall> makeStripeCall(const GatewayRequest& request)
{
    CF_TRY(checkRequest(request));
    StripeCall call;
    call.isPost = isPost(request.operation);
    if (call.isPost) {
        call.idempotencyKey = request.idempotencyKey;
    }
    CF_TRY(fill(call, request));
    require(!call.isPost || !call.fields.isEmpty(), "a POST without a body could be sent twice");
    return call;
}

} // namespace counterfoil
