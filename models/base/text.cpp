// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/text.h"

#include <QCryptographicHash>
#include <QStringDecoder>

namespace counterfoil {

namespace {

/// So many marks stand on one letter in the languages that have the most of them.
constexpr int marksMax = 4;

QString escaped(char32_t c)
{
    return QStringLiteral("\\u%1").arg(static_cast<uint>(c), 4, 16, QLatin1Char('0'));
}

/// How one character is shown; an escape where it would be invisible or change what stands around it.
QString visiblePiece(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return QStringLiteral(" ");
    case QChar::Other_Control:
        if (c == U'\n' || c == U'\r' || c == U'\t') {
            return QStringLiteral(" ");
        }
        [[fallthrough]];
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
        return escaped(c);
    default:
        return QString::fromUcs4(&c, 1);
    }
}

} // namespace

Result<QString> decodeUtf8(QByteArrayView bytes)
{
    if (const qsizetype at = bytes.indexOf('\0'); at >= 0) {
        return fail(ErrorCode::InvalidText, QStringLiteral("a NUL byte at offset %1").arg(at));
    }
    if (!bytes.isValidUtf8()) {
        // Bisect for the offset: every prefix that ends before the bad sequence decodes.
        qsizetype good = 0;
        qsizetype bad = bytes.size();
        while (bad - good > 1) {
            const qsizetype middle = good + (bad - good) / 2;
            QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Default);
            const QString ignored = decoder.decode(bytes.first(middle));
            (decoder.hasError() ? bad : good) = middle;
        }
        return fail(ErrorCode::InvalidText, QStringLiteral("not UTF-8 at byte offset %1").arg(good));
    }
    return QString::fromUtf8(bytes);
}

Result<QString> parseOptionalLine(const QString& text, int maxLength, const char* field)
{
    const QString trimmed = text.trimmed();
    const QString name = QString::fromLatin1(field);
    if (trimmed.size() > maxLength) {
        return fail(ErrorCode::TooLarge, QStringLiteral("%1 has %2 characters, at most %3 are allowed").arg(name).arg(trimmed.size()).arg(maxLength));
    }
    for (const QChar c : trimmed) {
        if (c.category() == QChar::Other_Control) {
            return fail(ErrorCode::InvalidText,
                        QStringLiteral("%1 holds the control character U+%2").arg(name).arg(c.unicode(), 4, 16, QLatin1Char('0')));
        }
    }
    if (!trimmed.isValidUtf16()) {
        return fail(ErrorCode::InvalidText, QStringLiteral("%1 holds half of a character").arg(name));
    }
    return trimmed;
}

Result<QString> parseLine(const QString& text, int maxLength, const char* field)
{
    CF_ASSIGN(const QString line, parseOptionalLine(text, maxLength, field));
    if (line.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is empty").arg(QString::fromLatin1(field)));
    }
    return line;
}

QString visibleText(const QString& text, int maxLength)
{
    QString shown;
    shown.reserve(std::min<qsizetype>(text.size(), maxLength));
    int marks = 0;
    for (qsizetype at = 0; at < text.size();) {
        const bool pair = text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
        const char32_t c = pair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : text[at].unicode();
        // A tower of combining marks covers the lines above and below it.
        marks = QChar::category(c) == QChar::Mark_NonSpacing || QChar::category(c) == QChar::Mark_Enclosing ? marks + 1 : 0;
        const QString piece = marks > marksMax ? escaped(c) : visiblePiece(c);
        at += pair ? 2 : 1;
        // The last place is the ellipsis's, unless the text ends here.
        const qsizetype room = maxLength - shown.size() - (at < text.size() ? 1 : 0);
        if (piece.size() > room) {
            return shown + QChar(0x2026);
        }
        shown += piece;
    }
    return shown;
}

QString sha256Hex(QByteArrayView bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes.toByteArray(), QCryptographicHash::Sha256).toHex());
}

} // namespace counterfoil
