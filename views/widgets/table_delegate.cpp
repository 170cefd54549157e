// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/table_delegate.h"

#include "models/base/money.h"
#include "models/base/text.h"
#include "models/tables/roles.h"
#include "views/widgets/badge.h"
#include "views/widgets/figures.h"
#include "views/widgets/labels.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace counterfoil {

TableDelegate::TableDelegate(const Theme& theme, QObject* parent) : QAbstractItemDelegate(parent), m_theme(theme) {}

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    paintGround(*painter, option, index);
    paintContent(*painter, option, index);
    painter->restore();
}

void TableDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    if (option.state & QStyle::State_Selected) {
        painter.fillRect(option.rect, tokens.accentSoft);
        if (index.column() == 0 || option.rect.x() == 0) {
            painter.fillRect(QRect(option.rect.x(), option.rect.y(), 3, option.rect.height()), tokens.accent);
        }
    } else if (option.state & QStyle::State_MouseOver || index.row() == m_litRow) {
        painter.fillRect(option.rect, tokens.hover);
    }
    painter.setPen(tokens.line);
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if ((option.state & QStyle::State_HasFocus) && !(option.state & QStyle::State_Selected)) {
        painter.setPen(tokens.accent);
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

void TableDelegate::paintContent(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect box = option.rect.adjusted(space::s, 0, -space::s, 0);
    if (index.data(LoadingRole).toBool()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.line);
        const int width = std::min(box.width(), 40 + ((index.row() * 31 + index.column() * 17) % 60));
        painter.drawRoundedRect(QRect(box.x(), box.center().y() - 4, width, 9), 4, 4);
        return;
    }
    const QVariant amount = index.data(AmountRole);
    if (amount.isValid()) {
        painter.setFont(m_theme.font(TextRole::Body));
        drawAmount(painter, box, amount.value<Money>(), m_theme);
        return;
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    const QString state = index.data(StateRole).toString();
    if (!state.isEmpty() && !isKindName(state)) {
        Look look = lookOf(state);
        look.word = text.isEmpty() ? look.word : text;
        drawBadge(painter, box, look, m_theme);
        return;
    }
    if (text.isEmpty()) {
        return;
    }
    const bool mono = index.data(MonospaceRole).toBool();
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    painter.setFont(mono ? m_theme.font(TextRole::MonoSmall) : option.font);
    painter.setPen(option.state & QStyle::State_Enabled ? (mono ? tokens.secondary : tokens.text) : tokens.disabled);
    if (alignment & Qt::AlignRight) {
        drawFigures(painter, box, Qt::AlignRight, text.left(64));
        return;
    }
    if (index.data(TimeRole).isValid()) {
        drawFigures(painter, box, Qt::AlignLeft, text.left(64));
        return;
    }
    painter.drawText(box, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text.left(256), Qt::ElideRight, box.width()));
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QVariant amount = index.data(AmountRole);
    int width = 0;
    if (amount.isValid()) {
        width = amountWidth(amount.value<Money>(), m_theme, m_theme.font(TextRole::Body));
    } else if (const QString state = index.data(StateRole).toString(); !state.isEmpty() && !isKindName(state)) {
        Look look = lookOf(state);
        look.word = index.data(Qt::DisplayRole).toString();
        width = badgeSize(look, m_theme.font(TextRole::Caption)).width();
    } else {
        const bool mono = index.data(MonospaceRole).toBool();
        const QFontMetrics metrics(mono ? m_theme.font(TextRole::MonoSmall) : option.font);
        width = std::min(metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString().left(64)), 360);
    }
    return {width + 2 * space::s + 2, tableRowHeight};
}

bool TableDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid()) {
        return QAbstractItemDelegate::helpEvent(event, view, option, index);
    }
    const QVariant time = index.data(TimeRole);
    const QString text = index.data(Qt::DisplayRole).toString();
    if (time.isValid()) {
        QToolTip::showText(event->globalPos(), plainToolTip(exactTimeText(UtcTime(time.toLongLong()))), view);
    } else if (!text.isEmpty() && sizeHint(option, index).width() > option.rect.width()) {
        QToolTip::showText(event->globalPos(), plainToolTip(text), view);
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace counterfoil
