// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/intent_json.h"

#include "models/base/json.h"
#include "workflows/gateway/stripe_amount.h"

#include <algorithm>
#include <array>

namespace counterfoil {

namespace {

constexpr int idLengthMax = 255;
constexpr int metadataLengthMax = 500;
constexpr int hintLengthMax = 64;

Result<QString> idOf(const JsonReader& reader, const char* field)
{
    CF_ASSIGN(const QString id, reader.text(field, idLengthMax));
    if (!isGatewayId(id)) {
        return fail(ErrorCode::InvalidId, QStringLiteral("%1 is not a gateway id").arg(reader.pathOf(field)));
    }
    return id;
}

Result<void> checkKind(const JsonReader& reader, const char* expected)
{
    CF_ASSIGN(const QString kind, reader.text("object"));
    if (kind != QLatin1String(expected)) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("a %1 is expected, not a '%2'").arg(QLatin1String(expected), kind));
    }
    return {};
}

Result<Currency> currencyOf(const JsonReader& reader)
{
    CF_ASSIGN(const QString code, reader.text("currency", 3));
    return Currency::parse(code);
}

Result<Money> amountOf(const JsonReader& reader, const char* field, Currency currency)
{
    CF_ASSIGN(const qint64 amount, reader.integer(field));
    return fromStripeAmount(amount, currency);
}

Result<QString> transactionOf(const JsonReader& reader)
{
    if (!reader.has("metadata")) {
        return QString();
    }
    CF_ASSIGN(const QJsonObject metadata, reader.object("metadata"));
    return JsonReader(metadata, reader.pathOf("metadata")).optionalText("transaction", metadataLengthMax);
}

/// The object at a path of fields; empty where anything on the way is missing or of another type.
QJsonObject inside(QJsonObject object, std::initializer_list<const char*> path)
{
    for (const char* field : path) {
        object = object.value(QLatin1String(field)).toObject();
    }
    return object;
}

QString hint(const QJsonObject& object, const char* field)
{
    return JsonReader(object).optionalText(field, hintLengthMax).value_or(QString());
}

void readCard(const QJsonObject& object, IntentSnapshot& intent)
{
    QJsonObject card = inside(object, {"latest_charge", "payment_method_details", "card"});
    if (card.isEmpty()) {
        card = inside(object, {"last_payment_error", "payment_method", "card"});
    }
    intent.cardBrand = hint(card, "brand");
    const QString last4 = hint(card, "last4");
    const bool digits = std::ranges::all_of(last4, [](QChar c) { return c >= u'0' && c <= u'9'; });
    intent.cardLast4 = last4.size() == 4 && digits ? last4 : QString();
}

} // namespace

bool isGatewayId(QStringView text)
{
    return !text.isEmpty() && text.size() <= idLengthMax && std::ranges::all_of(text, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
    });
}

Result<IntentSnapshot> parseIntent(const QJsonObject& object)
{
    const JsonReader reader(object);
    CF_TRY(checkKind(reader, "payment_intent"));
    IntentSnapshot intent;
    CF_ASSIGN(intent.id, idOf(reader, "id"));
    CF_ASSIGN(const QString status, reader.text("status"));
    CF_ASSIGN(intent.status, parseEnum<IntentStatus>(status));
    CF_ASSIGN(const Currency currency, currencyOf(reader));
    CF_ASSIGN(intent.amount, amountOf(reader, "amount", currency));
    CF_ASSIGN(intent.amountReceived, amountOf(reader, "amount_received", currency));
    CF_ASSIGN(intent.amountCapturable, amountOf(reader, "amount_capturable", currency));
    CF_ASSIGN(intent.transactionRef, transactionOf(reader));
    const QJsonObject lastError = inside(object, {"last_payment_error"});
    intent.declineCode = hint(lastError, "decline_code");
    if (intent.declineCode.isEmpty()) {
        intent.declineCode = hint(lastError, "code");
    }
    readCard(object, intent);
    return intent;
}

Result<RefundSnapshot> parseRefund(const QJsonObject& object)
{
    static constexpr std::array statuses{"pending", "requires_action", "succeeded", "failed", "canceled"};
    const JsonReader reader(object);
    CF_TRY(checkKind(reader, "refund"));
    RefundSnapshot refund;
    CF_ASSIGN(refund.id, idOf(reader, "id"));
    if (object.value(QLatin1String("payment_intent")).isObject()) {
        CF_ASSIGN(refund.intentId, idOf(JsonReader(inside(object, {"payment_intent"}), QStringLiteral("payment_intent")), "id"));
    } else {
        CF_ASSIGN(refund.intentId, idOf(reader, "payment_intent"));
    }
    CF_ASSIGN(refund.status, reader.text("status"));
    if (std::ranges::none_of(statuses, [&](const char* known) { return refund.status == QLatin1String(known); })) {
        return fail(ErrorCode::UnknownValue, QStringLiteral("'%1' is not a known status of a refund").arg(refund.status.left(32)));
    }
    CF_ASSIGN(const Currency currency, currencyOf(reader));
    CF_ASSIGN(refund.amount, amountOf(reader, "amount", currency));
    CF_ASSIGN(refund.transactionRef, transactionOf(reader));
    return refund;
}

} // namespace counterfoil
