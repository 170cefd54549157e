// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/card.h"

#include <QBoxLayout>
#include <QPainter>

namespace counterfoil {

SectionCard::SectionCard(const Theme& theme, const QString& title, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_heading(new QWidget(this)),
      m_headingLayout(new QHBoxLayout(m_heading)),
      m_title(new PlainLabel(theme, title, TextRole::Section, Ink::Text, m_heading)),
      m_note(new PlainLabel(theme, {}, TextRole::Caption, Ink::Secondary, m_heading)),
      m_body(new QVBoxLayout)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 1, 1, 1);
    outer->setSpacing(0);
    m_headingLayout->setContentsMargins(space::l, space::m, space::m, space::s);
    m_headingLayout->setSpacing(space::s);
    m_headingLayout->addWidget(m_title, 0, Qt::AlignVCenter);
    m_headingLayout->addWidget(m_note, 1, Qt::AlignVCenter);
    m_heading->setVisible(!title.isEmpty());
    outer->addWidget(m_heading);
    m_body->setContentsMargins(space::l, title.isEmpty() ? space::l : space::xs, space::l, space::l);
    m_body->setSpacing(space::s);
    outer->addLayout(m_body, 1);
    setAccessibleName(title);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SectionCard::setTitle(const QString& title)
{
    m_title->setPlain(title);
    m_heading->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void SectionCard::setNote(const QString& note)
{
    m_note->setPlain(note);
}

void SectionCard::addToHeading(QWidget* widget)
{
    m_headingLayout->addWidget(widget, 0, Qt::AlignVCenter);
}

void SectionCard::setFlush()
{
    m_body->setContentsMargins(0, 0, 0, space::xs);
}

void SectionCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().line, 1));
    painter.setBrush(m_theme.tokens().surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
}

} // namespace counterfoil
