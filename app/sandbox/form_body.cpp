// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/form_body.h"

#include "models/base/text.h"

namespace counterfoil {

namespace {

constexpr int fieldsMax = 1000;
constexpr qsizetype levelsMax = 6;

Result<QString> decodePart(QByteArrayView part)
{
    QByteArray bytes = part.toByteArray();
    bytes.replace('+', ' ');
    return decodeUtf8(QByteArray::fromPercentEncoding(bytes));
}

/// `a[b][]` as a, b and an empty text.
Result<QStringList> pathOf(const QString& name)
{
    const qsizetype open = name.indexOf(u'[');
    if (open < 0) {
        return QStringList{name};
    }
    if (open == 0 || !name.endsWith(u']')) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("field name"));
    }
    QStringList path{name.left(open)};
    path += name.mid(open + 1, name.size() - open - 2).split(QStringLiteral("]["));
    const bool isClean = std::ranges::none_of(path, [](const QString& part) { return part.contains(u'[') || part.contains(u']'); });
    if (!isClean || path.size() > levelsMax) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("field name"));
    }
    return path;
}

Result<void> put(QJsonObject& object, std::span<const QString> path, const QString& value)
{
    const QString key = path.front().isEmpty() ? QString::number(object.size()) : path.front();
    const QJsonValue old = object.value(key);
    if (path.size() == 1) {
        if (old.isObject()) {
            return fail(ErrorCode::MalformedInput, key);
        }
        object.insert(key, value);
        return {};
    }
    if (old.isString()) {
        return fail(ErrorCode::MalformedInput, key);
    }
    QJsonObject inner = old.toObject();
    CF_TRY(put(inner, path.subspan(1), value));
    object.insert(key, inner);
    return {};
}

} // namespace

Result<QJsonObject> parseForm(QByteArrayView text)
{
    QJsonObject result;
    int fields = 0;
    while (!text.isEmpty()) {
        const qsizetype end = text.indexOf('&');
        const QByteArrayView pair = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (pair.isEmpty()) {
            continue;
        }
        if (++fields > fieldsMax) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("too many fields"));
        }
        const qsizetype equals = pair.indexOf('=');
        CF_ASSIGN(const QString name, decodePart(equals < 0 ? pair : pair.first(equals)));
        CF_ASSIGN(const QString value, decodePart(equals < 0 ? QByteArrayView() : pair.sliced(equals + 1)));
        CF_ASSIGN(const QStringList path, pathOf(name));
        CF_TRY(put(result, path, value));
    }
    return result;
}

QStringList listOf(const QJsonValue& value)
{
    if (value.isString()) {
        return {value.toString()};
    }
    QStringList result;
    for (const QJsonValue& item : value.toObject()) {
        result += item.toString();
    }
    return result;
}

} // namespace counterfoil
