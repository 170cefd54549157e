// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/overview/fact_tile.h"

#include <QBoxLayout>

namespace counterfoil {

FactTile::FactTile(const Theme& theme, const QString& caption, QWidget* parent)
    : SectionCard(theme, {}, parent),
      m_theme(theme),
      m_icon(new QLabel(this)),
      m_fact(new PlainLabel(theme, {}, TextRole::Section, Ink::Text, this)),
      m_details(new PlainLabel(theme, {}, TextRole::Caption, Ink::Secondary, this))
{
    m_icon->setTextFormat(Qt::PlainText);
    m_icon->setFixedSize(20, 20);
    body()->setContentsMargins(space::l, space::m, space::l, space::m);
    body()->setSpacing(space::xs);
    body()->addWidget(new PlainLabel(theme, caption, TextRole::Caption, Ink::Secondary, this));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addWidget(m_icon);
    row->addWidget(m_fact, 1);
    body()->addLayout(row);
    body()->addWidget(m_details);
    connect(&theme, &Theme::changed, this, &FactTile::drawIcon);
}

void FactTile::setFact(const StatusWords& words)
{
    m_words = words;
    m_fact->setPlain(words.text);
    m_fact->setInk(words.tone == Tone::Danger    ? Ink::Danger
                   : words.tone == Tone::Warning ? Ink::Warning
                   : words.tone == Tone::Success ? Ink::Success
                                                 : Ink::Text);
    m_details->setPlain(words.details);
    setAccessibleName(QStringLiteral("%1. %2").arg(words.text, words.details));
    drawIcon();
}

void FactTile::drawIcon()
{
    m_icon->setPixmap(iconPixmap(m_words.icon, 20, m_theme.tokens().tone(m_words.tone).text, devicePixelRatioF()));
}

} // namespace counterfoil
