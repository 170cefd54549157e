// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/amount_button.h"

#include "models/tables/format.h"
#include "views/widgets/amount_label.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace counterfoil {

AmountButton::AmountButton(const Theme& theme, const QString& caption, TextRole role, Qt::Alignment alignment, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_caption(caption), m_label(new AmountLabel(theme, role, alignment, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 2);
    layout->addWidget(m_label);
    m_label->setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(plainToolTip(tr("Explain this balance")));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    clear();
}

void AmountButton::setAmount(const Money& amount)
{
    m_label->setAmount(amount);
    setEnabled(true);
    setAccessibleName(tr("%1: %2").arg(m_caption, formatMoneyWithCode(amount)));
    setAccessibleDescription(tr("Explains this balance"));
    updateGeometry();
}

void AmountButton::clear()
{
    m_label->clear();
    setEnabled(false);
    setAccessibleName(m_caption);
}

QSize AmountButton::sizeHint() const
{
    return layout()->sizeHint();
}

void AmountButton::paintEvent(QPaintEvent*)
{
    if (!isEnabled()) {
        return;
    }
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    const bool lit = underMouse() || hasFocus();
    painter.setPen(QPen(lit ? tokens.accent : tokens.disabled, 1, lit ? Qt::SolidLine : Qt::DotLine));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

void AmountButton::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void AmountButton::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void AmountButton::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace counterfoil
