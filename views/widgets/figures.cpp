// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/figures.h"

#include "models/tables/format.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QPainter>

namespace counterfoil {

namespace {

int digitWidth(const QFontMetrics& metrics)
{
    // Asked in every cell, and nearly always for the same font.
    static QFontMetrics known(metrics);
    static int widest = 0;
    if (widest > 0 && known == metrics) {
        return widest;
    }
    known = metrics;
    widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit) {
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    }
    return widest;
}

QString withMinus(const QString& text)
{
    return text.startsWith(QLatin1Char('-')) ? QChar(0x2212) + text.mid(1) : text;
}

int widthIn(const QFontMetrics& metrics, const QString& shown)
{
    const int digit = digitWidth(metrics);
    int width = 0;
    for (const QChar c : shown) {
        width += c.isDigit() ? digit : metrics.horizontalAdvance(c);
    }
    return width;
}

int codeWidth(const Theme& theme)
{
    // The same for all, so that figures of several currencies stay in line; few codes are wider than this one.
    return QFontMetrics(theme.font(TextRole::Caption)).horizontalAdvance(QStringLiteral("MWK")) + space::xs;
}

} // namespace

int figuresWidth(const QString& text, const QFont& font)
{
    return widthIn(QFontMetrics(font), withMinus(text));
}

int drawFigures(QPainter& painter, const QRect& rect, Qt::Alignment alignment, const QString& text)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const QString shown = withMinus(text);
    const int width = widthIn(metrics, shown);
    int x = rect.x();
    if (alignment & Qt::AlignRight) {
        x = rect.right() + 1 - width;
    } else if (alignment & Qt::AlignHCenter) {
        x += (rect.width() - width) / 2;
    }
    const int y = rect.y() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
    const int digit = digitWidth(metrics);
    if (digit == metrics.horizontalAdvance(QLatin1Char('1'))) {
        painter.drawText(x, y, shown);
        return width;
    }
    for (const QChar c : shown) {
        const int own = metrics.horizontalAdvance(c);
        const int cell = c.isDigit() ? digit : own;
        painter.drawText(x + (cell - own) / 2, y, QString(c));
        x += cell;
    }
    return width;
}

void drawAmount(QPainter& painter, const QRect& rect, const Money& amount, const Theme& theme)
{
    const Tokens& tokens = theme.tokens();
    const int code = codeWidth(theme);
    const QFont own = painter.font();
    const QFontMetrics metrics(own);
    const int baseline = rect.y() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(tokens.secondary);
    painter.drawText(rect.right() + 1 - code + space::xs, baseline, amount.currency().code());
    painter.setFont(own);
    painter.setPen(amount.isNegative() ? tokens.danger.text : amount.isZero() ? tokens.secondary : tokens.text);
    drawFigures(painter, rect.adjusted(0, 0, -code, 0), Qt::AlignRight, formatMoney(amount));
}

int amountWidth(const Money& amount, const Theme& theme, const QFont& font)
{
    return figuresWidth(formatMoney(amount), font) + codeWidth(theme);
}

QString exactTimeText(UtcTime moment)
{
    if (moment.isNone()) {
        return {};
    }
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(moment.micros() / 1000).toLocalTime();
    return QStringLiteral("%1 %2 · %3").arg(at.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")), at.timeZoneAbbreviation(), moment.toIso());
}

} // namespace counterfoil
