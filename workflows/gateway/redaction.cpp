// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/redaction.h"

#include "models/base/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <array>
#include <vector>

namespace counterfoil {

namespace {

const QString removed = QStringLiteral("[redacted]");
const QString removedCard = QStringLiteral("[card number]");

constexpr std::array secretFields{"authorization", "client_secret", "secret", "api_key", "number", "cvc", "cvc2", "cvv",
                                  "cvv2",          "exp",           "exp_month", "exp_year"};

bool isSecretField(const QString& name)
{
    return std::ranges::any_of(secretFields, [&](const char* known) { return name.compare(QLatin1String(known), Qt::CaseInsensitive) == 0; });
}

QString fieldAlternatives()
{
    QStringList names;
    for (const char* name : secretFields) {
        names += QString::fromLatin1(name);
    }
    return names.join(u'|');
}

QRegularExpression compiled(const QString& pattern)
{
    QRegularExpression expression(pattern, QRegularExpression::CaseInsensitiveOption | QRegularExpression::MultilineOption);
    require(expression.isValid(), "a redaction pattern does not compile");
    expression.optimize();
    return expression;
}

/// Everything but card numbers. Possessive quantifiers throughout, so that no text can make the engine give up.
struct Rule {
    QRegularExpression pattern;
    QString replacement;
};

const std::vector<Rule>& rules()
{
    static const QString fields = fieldAlternatives();
    static const std::vector<Rule> all{
        // A header line.
        {compiled(QStringLiteral(R"~(^([ \t]*+(?:proxy-)?authorization[ \t]*+:)[^\r\n]*+)~")), QStringLiteral(R"~(\1 )~") + removed},
        {compiled(QStringLiteral(R"~(\b(bearer)[ \t]++(?!\[redacted\])[^\s"',]++)~")), QStringLiteral(R"~(\1 )~") + removed},
        // A JSON field: its value a string (perhaps cut off), a string in JSON that is itself in a string, or bare.
        {compiled(QStringLiteral(R"~((\\*+"(?:%1)\\*+"\s*+:\s*+)(?:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\z)|(\\++)"[^"\\]*+(?:\\++")?+|[^\s,"}\]\\]++))~").arg(fields)),
         QStringLiteral(R"~(\1\2"%1\2")~").arg(removed)},
        // A form field: `number=`, `card[number]=`, `card%5Bnumber%5D=`.
        {compiled(QStringLiteral(R"~(((?:^|[&?\[\s]|%5B)(?:%1)(?:\]|%5D)?+=)[^&\r\n]*+)~").arg(fields)), QStringLiteral(R"~(\1)~") + removed},
        {compiled(QStringLiteral(R"~((?<![a-z0-9])(sk|rk|whsec)_(?!\[redacted\])[a-z0-9_+/=-]++)~")), QStringLiteral(R"~(\1_)~") + removed},
        {compiled(QStringLiteral(R"~((_secret_)[a-z0-9]++)~")), QStringLiteral(R"~(\1)~") + removed},
    };
    return all;
}

bool passesLuhn(QStringView run)
{
    int sum = 0;
    bool twice = false;
    for (qsizetype i = run.size() - 1; i >= 0; --i) {
        if (const int digit = run[i].unicode() - u'0'; digit >= 0 && digit <= 9) {
            const int value = twice ? digit * 2 : digit;
            sum += value > 9 ? value - 9 : value;
            twice = !twice;
        }
    }
    return sum % 10 == 0;
}

struct Group {
    qsizetype start = 0;
    qsizetype length = 0;
};

std::vector<Group> digitGroups(QStringView run)
{
    std::vector<Group> groups;
    bool inside = false;
    for (qsizetype i = 0; i < run.size(); ++i) {
        const bool digit = run[i] >= u'0' && run[i] <= u'9';
        if (digit && !inside) {
            groups.push_back({i, 0});
        }
        inside = digit;
        groups.back().length += digit ? 1 : 0;
    }
    return groups;
}

/// A card number may stand beside other digits ("2 x 4242 4242 4242 4242"): every sequence of whole groups is tried.
QString withoutCardsInRun(QStringView run)
{
    const std::vector<Group> groups = digitGroups(run);
    QString out;
    qsizetype copied = 0;
    for (std::size_t first = 0; first < groups.size(); ++first) {
        qsizetype digits = 0;
        qsizetype cardEnd = -1;
        std::size_t lastGroup = first;
        for (std::size_t last = first; last < groups.size() && digits + groups[last].length <= 19; ++last) {
            digits += groups[last].length;
            const qsizetype end = groups[last].start + groups[last].length;
            if (digits >= 13 && passesLuhn(run.sliced(groups[first].start, end - groups[first].start))) {
                cardEnd = end;
                lastGroup = last;
            }
        }
        if (cardEnd >= 0 && run[groups[first].start] != u'0') {
            out += run.sliced(copied, groups[first].start - copied);
            out += removedCard;
            copied = cardEnd;
            first = lastGroup;
        }
    }
    out += run.sliced(copied);
    return out;
}

QString withoutCards(const QString& text)
{
    static const QRegularExpression runs = compiled(QStringLiteral(R"~((?<![0-9])[0-9](?:[ \-\x{00a0}]?+[0-9]){12,}+)~"));
    QString out;
    qsizetype copied = 0;
    for (auto it = runs.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out += QStringView(text).sliced(copied, match.capturedStart() - copied);
        out += withoutCardsInRun(match.capturedView());
        copied = match.capturedEnd();
    }
    out += QStringView(text).sliced(copied);
    return out;
}

QJsonValue redactedValue(const QJsonValue& value);

QJsonArray redactedArray(const QJsonArray& array)
{
    QJsonArray out;
    for (const QJsonValue& value : array) {
        out.append(redactedValue(value));
    }
    return out;
}

QJsonValue redactedValue(const QJsonValue& value)
{
    switch (value.type()) {
    case QJsonValue::Object:
        return redact(value.toObject());
    case QJsonValue::Array:
        return redactedArray(value.toArray());
    case QJsonValue::String:
        return redact(value.toString());
    case QJsonValue::Double: {
        const QString digits = QString::number(value.toInteger(0));
        return withoutCards(digits) == digits ? value : QJsonValue(removedCard);
    }
    default:
        return value;
    }
}

} // namespace

QString redact(const QString& text)
{
    QString out = text;
    for (const Rule& rule : rules()) {
        out.replace(rule.pattern, rule.replacement);
    }
    return withoutCards(out);
}

QJsonObject redact(const QJsonObject& object)
{
    QJsonObject out;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const bool drop = isSecretField(it.key()) && !it.value().isNull();
        out.insert(redact(it.key()), drop ? QJsonValue(removed) : redactedValue(it.value()));
    }
    return out;
}

QString redactedBody(const QByteArray& body, int lengthMax)
{
    const auto object = parseJsonObject(body, {.maxBytes = body.size(), .maxDepth = 64});
    QString text = object ? QString::fromUtf8(QJsonDocument(redact(*object)).toJson(QJsonDocument::Indented)) : redact(QString::fromUtf8(body));
    if (text.size() > lengthMax) {
        const qsizetype whole = text.size();
        text.truncate(lengthMax);
        text += QStringLiteral("\n[cut: %1 of %2 characters]").arg(lengthMax).arg(whole);
    }
    return text;
}

} // namespace counterfoil
