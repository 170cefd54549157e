// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/notice_strip.h"

#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace counterfoil {

NoticeStrip::NoticeStrip(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new PlainLabel(theme, {}, TextRole::Strong, Ink::Warning, this)),
      m_text(new PlainLabel(theme, {}, TextRole::Body, Ink::Text, this)),
      m_button(new QPushButton(this))
{
    m_button->setProperty("link", true);
    m_button->setAccessibleName(tr("Show"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::m + 16 + space::s, space::xs, space::s, space::xs);
    layout->setSpacing(space::m);
    layout->addWidget(m_title);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, &NoticeStrip::actionTriggered);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NoticeStrip::setNotice(Icon icon, Tone tone, const QString& title, const QString& text, const QString& action)
{
    m_icon = icon;
    m_tone = tone;
    m_title->setInk(tone == Tone::Danger ? Ink::Danger : Ink::Warning);
    m_title->setPlain(title);
    m_text->setPlain(text);
    m_button->setText(action);
    m_button->setAccessibleName(action);
    update();
}

void NoticeStrip::paintEvent(QPaintEvent*)
{
    const ToneColours& colours = m_theme.tokens().tone(m_tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.soft);
    painter.drawRoundedRect(rect(), cornerRadius, cornerRadius);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawPixmap(space::m, (height() - 16) / 2, iconPixmap(m_icon, 16, colours.text, devicePixelRatioF()));
}

} // namespace counterfoil
