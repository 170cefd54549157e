// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_params.h"

#include "app/sandbox/form_body.h"
#include "models/base/currency.h"

namespace counterfoil {

namespace {

constexpr qsizetype metadataKeysMax = 50;
constexpr qsizetype metadataKeyLengthMax = 40;
constexpr qsizetype metadataValueLengthMax = 500;

} // namespace

SandboxResult<QString> SandboxParams::text(const char* name, qsizetype lengthMax) const
{
    const QString key = QLatin1StringView(name);
    const QJsonValue value = m_params.value(key);
    if (value.isObject()) {
        return refuse("", QStringLiteral("Invalid string: %1").arg(key), key);
    }
    if (value.toString().size() > lengthMax) {
        return refuse("parameter_invalid_string", QStringLiteral("Invalid %1: must be at most %2 characters").arg(key).arg(lengthMax), key);
    }
    return value.toString();
}

SandboxResult<QString> SandboxParams::requiredText(const char* name) const
{
    auto value = text(name);
    const QString key = QLatin1StringView(name);
    if (value && value->isEmpty()) {
        return has(name) ? refuse("parameter_invalid_empty",
                                  QStringLiteral("You passed an empty string for '%1'.").arg(key), key)
                         : refuse("parameter_missing", QStringLiteral("Missing required param: %1.").arg(key), key);
    }
    return value;
}

SandboxResult<QString> SandboxParams::oneOf(const char* name, const QStringList& allowed, const QString& fallback) const
{
    auto value = text(name);
    if (!value || !has(name)) {
        return value ? fallback : value;
    }
    if (!allowed.contains(*value)) {
        const QString key = QLatin1StringView(name);
        return refuse("", QStringLiteral("Invalid %1: must be one of %2").arg(key, allowed.join(QStringLiteral(", "))), key);
    }
    return value;
}

SandboxResult<bool> SandboxParams::flag(const char* name) const
{
    const QJsonValue value = m_params.value(QLatin1StringView(name));
    if (value.isUndefined() || value == QLatin1StringView("false")) {
        return false;
    }
    if (value == QLatin1StringView("true")) {
        return true;
    }
    return refuse("", QStringLiteral("Invalid boolean: %1").arg(value.toString()), QLatin1StringView(name));
}

SandboxResult<std::optional<qint64>> SandboxParams::integer(const char* name, qint64 minimum) const
{
    if (!has(name)) {
        return std::nullopt;
    }
    const QString key = QLatin1StringView(name);
    auto value = text(name);
    if (!value) {
        return std::unexpected(value.error());
    }
    bool isNumber = false;
    const qint64 number = value->toLongLong(&isNumber);
    const QByteArray canonical = QByteArray::number(number);
    if (!isNumber || value->toLatin1() != canonical) {
        return refuse("parameter_invalid_integer", QStringLiteral("Invalid integer: %1").arg(*value), key);
    }
    if (number < minimum) {
        return refuse("parameter_invalid_integer",
                      QStringLiteral("This value must be greater than or equal to %1.").arg(minimum), key);
    }
    return number;
}

SandboxResult<QString> SandboxParams::currency() const
{
    auto value = requiredText("currency");
    if (!value) {
        return value;
    }
    const QString lower = value->toLower();
    if (!Currency::parse(lower.toUpper())) {
        return refuse("", QStringLiteral("Invalid currency: %1").arg(*value), QStringLiteral("currency"));
    }
    return lower;
}

SandboxResult<QJsonObject> SandboxParams::metadata(const QJsonObject& old) const
{
    const QString key = QStringLiteral("metadata");
    const QJsonValue given = m_params.value(key);
    if (given.isUndefined()) {
        return old;
    }
    if (given.isString()) {
        // `metadata=` removes all of it.
        return given.toString().isEmpty() ? SandboxResult<QJsonObject>(QJsonObject())
                                          : refuse("", QStringLiteral("Invalid object"), key);
    }
    QJsonObject result = old;
    const QJsonObject fields = given.toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        const QString value = it.value().toString();
        if (it.value().isObject() || it.key().size() > metadataKeyLengthMax || value.size() > metadataValueLengthMax) {
            return refuse("", QStringLiteral("Metadata keys hold at most 40 characters, values 500 characters of text"),
                          QStringLiteral("metadata[%1]").arg(it.key()));
        }
        if (value.isEmpty()) {
            result.remove(it.key());
        } else {
            result.insert(it.key(), value);
        }
    }
    if (result.size() > metadataKeysMax) {
        return refuse("", QStringLiteral("Metadata holds at most 50 keys"), key);
    }
    return result;
}

QStringList SandboxParams::list(const char* name) const
{
    return listOf(m_params.value(QLatin1StringView(name)));
}

SandboxResult<void> SandboxParams::only(std::initializer_list<const char*> known) const
{
    for (const QString& key : m_params.keys()) {
        const bool isKnown = key == QLatin1StringView("expand")
                             || std::ranges::any_of(known, [&](const char* name) { return key == QLatin1StringView(name); });
        if (!isKnown) {
            return refuse("parameter_unknown", QStringLiteral("Received unknown parameter: %1").arg(key), key);
        }
    }
    return {};
}

} // namespace counterfoil
