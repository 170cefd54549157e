// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/amount_label.h"

#include "models/tables/format.h"
#include "views/widgets/figures.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>

namespace counterfoil {

AmountLabel::AmountLabel(const Theme& theme, TextRole role, Qt::Alignment alignment, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_role(role), m_alignment(alignment)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AmountLabel::setAmount(const Money& amount)
{
    m_amount = amount;
    m_known = true;
    setAccessibleName(formatMoneyWithCode(amount));
    updateGeometry();
    update();
}

void AmountLabel::clear()
{
    m_known = false;
    setAccessibleName({});
    update();
}

QSize AmountLabel::sizeHint() const
{
    const QFont font = m_theme.font(m_role);
    return {amountWidth(m_amount, m_theme, font) + 2, QFontMetrics(font).height() + 2};
}

void AmountLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QFont font = m_theme.font(m_role);
    painter.setFont(font);
    if (!m_known) {
        painter.setPen(m_theme.tokens().disabled);
        painter.drawText(rect(), static_cast<int>(m_alignment | Qt::AlignVCenter), QStringLiteral("–"));
        return;
    }
    QRect box = rect();
    if (m_alignment & Qt::AlignLeft) {
        box.setWidth(std::min(box.width(), amountWidth(m_amount, m_theme, font)));
    }
    drawAmount(painter, box, m_amount, m_theme);
}

void AmountLabel::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_known) {
        return;
    }
    QMenu menu;
    menu.addAction(m_theme.icon(Icon::Copy), tr("Copy amount"), this,
                   [this] { QGuiApplication::clipboard()->setText(formatMoneyWithCode(m_amount)); });
    menu.exec(event->globalPos());
}

} // namespace counterfoil
