// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/guard_lexer.h"

#include <algorithm>
#include <array>

namespace counterfoil {

namespace {

constexpr qsizetype nameLengthMax = 64;

struct OperatorWord {
    QLatin1String word;
    TokenKind kind;
};

// Longest first, so that `==` is not read where `===` stands.
constexpr std::array operators{
    OperatorWord{QLatin1String("==="), TokenKind::Equal},      OperatorWord{QLatin1String("!=="), TokenKind::NotEqual},
    OperatorWord{QLatin1String("=="), TokenKind::Equal},       OperatorWord{QLatin1String("!="), TokenKind::NotEqual},
    OperatorWord{QLatin1String("<="), TokenKind::LessEqual},   OperatorWord{QLatin1String(">="), TokenKind::GreaterEqual},
    OperatorWord{QLatin1String("&&"), TokenKind::And},         OperatorWord{QLatin1String("||"), TokenKind::Or},
    OperatorWord{QLatin1String("<"), TokenKind::Less},         OperatorWord{QLatin1String(">"), TokenKind::Greater},
    OperatorWord{QLatin1String("+"), TokenKind::Plus},         OperatorWord{QLatin1String("-"), TokenKind::Minus},
    OperatorWord{QLatin1String("*"), TokenKind::Times},        OperatorWord{QLatin1String("!"), TokenKind::Not},
    OperatorWord{QLatin1String("("), TokenKind::Open},         OperatorWord{QLatin1String(")"), TokenKind::Close},
};

// Other things to ECMAScript: decrement, increment, power, shifts, arrow, HTML-like comments.
constexpr std::array forbidden{QLatin1String("--"), QLatin1String("++"), QLatin1String("**"), QLatin1String("<<"),
                               QLatin1String(">>"), QLatin1String("=>")};

constexpr std::array reserved{
    "In",       "true",   "false",    "null",      "undefined", "NaN",       "Infinity",   "await",   "break",
    "case",     "catch",  "class",    "const",     "continue",  "debugger",  "default",    "delete",  "do",
    "else",     "enum",   "export",   "extends",   "finally",   "for",       "function",   "if",      "implements",
    "import",   "in",     "instanceof", "interface", "let",     "new",       "package",    "private", "protected",
    "public",   "return", "static",   "super",     "switch",    "this",      "throw",      "try",     "typeof",
    "var",      "void",   "while",    "with",      "yield",     "arguments", "eval",
};

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isNameStart(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
}

bool isNamePart(QChar c)
{
    return isNameStart(c) || isDigit(c);
}

std::unexpected<Error> refuseAt(qsizetype position, const QString& reason)
{
    return fail(ErrorCode::WorkflowInvalid, QStringLiteral("guard, character %1: %2").arg(position + 1).arg(reason));
}

class Cutter {
public:
    explicit Cutter(QStringView text) : m_text(text) {}

    Result<std::vector<GuardToken>> cut()
    {
        std::vector<GuardToken> tokens;
        for (;;) {
            while (m_at < m_text.size() && (m_text[m_at] == u' ' || m_text[m_at] == u'\t' || m_text[m_at] == u'\n')) {
                ++m_at;
            }
            if (m_at == m_text.size()) {
                tokens.push_back({TokenKind::End, {}, qint64{0}, m_at});
                return tokens;
            }
            CF_ASSIGN(GuardToken token, next());
            tokens.push_back(std::move(token));
        }
    }

private:
    Result<GuardToken> next()
    {
        const QChar c = m_text[m_at];
        if (isDigit(c)) {
            return number();
        }
        if (isNameStart(c)) {
            return name();
        }
        if (c == u'\'' || c == u'"') {
            return quoted(c);
        }
        return operation();
    }

    Result<GuardToken> number()
    {
        const qsizetype from = m_at;
        while (m_at < m_text.size() && isDigit(m_text[m_at])) {
            ++m_at;
        }
        if (m_at < m_text.size() && (isNameStart(m_text[m_at]) || m_text[m_at] == u'.')) {
            return refuseAt(m_at, QStringLiteral("a number has decimal digits only"));
        }
        const QStringView digits = m_text.sliced(from, m_at - from);
        if (digits.size() > 1 && digits.front() == u'0') {
            return refuseAt(from, QStringLiteral("a number must not begin with 0"));
        }
        bool fits = false;
        const qint64 value = digits.toLongLong(&fits);
        if (!fits) {
            return refuseAt(from, QStringLiteral("the number needs more than 64 bits"));
        }
        return GuardToken{TokenKind::Literal, digits, value, from};
    }

    Result<GuardToken> name()
    {
        const qsizetype from = m_at;
        while (m_at < m_text.size() && isNamePart(m_text[m_at])) {
            ++m_at;
        }
        const QStringView word = m_text.sliced(from, m_at - from);
        if (word == u"true" || word == u"false") {
            return GuardToken{TokenKind::Literal, word, word == u"true", from};
        }
        return GuardToken{TokenKind::Name, word, qint64{0}, from};
    }

    Result<GuardToken> quoted(QChar quote)
    {
        const qsizetype from = m_at++;
        QString value;
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            QChar c = m_text[m_at];
            if (c.unicode() < 0x20 || c.unicode() == 0x2028 || c.unicode() == 0x2029) {
                return refuseAt(m_at, QStringLiteral("a control character or line end inside a text"));
            }
            if (c == u'\\') {
                ++m_at;
                c = m_at < m_text.size() ? m_text[m_at] : QChar();
                if (c != u'\\' && c != u'\'' && c != u'"') {
                    return refuseAt(m_at, QStringLiteral("only \\\\, \\' and \\\" may follow a backslash"));
                }
            }
            value += c;
            ++m_at;
        }
        if (m_at == m_text.size()) {
            return refuseAt(from, QStringLiteral("the text has no end"));
        }
        ++m_at;
        return GuardToken{TokenKind::Literal, m_text.sliced(from, m_at - from), value, from};
    }

    Result<GuardToken> operation()
    {
        const QStringView rest = m_text.sliced(m_at);
        for (const QLatin1String& word : forbidden) {
            if (rest.startsWith(word)) {
                return refuseAt(m_at, QStringLiteral("'%1' is not part of the guard language").arg(word));
            }
        }
        for (const OperatorWord& entry : operators) {
            if (rest.startsWith(entry.word)) {
                const GuardToken token{entry.kind, rest.first(entry.word.size()), qint64{0}, m_at};
                m_at += entry.word.size();
                return token;
            }
        }
        return refuseAt(m_at, QStringLiteral("'%1' is not part of the guard language").arg(rest.front()));
    }

    QStringView m_text;
    qsizetype m_at = 0;
};

} // namespace

Result<std::vector<GuardToken>> cutGuard(QStringView text)
{
    return Cutter(text).cut();
}

bool isFactName(QStringView name)
{
    return !name.isEmpty() && name.size() <= nameLengthMax && name.front() != u'_' && isNameStart(name.front())
        && std::all_of(name.begin(), name.end(), isNamePart)
        && std::none_of(reserved.begin(), reserved.end(), [&](const char* word) { return name == QLatin1String(word); });
}

Result<FactValue> parseLiteral(QStringView text)
{
    CF_ASSIGN(const std::vector<GuardToken> tokens, cutGuard(text));
    if (tokens.size() == 2 && tokens[0].kind == TokenKind::Literal) {
        return tokens[0].value;
    }
    if (tokens.size() == 3 && tokens[0].kind == TokenKind::Minus && tokens[1].kind == TokenKind::Literal
        && std::holds_alternative<qint64>(tokens[1].value)) {
        return FactValue{-std::get<qint64>(tokens[1].value)};
    }
    return fail(ErrorCode::WorkflowInvalid, QStringLiteral("a number, a quoted text, true or false is expected"));
}

} // namespace counterfoil
