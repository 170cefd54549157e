// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/json.h"

#include "models/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <deque>

namespace counterfoil {

namespace {

constexpr qint64 maxExact = qint64{1} << 53;

/// Walks over the text once and finds what QJsonDocument would forgive or round: depth, repeated keys, inexact integers.
/// It doesn't check the grammar, QJsonDocument does that afterwards.
class Scan {
public:
    Scan(QByteArrayView text, int maxDepth) : m_text(text), m_maxDepth(maxDepth) {}

    Result<void> run()
    {
        QByteArrayView lastString;
        for (m_at = 0; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '{' || c == '[') {
                if (static_cast<int>(m_levels.size()) >= m_maxDepth) {
                    return fail(ErrorCode::MalformedInput, QStringLiteral("deeper than %1 levels").arg(m_maxDepth));
                }
                m_levels.push_back(m_keys.size());
            } else if ((c == '}' || c == ']') && !m_levels.empty()) {
                CF_TRY(closeLevel());
            } else if (c == '"') {
                lastString = readString();
            } else if (c == ':' && !m_levels.empty()) {
                m_keys.push_back(lastString);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                CF_TRY(readNumber());
            }
        }
        return {};
    }

private:
    /// Sorted, so that an object of very many keys doesn't take their square.
    Result<void> closeLevel()
    {
        const auto first = m_keys.begin() + static_cast<std::ptrdiff_t>(m_levels.back());
        std::ranges::sort(first, m_keys.end());
        const auto twice = std::adjacent_find(first, m_keys.end());
        if (twice != m_keys.end()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("the field '%1' is given twice").arg(QString::fromUtf8(twice->first(std::min<qsizetype>(64, twice->size())))));
        }
        m_keys.erase(first, m_keys.end());
        m_levels.pop_back();
        return {};
    }

    QByteArrayView readString()
    {
        const qsizetype start = m_at + 1;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\') {
                ++m_at;
            }
        }
        const QByteArrayView raw = m_text.sliced(std::min(start, m_text.size()), std::max<qsizetype>(0, std::min(m_at, m_text.size()) - start));
        if (!raw.contains('\\')) {
            return raw;
        }
        // An escaped spelling of a key must not hide a repetition.
        const QJsonDocument decoded = QJsonDocument::fromJson("[\"" + raw.toByteArray() + "\"]");
        if (!decoded.isArray()) {
            return raw;
        }
        m_decoded.push_back(decoded.array().at(0).toString().toUtf8());
        return m_decoded.back();
    }

    Result<void> readNumber()
    {
        const qsizetype start = m_at;
        bool whole = true;
        while (m_at + 1 < m_text.size() && QByteArrayView("0123456789+-.eE").contains(m_text[m_at + 1])) {
            ++m_at;
            whole = whole && m_text[m_at] >= '0' && m_text[m_at] <= '9';
        }
        const QByteArrayView digits = m_text.sliced(start, m_at - start + 1);
        bool ok = false;
        bool exact = false;
        if (whole) {
            const qlonglong value = digits.toByteArray().toLongLong(&ok);
            exact = ok && value <= maxExact && value >= -maxExact;
        } else {
            // A double keeps 15 significant digits; more could round to a whole number that nobody wrote.
            const QByteArray text = digits.toByteArray().toLower();
            const QByteArray mantissa = text.left(text.contains('e') ? text.indexOf('e') : text.size());
            const auto first = std::ranges::find_if(mantissa, [](char c) { return c >= '1' && c <= '9'; });
            const auto significant = std::count_if(first, mantissa.end(), [](char c) { return c >= '0' && c <= '9'; });
            exact = significant <= 15 && std::abs(text.toDouble(&ok)) <= static_cast<double>(maxExact);
        }
        if (!exact) {
            return fail(ErrorCode::MalformedInput,
                        QStringLiteral("the number %1 is not exact (beyond 2^53 or 15 digits): give it as a string").arg(QString::fromLatin1(digits.first(std::min<qsizetype>(32, digits.size())))));
        }
        return {};
    }

    QByteArrayView m_text;
    int m_maxDepth;
    qsizetype m_at = 0;
    /// The keys of the objects that are open, the innermost last, and where each level begins among them.
    std::vector<QByteArrayView> m_keys;
    std::vector<std::size_t> m_levels;
    std::deque<QByteArray> m_decoded;
};

} // namespace

Result<QJsonObject> parseJsonObject(QByteArrayView bytes, const JsonLimits& limits)
{
    if (bytes.size() > limits.maxBytes) {
        return fail(ErrorCode::TooLarge, QStringLiteral("%1 bytes of JSON, at most %2 are read").arg(bytes.size()).arg(limits.maxBytes));
    }
    CF_TRY(decodeUtf8(bytes));
    CF_TRY(Scan(bytes, limits.maxDepth).run());
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes.toByteArray(), &error);
    if (error.error != QJsonParseError::NoError) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("not JSON at byte %1: %2").arg(error.offset).arg(error.errorString()));
    }
    if (!document.isObject()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("a JSON object is expected"));
    }
    return document.object();
}

JsonReader::JsonReader(QJsonObject object, QString path) : m_object(std::move(object)), m_path(std::move(path)) {}

QString JsonReader::pathOf(const char* field) const
{
    const QString name = QString::fromLatin1(field);
    return m_path.isEmpty() ? name : m_path + u'.' + name;
}

bool JsonReader::has(const char* field) const
{
    const QJsonValue value = m_object.value(QLatin1String(field));
    return !value.isUndefined() && !value.isNull();
}

Result<QString> JsonReader::text(const char* field, int maxLength) const
{
    if (!has(field)) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is missing").arg(pathOf(field)));
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (!value.isString()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be a string").arg(pathOf(field)));
    }
    return parseLine(value.toString(), maxLength, pathOf(field).toLatin1().constData());
}

Result<QString> JsonReader::optionalText(const char* field, int maxLength) const
{
    if (!has(field)) {
        return QString();
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (!value.isString()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be a string").arg(pathOf(field)));
    }
    return parseOptionalLine(value.toString(), maxLength, pathOf(field).toLatin1().constData());
}

Result<qint64> JsonReader::integer(const char* field) const
{
    if (!has(field)) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is missing").arg(pathOf(field)));
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    const qint64 low = value.toInteger(-1);
    const qint64 high = value.toInteger(0);
    if (!value.isDouble() || low != high) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be a whole number").arg(pathOf(field)));
    }
    return low;
}

Result<Money> JsonReader::money(const char* field, Currency currency) const
{
    if (!has(field)) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is missing").arg(pathOf(field)));
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (value.isString()) {
        bool ok = false;
        const QString digits = value.toString();
        const qint64 minor = digits.toLongLong(&ok);
        if (ok && QString::number(minor) == digits) {
            return Money(minor, currency);
        }
    } else if (value.isDouble()) {
        const qint64 low = value.toInteger(-1);
        if (low == value.toInteger(0) && low <= maxExact && low >= -maxExact) {
            return Money(low, currency);
        }
    }
    return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 must be whole minor units, as a number up to 2^53 or a string").arg(pathOf(field)));
}

Result<bool> JsonReader::boolean(const char* field, bool fallback) const
{
    if (!has(field)) {
        return fallback;
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (!value.isBool()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be true or false").arg(pathOf(field)));
    }
    return value.toBool();
}

Result<QJsonObject> JsonReader::object(const char* field) const
{
    if (!has(field)) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is missing").arg(pathOf(field)));
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (!value.isObject()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be an object").arg(pathOf(field)));
    }
    return value.toObject();
}

Result<QJsonArray> JsonReader::array(const char* field) const
{
    if (!has(field)) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is missing").arg(pathOf(field)));
    }
    const QJsonValue value = m_object.value(QLatin1String(field));
    if (!value.isArray()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be an array").arg(pathOf(field)));
    }
    return value.toArray();
}

Result<void> JsonReader::onlyFields(std::initializer_list<const char*> known) const
{
    for (auto it = m_object.begin(); it != m_object.end(); ++it) {
        if (std::ranges::none_of(known, [&](const char* name) { return it.key() == QLatin1String(name); })) {
            const QString path = m_path.isEmpty() ? it.key() : m_path + u'.' + it.key();
            return fail(ErrorCode::UnknownField, QStringLiteral("%1 is not a field here").arg(visibleText(path, 80)));
        }
    }
    return {};
}

void JsonWriter::open(char bracket)
{
    m_text += bracket;
    m_open += bracket;
    m_isFirst = true;
}

void JsonWriter::name(const char* name)
{
    if (!std::exchange(m_isFirst, false)) {
        m_text += ',';
    }
    m_text += '"';
    m_text += name;
    m_text += "\":";
}

void JsonWriter::add(const char* name, qint64 value)
{
    this->name(name);
    m_text += '"';
    m_text += QByteArray::number(value);
    m_text += '"';
}

void JsonWriter::add(const char* name, QStringView value)
{
    this->name(name);
    m_text += '"';
    for (const char c : value.toUtf8()) {
        if (static_cast<unsigned char>(c) < 0x20) {
            m_text += "\\u00";
            m_text += QByteArray(1, c).toHex();
            continue;
        }
        if (c == '"' || c == '\\') {
            m_text += '\\';
        }
        m_text += c;
    }
    m_text += '"';
}

void JsonWriter::beginList(const char* name)
{
    this->name(name);
    open('[');
}

void JsonWriter::beginItem()
{
    if (!m_isFirst) {
        m_text += ',';
    }
    open('{');
}

void JsonWriter::end()
{
    require(m_open.size() > 1, "what is ended was begun");
    m_text += m_open.back() == '[' ? ']' : '}';
    m_open.chop(1);
    m_isFirst = false;
}

QByteArray JsonWriter::finish()
{
    require(m_open.size() == 1, "every list and item is ended");
    m_text += '}';
    m_open.clear();
    return std::move(m_text);
}

QByteArray toJson(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace counterfoil
