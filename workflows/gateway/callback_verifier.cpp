// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/callback_verifier.h"

#include "models/base/json.h"
#include "models/base/planted_bug.h"
#include "workflows/gateway/intent_json.h"

#include <QMessageAuthenticationCode>

#include <vector>

namespace counterfoil {

namespace {

constexpr qsizetype headerBytesMax = 4096;
constexpr qsizetype timestampDigitsMax = 12;
constexpr qsizetype digestBytes = 32;

struct SignatureHeader {
    QByteArray timestampText;
    qint64 timestamp = 0;
    std::vector<QByteArray> digests;
    bool hasV1 = false;
};

QByteArray digestOf(QByteArrayView secret, QByteArrayView timestamp, QByteArrayView body)
{
    QMessageAuthenticationCode code(QCryptographicHash::Sha256, secret.toByteArray());
    code.addData(timestamp.toByteArray());
    code.addData(QByteArrayLiteral("."));
    code.addData(body.data(), body.size());
    return code.result();
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Empty unless the text is exactly one digest in hex (QByteArray::fromHex skips what it doesn't understand).
QByteArray decodedDigest(QByteArrayView hex)
{
    if (hex.size() != digestBytes * 2) {
        return {};
    }
    QByteArray bytes;
    bytes.reserve(digestBytes);
    for (qsizetype i = 0; i < hex.size(); i += 2) {
        const int high = hexDigit(hex[i]);
        const int low = hexDigit(hex[i + 1]);
        if (high < 0 || low < 0) {
            return {};
        }
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

Result<qint64> decodedTimestamp(QByteArrayView text)
{
    if (text.isEmpty() || text.size() > timestampDigitsMax) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header's timestamp has %1 characters").arg(text.size()));
    }
    qint64 value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header's timestamp is not a number"));
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

Result<SignatureHeader> parseHeader(QByteArrayView header)
{
    if (header.isEmpty()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header is missing"));
    }
    if (header.size() > headerBytesMax) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header has %1 bytes").arg(header.size()));
    }
    SignatureHeader parsed;
    const QList<QByteArray> items = header.toByteArray().split(',');
    for (const QByteArray& raw : items) {
        const QByteArray item = raw.trimmed();
        if (item.startsWith("t=")) {
            if (!parsed.timestampText.isEmpty()) {
                return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header's timestamp is repeated"));
            }
            parsed.timestampText = item.mid(2);
            CF_ASSIGN(parsed.timestamp, decodedTimestamp(parsed.timestampText));
        } else if (item.startsWith("v1=")) {
            parsed.hasV1 = true;
            if (QByteArray digest = decodedDigest(QByteArrayView(item).sliced(3)); !digest.isEmpty()) {
                parsed.digests.push_back(std::move(digest));
            }
        }
    }
    if (parsed.timestampText.isEmpty()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header has no timestamp"));
    }
    if (!parsed.hasV1) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the signature header has no v1 signature"));
    }
    return parsed;
}

/// Touches every byte whatever it finds, so that the time taken tells nothing of where the first difference is.
bool sameDigest(const QByteArray& a, const QByteArray& b)
{
    volatile unsigned char difference = a.size() == b.size() ? 0 : 1;
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference = static_cast<unsigned char>(difference | static_cast<unsigned char>(a[i] ^ b[i]));
    }
    return difference == 0;
}

} // namespace

Result<void> verifyCallback(QByteArrayView header, QByteArrayView body, std::span<const QByteArray> secrets, UtcTime now, Duration tolerance)
{
    CF_ASSIGN(const SignatureHeader parsed, parseHeader(header));
    bool good = false;
    bool anySecret = false;
    for (const QByteArray& secret : secrets) {
        // Anybody can sign with an empty key.
        if (secret.isEmpty()) {
            continue;
        }
        anySecret = true;
        const QByteArray expected = digestOf(secret, parsed.timestampText, body);
        for (const QByteArray& digest : parsed.digests) {
            good = sameDigest(expected, digest) || good;
        }
    }
    if (!good && !isPlanted(PlantedBug::NoSignatureCheck)) {
        return fail(ErrorCode::SignatureInvalid,
                    anySecret ? QStringLiteral("no v1 signature fits the body") : QStringLiteral("no secret to verify callbacks with is configured"));
    }
    const qint64 ageSeconds = now.seconds() - parsed.timestamp;
    const qint64 toleranceSeconds = tolerance.micros() / 1'000'000;
    if (ageSeconds > toleranceSeconds) {
        return fail(ErrorCode::SignatureStale, QStringLiteral("signed %1 s ago, at most %2 s are accepted").arg(ageSeconds).arg(toleranceSeconds));
    }
    if (ageSeconds < -toleranceSeconds) {
        return fail(ErrorCode::SignatureStale, QStringLiteral("signed %1 s in the future, at most %2 s are accepted").arg(-ageSeconds).arg(toleranceSeconds));
    }
    return {};
}

QByteArray signCallback(QByteArrayView secret, QByteArrayView body, UtcTime time)
{
    const QByteArray timestamp = QByteArray::number(time.seconds());
    return "t=" + timestamp + ",v1=" + digestOf(secret, timestamp, body).toHex();
}

Result<CallbackEvent> parseCallback(QByteArrayView body)
{
    CF_ASSIGN(const QJsonObject root, parseJsonObject(body));
    const JsonReader reader(root);
    CallbackEvent event;
    CF_ASSIGN(event.eventId, reader.text("id"));
    CF_ASSIGN(event.type, reader.text("type"));
    CF_ASSIGN(const qint64 createdSeconds, reader.integer("created"));
    if (!isGatewayId(event.eventId)) {
        return fail(ErrorCode::InvalidId, QStringLiteral("id is not a gateway id"));
    }
    if (createdSeconds <= 0 || createdSeconds > 253'402'300'799) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("created is not a moment between 1970 and 9999"));
    }
    event.created = UtcTime(createdSeconds * 1'000'000);
    if (!reader.has("livemode")) {
        return fail(ErrorCode::MissingField, QStringLiteral("livemode is missing"));
    }
    CF_ASSIGN(event.livemode, reader.boolean("livemode", false));
    CF_ASSIGN(const QJsonObject data, reader.object("data"));
    CF_ASSIGN(const QJsonObject object, JsonReader(data, QStringLiteral("data")).object("object"));
    const JsonReader objectReader(object, QStringLiteral("data.object"));
    CF_ASSIGN(event.objectKind, objectReader.text("object"));
    // Some objects (a balance, for one) have no id.
    CF_ASSIGN(event.objectId, objectReader.optionalText("id"));
    if (!event.objectId.isEmpty() && !isGatewayId(event.objectId)) {
        return fail(ErrorCode::InvalidId, QStringLiteral("data.object.id is not a gateway id"));
    }
    if (event.objectKind == QLatin1String("payment_intent")) {
        if (auto intent = parseIntent(object)) {
            event.intent = std::move(*intent);
        }
    } else if (event.objectKind == QLatin1String("refund")) {
        if (auto refund = parseRefund(object)) {
            event.refund = std::move(*refund);
        }
    }
    return event;
}

} // namespace counterfoil
