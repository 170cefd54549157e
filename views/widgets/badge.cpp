// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/badge.h"

#include "models/base/text.h"

#include <QPainter>

namespace counterfoil {

namespace {
constexpr int iconSize = 16;
constexpr int sidePadding = 6;
constexpr int gap = 4;
} // namespace

QSize badgeSize(const Look& look, const QFont& font)
{
    const QFontMetrics metrics(font);
    return {sidePadding + iconSize + gap + metrics.horizontalAdvance(visibleText(look.word, 48)) + sidePadding + 2, badgeHeight};
}

void drawBadge(QPainter& painter, const QRect& rect, const Look& look, const Theme& theme)
{
    const ToneColours& colours = theme.tokens().tone(look.tone);
    const QFont font = theme.font(TextRole::Caption);
    const QSize size = badgeSize(look, font);
    const QRect box(rect.x(), rect.y() + (rect.height() - size.height()) / 2, std::min(size.width(), rect.width()), size.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.soft);
    painter.drawRoundedRect(box, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const qreal ratio = painter.device()->devicePixelRatioF();
    painter.drawPixmap(box.x() + sidePadding, box.y() + (box.height() - iconSize) / 2, iconPixmap(look.icon, iconSize, colours.text, ratio));
    painter.setFont(font);
    painter.setPen(colours.text);
    const QRect words = box.adjusted(sidePadding + iconSize + gap, 0, -2, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(visibleText(look.word, 48), Qt::ElideRight, words.width()));
    painter.restore();
}

StateBadge::StateBadge(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StateBadge::setLook(const Look& look)
{
    m_look = look;
    setAccessibleName(tr("State: %1").arg(look.word));
    setVisible(!look.word.isEmpty());
    updateGeometry();
    update();
}

QSize StateBadge::sizeHint() const
{
    return badgeSize(m_look, m_theme.font(TextRole::Caption));
}

void StateBadge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    drawBadge(painter, rect(), m_look, m_theme);
}

} // namespace counterfoil
