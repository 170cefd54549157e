// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/scxml_attributes.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qint64 delayMaxMs = qint64{10} * 366 * 24 * 3600 * 1000;
constexpr qint64 countMax = 1'000'000;

std::unexpected<Error> refused(const QString& reason)
{
    return fail(ErrorCode::WorkflowInvalid, reason);
}

/// Digits only, no sign, no spaces; nothing if it is more than `max`.
std::optional<qint64> wholeNumber(QStringView text, qint64 max)
{
    if (text.isEmpty() || text.size() > 15
        || !std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; })) {
        return std::nullopt;
    }
    const qint64 value = text.toLongLong();
    return value <= max ? std::optional(value) : std::nullopt;
}

} // namespace

ScxmlAttributes::ScxmlAttributes(QXmlStreamAttributes attributes) : m_attributes(std::move(attributes)) {}

std::optional<QString> ScxmlAttributes::take(QLatin1String uri, const char* name)
{
    const auto found = std::find_if(m_attributes.begin(), m_attributes.end(), [&](const QXmlStreamAttribute& entry) {
        return entry.namespaceUri() == uri && entry.name() == QLatin1String(name);
    });
    if (found == m_attributes.end()) {
        return std::nullopt;
    }
    QString value = found->value().toString();
    m_attributes.erase(found);
    return value;
}

std::optional<QString> ScxmlAttributes::take(const char* name)
{
    return take(QLatin1String(""), name);
}

std::optional<QString> ScxmlAttributes::takeOurs(const char* name)
{
    return take(QLatin1String(workflowNamespace), name);
}

Result<QString> ScxmlAttributes::need(const char* name)
{
    std::optional<QString> value = take(name);
    if (!value || value->isEmpty()) {
        return refused(QStringLiteral("the attribute '%1' is missing").arg(QLatin1String(name)));
    }
    return *std::move(value);
}

Result<void> ScxmlAttributes::needValue(const char* name, QLatin1String value, const char* reason)
{
    if (take(name) != std::optional<QString>(value)) {
        return refused(QStringLiteral("%1=\"%2\" must be written out: %3")
                           .arg(QLatin1String(name), value, QLatin1String(reason)));
    }
    return {};
}

Result<void> ScxmlAttributes::refuse(const char* name, const char* reason) const
{
    if (m_attributes.hasAttribute(QLatin1String(name))) {
        return refused(QStringLiteral("the attribute '%1' is refused: %2").arg(QLatin1String(name), QLatin1String(reason)));
    }
    return {};
}

Result<void> ScxmlAttributes::finish() const
{
    for (const QXmlStreamAttribute& entry : m_attributes) {
        const QStringView uri = entry.namespaceUri();
        if (uri.isEmpty() || uri == QLatin1String(scxmlNamespace) || uri == QLatin1String(workflowNamespace)) {
            return refused(QStringLiteral("the attribute '%1' is not part of the profile").arg(entry.qualifiedName()));
        }
    }
    return {};
}

Result<qint64> parseDelay(const QString& text)
{
    const bool inMilliseconds = text.endsWith(QLatin1String("ms"));
    const bool inSeconds = !inMilliseconds && text.endsWith(u's');
    if (inMilliseconds || inSeconds) {
        const qint64 factor = inSeconds ? 1000 : 1;
        const auto number = wholeNumber(QStringView(text).chopped(inSeconds ? 1 : 2), delayMaxMs / factor);
        if (number) {
            return *number * factor;
        }
    }
    return refused(QStringLiteral("'%1' is not a time: whole seconds or milliseconds are expected (900s, 1500ms), "
                                  "at most ten years")
                       .arg(text.left(40)));
}

Result<bool> parseYesNo(const QString& text)
{
    if (text == QLatin1String("true") || text == QLatin1String("false")) {
        return text == QLatin1String("true");
    }
    return refused(QStringLiteral("'%1' is neither true nor false").arg(text.left(40)));
}

Result<int> parseCount(const QString& text)
{
    const auto number = wholeNumber(text, countMax);
    if (!number || *number == 0) {
        return refused(QStringLiteral("'%1' is not a count from 1 to %2").arg(text.left(40)).arg(countMax));
    }
    return static_cast<int>(*number);
}

Result<QString> parseColour(const QString& text)
{
    const auto isHexDigit = [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
    };
    if (text.size() != 7 || text.front() != u'#' || !std::all_of(text.begin() + 1, text.end(), isHexDigit)) {
        return refused(QStringLiteral("'%1' is not a colour (#rrggbb)").arg(text.left(40)));
    }
    return text;
}

Result<QStringList> parseNames(const QString& text)
{
    QStringList names = text.split(u' ', Qt::SkipEmptyParts);
    if (names.removeDuplicates() > 0) {
        return refused(QStringLiteral("a name stands twice in '%1'").arg(text.left(100)));
    }
    return names;
}

} // namespace counterfoil
