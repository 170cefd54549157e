// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/stripe_answer.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/gateway/intent_json.h"
#include "workflows/gateway/redaction.h"

#include <QJsonArray>
#include <QLocale>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr JsonLimits answerLimits{.maxBytes = 16 * 1024 * 1024, .maxDepth = 64};

bool isRefundOperation(GatewayOperation operation)
{
    return operation == GatewayOperation::CreateRefund || operation == GatewayOperation::FetchRefund || operation == GatewayOperation::FindRefund;
}

void setUnknown(GatewayAnswer& answer, const QString& code)
{
    answer.outcome = GatewayOutcome::Unknown;
    answer.errorCode = code;
    answer.intent.reset();
    answer.refund.reset();
}

void setUnreadable(GatewayAnswer& answer, const Error& why)
{
    setUnknown(answer, QStringLiteral("unreadable_answer"));
    answer.answerText += QStringLiteral("\n[unreadable: %1]").arg(redact(visibleText(why.text(), 512)));
}

bool isOurIntent(const GatewayRequest& request, const IntentSnapshot& intent)
{
    if (request.operation != GatewayOperation::CreateIntent) {
        return intent.id == request.objectId;
    }
    return intent.transactionRef == request.transactionRef;
}

bool isOurRefund(const GatewayRequest& request, const RefundSnapshot& refund)
{
    return (request.operation == GatewayOperation::CreateRefund ? refund.intentId : refund.id) == request.objectId;
}

Result<void> readObject(const GatewayRequest& request, const QByteArray& body, GatewayAnswer& answer)
{
    CF_ASSIGN(const QJsonObject root, parseJsonObject(body, answerLimits));
    if (isRefundOperation(request.operation)) {
        CF_ASSIGN(answer.refund, parseRefund(root));
    } else {
        CF_ASSIGN(answer.intent, parseIntent(root));
    }
    return {};
}

void readSuccess(const GatewayRequest& request, const QByteArray& body, GatewayAnswer& answer)
{
    answer.outcome = GatewayOutcome::Succeeded;
    if (isListOperation(request.operation)) {
        return;
    }
    if (const auto read = readObject(request, body, answer); !read) {
        setUnreadable(answer, read.error());
        return;
    }
    const bool ours = (!answer.intent || isOurIntent(request, *answer.intent)) && (!answer.refund || isOurRefund(request, *answer.refund));
    if (!ours) {
        setUnknown(answer, QStringLiteral("other_object"));
    }
}

Result<void> readError(const QByteArray& body, GatewayAnswer& answer)
{
    CF_ASSIGN(const QJsonObject root, parseJsonObject(body, answerLimits));
    CF_ASSIGN(const QJsonObject error, JsonReader(root).object("error"));
    const JsonReader reader(error, QStringLiteral("error"));
    CF_ASSIGN(answer.errorType, reader.text("type"));
    CF_ASSIGN(answer.errorCode, reader.optionalText("code"));
    CF_ASSIGN(answer.declineCode, reader.optionalText("decline_code"));
    if (reader.has("payment_intent")) {
        CF_ASSIGN(const QJsonObject object, reader.object("payment_intent"));
        CF_ASSIGN(answer.intent, parseIntent(object));
    }
    return {};
}

void readClientError(const GatewayRequest& request, const QByteArray& body, GatewayAnswer& answer)
{
    // The answer of a proxy or a firewall is no refusal by the gateway: without Stripe's error object nothing is definite.
    if (const auto read = readError(body, answer); !read) {
        setUnreadable(answer, read.error());
        return;
    }
    answer.outcome = GatewayOutcome::Refused;
    if (answer.httpStatus == 401 || answer.httpStatus == 403) {
        answer.errorCode = QStringLiteral("authentication");
    } else if (answer.errorType == QLatin1String("idempotency_error")) {
        answer.errorCode = QStringLiteral("idempotency_error");
    }
    const bool namesIntent = !isRefundOperation(request.operation) && request.operation != GatewayOperation::FindIntent;
    if (answer.intent && namesIntent && !isOurIntent(request, *answer.intent)) {
        setUnknown(answer, QStringLiteral("other_object"));
    }
}

/// For outcomes that the status alone decides; the body only adds words where it has them.
void readErrorWords(const QByteArray& body, GatewayAnswer& answer)
{
    GatewayAnswer words;
    if (readError(body, words)) {
        answer.errorType = words.errorType;
    }
}

} // namespace

GatewayAnswer readStripeAnswer(const GatewayRequest& request, const HttpResult& result, UtcTime now)
{
    GatewayAnswer answer;
    answer.httpStatus = result.status;
    answer.elapsed = result.elapsed;
    answer.retryAfter = parseRetryAfter(result.retryAfter, now);
    answer.answerText = answerText(result);
    if (result.status >= 300 && result.status < 400) {
        // Before failures: for 307 and 308 the library complains that the body can't be sent again.
        setUnknown(answer, QStringLiteral("redirect"));
    } else if (!result.failure.isEmpty()) {
        setUnknown(answer, result.failure);
        answer.outcome = result.neverSent ? GatewayOutcome::NotSent : GatewayOutcome::Unknown;
    } else if (result.status >= 200 && result.status < 300) {
        readSuccess(request, result.body, answer);
    } else if (result.status == 409) {
        setUnknown(answer, QStringLiteral("in_progress"));
        readErrorWords(result.body, answer);
    } else if (result.status == 429) {
        answer.outcome = GatewayOutcome::NotSent;
        answer.errorCode = QStringLiteral("rate_limited");
        readErrorWords(result.body, answer);
    } else if (result.status >= 400 && result.status < 500) {
        readClientError(request, result.body, answer);
    } else {
        setUnknown(answer, result.status >= 500 ? QStringLiteral("server_error") : QStringLiteral("unreadable_answer"));
        readErrorWords(result.body, answer);
    }
    return answer;
}

bool isListOperation(GatewayOperation operation)
{
    return operation == GatewayOperation::FindIntent || operation == GatewayOperation::FindRefund;
}

Result<FoundPage> readFoundPage(const GatewayRequest& request, const QByteArray& body)
{
    CF_ASSIGN(const QJsonObject root, parseJsonObject(body, answerLimits));
    const JsonReader reader(root);
    CF_ASSIGN(const QJsonArray data, reader.array("data"));
    FoundPage page;
    if (!reader.has("has_more")) {
        return fail(ErrorCode::MissingField, QStringLiteral("has_more is missing"));
    }
    CF_ASSIGN(page.hasMore, reader.boolean("has_more", false));
    for (const QJsonValue& value : data) {
        const QJsonObject object = value.toObject();
        CF_ASSIGN(page.lastId, JsonReader(object, QStringLiteral("data")).text("id"));
        if (object.value(QLatin1String("metadata")).toObject().value(QLatin1String("transaction")).toString() != request.transactionRef) {
            continue;
        }
        if (request.operation == GatewayOperation::FindRefund) {
            CF_ASSIGN(RefundSnapshot refund, parseRefund(object));
            page.refund = std::move(refund);
            continue;
        }
        CF_ASSIGN(IntentSnapshot intent, parseIntent(object));
        if (!page.intent || page.intent->status == IntentStatus::Canceled) {
            page.intent = std::move(intent);
        }
    }
    if (page.hasMore && (data.isEmpty() || !isGatewayId(page.lastId))) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the list has more, but nothing to go on from"));
    }
    return page;
}

Duration parseRetryAfter(QByteArrayView value, UtcTime now)
{
    constexpr qint64 secondsMax = 24 * 3600;
    const QByteArray text = value.toByteArray().trimmed();
    if (text.isEmpty()) {
        return {};
    }
    bool isNumber = false;
    const qint64 seconds = text.toLongLong(&isNumber);
    if (isNumber) {
        return Duration::seconds(std::clamp<qint64>(seconds, 0, secondsMax));
    }
    QDateTime moment = QLocale::c().toDateTime(QString::fromLatin1(text), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    if (!moment.isValid()) {
        return {};
    }
    moment.setTimeSpec(Qt::UTC);
    return Duration::seconds(std::clamp<qint64>(moment.toSecsSinceEpoch() - now.seconds(), 0, secondsMax));
}

QString answerText(const HttpResult& result)
{
    QString out;
    if (!result.failure.isEmpty()) {
        out += result.failure + QStringLiteral(": ") + redact(visibleText(result.failureDetail, 512)) + u'\n';
    }
    if (result.status != 0) {
        out += QStringLiteral("HTTP %1\n").arg(result.status);
    }
    if (!result.requestId.isEmpty()) {
        out += QStringLiteral("Request-Id: ") + redact(visibleText(QString::fromLatin1(result.requestId))) + u'\n';
    }
    if (!result.retryAfter.isEmpty()) {
        out += QStringLiteral("Retry-After: ") + redact(visibleText(QString::fromLatin1(result.retryAfter))) + u'\n';
    }
    if (!result.body.isEmpty()) {
        out += u'\n' + redactedBody(result.body);
    }
    return out;
}

} // namespace counterfoil
