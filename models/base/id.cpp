// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/id.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int digitCount = 13;
constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz*~$=u";

/// −1 for a character that stands for no digit. Crockford: I and L read as 1, O as 0.
int digitValue(QChar c, int limit)
{
    const char16_t lower = c.toLower().unicode();
    const char16_t read = lower == u'i' || lower == u'l' ? u'1' : lower == u'o' ? u'0' : lower;
    for (int i = 0; i < limit; ++i) {
        if (static_cast<char16_t>(alphabet[i]) == read) {
            return i;
        }
    }
    return -1;
}

} // namespace

QString formatId(const char* prefix, qint64 value)
{
    const auto bits = static_cast<quint64>(value);
    QString text = QString::fromLatin1(prefix) + u'_';
    for (int i = digitCount - 1; i >= 0; --i) {
        text += QLatin1Char(alphabet[(bits >> (5 * i)) & 31]);
    }
    text += QLatin1Char(alphabet[bits % 37]);
    return text;
}

Result<qint64> parseId(const char* prefix, QStringView text)
{
    const auto invalid = [&](const char* why) {
        return fail(ErrorCode::InvalidId, QStringLiteral("'%1' is no %2_ id: %3")
                                              .arg(text.left(48).toString(), QString::fromLatin1(prefix), QString::fromLatin1(why)));
    };
    // Letters of other scripts fold to ours: the Kelvin sign to k, the long s to s.
    if (std::ranges::any_of(text, [](QChar c) { return c.unicode() > 0x7f; })) {
        return invalid("a character that is no digit");
    }
    const QString head = QString::fromLatin1(prefix) + u'_';
    if (!text.startsWith(head, Qt::CaseInsensitive)) {
        return invalid("another prefix");
    }
    quint64 bits = 0;
    int digits = 0;
    int check = -1;
    for (const QChar c : text.mid(head.size())) {
        if (c == u'-') {
            continue;
        }
        const int value = digitValue(c, digits < digitCount ? 32 : 37);
        if (value < 0 || check >= 0) {
            return invalid(value < 0 ? "a character that is no digit" : "too long");
        }
        if (digits == digitCount) {
            check = value;
            continue;
        }
        if (digits == 0 && value > 15) {
            return invalid("beyond 64 bits");
        }
        bits = (bits << 5) | static_cast<quint64>(value);
        ++digits;
    }
    if (check < 0) {
        return invalid("too short");
    }
    if (bits == 0) {
        return invalid("the id of nothing");
    }
    if (bits % 37 != static_cast<quint64>(check)) {
        return invalid("the check character doesn't fit, so a character is mistyped");
    }
    return static_cast<qint64>(bits);
}

QString idPrefix(QStringView text)
{
    const qsizetype at = text.indexOf(u'_');
    return at > 0 ? text.left(at).toString().toLower() : QString();
}

} // namespace counterfoil
