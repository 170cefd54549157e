// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_intents.h"

namespace counterfoil {

namespace {

constexpr qint64 amountMinorMax = 99'999'999;
constexpr QLatin1StringView authenticationFailure("payment_intent_authentication_failure");

// The least that can be charged, https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts; elsewhere 50.
qint64 amountMinorMin(const QString& currency)
{
    static const QHash<QString, qint64> least{{"gbp", 30},  {"dkk", 250},  {"sek", 300},    {"nok", 300},
                                              {"czk", 1500}, {"pln", 200}, {"huf", 17'500}, {"mxn", 1000}};
    return least.value(currency, 50);
}

QString messageOf(const QString& code, const QString& declineCode)
{
    static const QHash<QString, QString> messages{
        {"insufficient_funds", "Your card has insufficient funds."},
        {"lost_card", "Your card was declined."},
        {"expired_card", "Your card has expired."},
        {"processing_error", "An error occurred while processing your card. Try again in a little bit."},
        {"authentication_required", "Your card was declined. This transaction requires authentication."},
    };
    if (code == authenticationFailure) {
        return QStringLiteral("The provided PaymentMethod has failed authentication. You can provide payment_method_data or a "
                              "new PaymentMethod to attempt to fulfill this PaymentIntent again.");
    }
    return messages.value(declineCode, QStringLiteral("Your card was declined."));
}

QJsonObject methodJson(const QString& method)
{
    const SandboxCard* card = findCard(method);
    QJsonObject json{{"id", method}, {"object", "payment_method"}, {"type", "card"}};
    if (card != nullptr) {
        json.insert(QStringLiteral("card"), QJsonObject{{"brand", card->brand}, {"last4", card->last4}});
    }
    return json;
}

bool isOneOf(const QString& status, std::initializer_list<const char*> allowed)
{
    return std::ranges::any_of(allowed, [&](const char* name) { return status == QLatin1StringView(name); });
}

SandboxResult<void> checkAmount(qint64 amountMinor, const QString& currency)
{
    if (amountMinor > amountMinorMax) {
        return refuse("amount_too_large", QStringLiteral("Amount must be no more than 999,999.99"), QStringLiteral("amount"));
    }
    if (amountMinor < amountMinorMin(currency)) {
        return refuse("amount_too_small", QStringLiteral("Amount must be at least %1 in the smallest unit of %2")
                                              .arg(amountMinorMin(currency))
                                              .arg(currency),
                      QStringLiteral("amount"));
    }
    return {};
}

} // namespace

SandboxResult<SandboxIntent*> SandboxIntents::find(const SandboxCall& call)
{
    SandboxIntent* intent = m_state.intents.find(call.id);
    if (intent == nullptr) {
        return noSuch("payment_intent", call.id, QStringLiteral("intent"), 404);
    }
    return intent;
}

std::unexpected<SandboxError> SandboxIntents::unexpectedState(const SandboxIntent& intent, const char* verb) const
{
    auto result = refuse("payment_intent_unexpected_state",
                         QStringLiteral("You cannot %1 this PaymentIntent because it has a status of %2.")
                             .arg(QLatin1StringView(verb), intent.status));
    result.error().error.insert(QStringLiteral("payment_intent"), toJson(intent));
    result.error().isStored = true;
    return result;
}

SandboxResult<void> SandboxIntents::takeMethod(SandboxIntent& intent, const SandboxCall& call) const
{
    if (!call.params.has("payment_method")) {
        return {};
    }
    SANDBOX_ASSIGN(const QString method, call.params.requiredText("payment_method"));
    if (findCard(method) == nullptr) {
        return noSuch("PaymentMethod", method, QStringLiteral("payment_method"), 400);
    }
    intent.method = method;
    return {};
}

SandboxResult<QJsonObject> SandboxIntents::create(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"amount", "currency", "capture_method", "metadata", "payment_method", "confirm",
                                  "description", "payment_method_types", "automatic_payment_methods", "return_url",
                                  "off_session"}));
    SANDBOX_TRY(call.params.requiredText("amount"));
    SandboxIntent intent;
    SANDBOX_ASSIGN(const auto amountMinor, call.params.integer("amount", 1));
    intent.amountMinor = *amountMinor;
    SANDBOX_ASSIGN(intent.currency, call.params.currency());
    SANDBOX_TRY(checkAmount(intent.amountMinor, intent.currency));
    const QString automatic = QStringLiteral("automatic");
    SANDBOX_ASSIGN(intent.captureMethod,
                   call.params.oneOf("capture_method",
                                     {automatic, QStringLiteral("automatic_async"), QStringLiteral("manual")}, automatic));
    SANDBOX_ASSIGN(intent.metadata, call.params.metadata({}));
    SANDBOX_ASSIGN(intent.description, call.params.text("description", 1000));
    SANDBOX_ASSIGN(intent.returnUrl, call.params.text("return_url"));
    SANDBOX_TRY(takeMethod(intent, call));
    SANDBOX_ASSIGN(const bool confirms, call.params.flag("confirm"));
    if (confirms && intent.method.isEmpty()) {
        return refuse("parameter_missing",
                      QStringLiteral("You cannot confirm this PaymentIntent because it's missing a payment method."),
                      QStringLiteral("payment_method"));
    }
    intent.id = m_state.makeId("pi", m_state.originOf(call));
    intent.created = m_state.now();
    intent.status = intent.method.isEmpty() ? QStringLiteral("requires_payment_method") : QStringLiteral("requires_confirmation");
    SandboxIntent& added = m_state.intents.add(std::move(intent));
    m_state.emitEvent("payment_intent.created", toJson(added), call);
    return confirms ? attempt(added, call) : m_state.expanded(added, call);
}

SandboxResult<QJsonObject> SandboxIntents::retrieve(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"client_secret"}));
    SANDBOX_ASSIGN(const SandboxIntent* intent, find(call));
    return m_state.expanded(*intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::update(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"metadata", "description", "amount", "payment_method"}));
    SANDBOX_ASSIGN(SandboxIntent* intent, find(call));
    SandboxIntent changed = *intent;
    SANDBOX_ASSIGN(changed.metadata, call.params.metadata(intent->metadata));
    SANDBOX_ASSIGN(const auto amountMinor, call.params.integer("amount", 1));
    changed.amountMinor = amountMinor.value_or(intent->amountMinor);
    SANDBOX_TRY(checkAmount(changed.amountMinor, changed.currency));
    if (call.params.has("description")) {
        SANDBOX_ASSIGN(changed.description, call.params.text("description", 1000));
    }
    SANDBOX_TRY(takeMethod(changed, call));
    const bool isOpen = isOneOf(intent->status, {"requires_payment_method", "requires_confirmation", "requires_action"});
    if (!isOpen && (call.params.has("amount") || call.params.has("payment_method"))) {
        return unexpectedState(*intent, "update");
    }
    if (call.params.has("payment_method")) {
        changed.status = QStringLiteral("requires_confirmation");
    }
    *intent = std::move(changed);
    return m_state.expanded(*intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::confirm(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"payment_method", "return_url", "off_session"}));
    SANDBOX_ASSIGN(SandboxIntent* intent, find(call));
    if (!isOneOf(intent->status, {"requires_payment_method", "requires_confirmation", "requires_action"})) {
        return unexpectedState(*intent, "confirm");
    }
    SANDBOX_TRY(takeMethod(*intent, call));
    if (call.params.has("return_url")) {
        SANDBOX_ASSIGN(intent->returnUrl, call.params.text("return_url"));
    }
    if (intent->method.isEmpty()) {
        return unexpectedState(*intent, "confirm");
    }
    return attempt(*intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::attempt(SandboxIntent& intent, const SandboxCall& call)
{
    const SandboxCard* card = findCard(intent.method);
    ++intent.attempts;
    intent.lastError = {};
    const QByteArray subject = call.idempotencyKey.isEmpty() ? intent.id.toUtf8() + ' ' + QByteArray::number(intent.attempts)
                                                             : call.idempotencyKey;
    QString code = QLatin1StringView(card->code);
    QString declineCode = QLatin1StringView(card->declineCode);
    if (code.isEmpty()) {
        declineCode = m_state.faults.decline(call.operation, subject);
        code = declineCode.isEmpty() ? QString() : QStringLiteral("card_declined");
    }
    if (code.isEmpty() && (card->requiresAction || m_state.faults.requiresAction(call.operation, subject))) {
        intent.status = QStringLiteral("requires_action");
        m_state.emitEvent("payment_intent.requires_action", toJson(intent), call);
        return m_state.expanded(intent, call);
    }
    return authorise(intent, code, declineCode, call);
}

SandboxResult<QJsonObject> SandboxIntents::authorise(SandboxIntent& intent, const QString& code, const QString& declineCode,
                                                     const SandboxCall& call)
{
    SandboxCharge charge;
    charge.id = m_state.makeId("ch", intent.id.toUtf8());
    charge.intent = intent.id;
    charge.amountMinor = intent.amountMinor;
    charge.currency = intent.currency;
    charge.created = m_state.now();
    charge.method = intent.method;
    charge.metadata = intent.metadata;
    charge.failureCode = code;
    charge.declineCode = declineCode;
    intent.latestCharge = charge.id;
    SandboxCharge& added = m_state.charges.add(std::move(charge));
    if (!code.isEmpty()) {
        return decline(intent, added, call);
    }
    if (intent.captureMethod == QLatin1StringView("manual")) {
        intent.status = QStringLiteral("requires_capture");
        intent.capturableMinor = intent.amountMinor;
        m_state.emitEvent("charge.succeeded", toJson(added), call);
        m_state.emitEvent("payment_intent.amount_capturable_updated", toJson(intent), call);
    } else {
        settle(intent, added, intent.amountMinor, call);
    }
    return m_state.expanded(intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::decline(SandboxIntent& intent, SandboxCharge& charge, const SandboxCall& call)
{
    charge.failureMessage = messageOf(charge.failureCode, charge.declineCode);
    QJsonObject error{{"charge", charge.id},
                      {"code", charge.failureCode},
                      {"doc_url", QStringLiteral("https://stripe.com/docs/error-codes/") + QString(charge.failureCode).replace(u'_', u'-')},
                      {"message", charge.failureMessage},
                      {"payment_method", methodJson(intent.method)},
                      {"type", charge.failureCode == authenticationFailure ? "invalid_request_error" : "card_error"}};
    if (!charge.declineCode.isEmpty()) {
        error.insert(QStringLiteral("decline_code"), charge.declineCode);
    }
    intent.lastError = error;
    intent.method.clear();
    intent.status = QStringLiteral("requires_payment_method");
    m_state.emitEvent("charge.failed", toJson(charge), call);
    m_state.emitEvent("payment_intent.payment_failed", toJson(intent), call);
    error.insert(QStringLiteral("payment_intent"), toJson(intent));
    return std::unexpected(SandboxError{402, error, true});
}

void SandboxIntents::settle(SandboxIntent& intent, SandboxCharge& charge, qint64 amountMinor, const SandboxCall& call)
{
    const bool wasAuthorised = intent.capturableMinor > 0;
    charge.isCaptured = true;
    charge.capturedMinor = amountMinor;
    charge.balanceTransaction = m_state.addBalanceTransaction("charge", charge.id, amountMinor, charge.currency);
    intent.capturableMinor = 0;
    intent.receivedMinor = amountMinor;
    intent.status = QStringLiteral("succeeded");
    m_state.emitEvent(wasAuthorised ? "charge.captured" : "charge.succeeded", toJson(charge), call);
    m_state.emitEvent("payment_intent.succeeded", toJson(intent), call);
}

SandboxResult<QJsonObject> SandboxIntents::capture(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"amount_to_capture", "metadata"}));
    SANDBOX_ASSIGN(SandboxIntent* intent, find(call));
    SANDBOX_ASSIGN(const auto asked, call.params.integer("amount_to_capture", 1));
    SANDBOX_ASSIGN(const QJsonObject metadata, call.params.metadata(intent->metadata));
    if (intent->status != QLatin1StringView("requires_capture")) {
        return unexpectedState(*intent, "capture");
    }
    const qint64 amountMinor = asked.value_or(intent->capturableMinor);
    if (amountMinor > intent->capturableMinor) {
        auto result = refuse("amount_too_large",
                             QStringLiteral("The amount_to_capture of %1 is greater than the amount that can be captured, %2.")
                                 .arg(amountMinor)
                                 .arg(intent->capturableMinor),
                             QStringLiteral("amount_to_capture"));
        result.error().isStored = true;
        return result;
    }
    intent->metadata = metadata;
    settle(*intent, *m_state.charges.find(intent->latestCharge), amountMinor, call);
    return m_state.expanded(*intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::cancel(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"cancellation_reason"}));
    SANDBOX_ASSIGN(SandboxIntent* intent, find(call));
    SANDBOX_ASSIGN(const QString reason,
                   call.params.oneOf("cancellation_reason",
                                     {QStringLiteral("duplicate"), QStringLiteral("fraudulent"),
                                      QStringLiteral("requested_by_customer"), QStringLiteral("abandoned")},
                                     {}));
    if (!intent->status.startsWith(QStringLiteral("requires_"))) {
        return unexpectedState(*intent, "cancel");
    }
    intent->status = QStringLiteral("canceled");
    intent->capturableMinor = 0;
    intent->canceledAt = m_state.now();
    intent->cancellationReason = reason;
    m_state.emitEvent("payment_intent.canceled", toJson(*intent), call);
    return m_state.expanded(*intent, call);
}

SandboxResult<QJsonObject> SandboxIntents::completeAction(const SandboxCall& call, bool succeeds)
{
    SANDBOX_ASSIGN(SandboxIntent* intent, find(call));
    if (intent->status != QLatin1StringView("requires_action")) {
        return unexpectedState(*intent, "complete the action of");
    }
    const QString code = succeeds ? QString() : QString(authenticationFailure);
    const auto result = authorise(*intent, code, {}, call);
    // The customer's failure isn't the caller's: the control API shows the intent either way.
    return result || !succeeds ? toJson(*intent) : result;
}

} // namespace counterfoil
