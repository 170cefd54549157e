// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/empty_state.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace counterfoil {

namespace {
constexpr int textWidthMost = 420;
constexpr int textWidthLeast = 140;
} // namespace

EmptyState::EmptyState(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_picture(new QLabel(this)),
      m_title(new PlainLabel(theme, {}, TextRole::Section, Ink::Text, this)),
      m_text(new PlainLabel(theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_button(new QPushButton(this))
{
    m_picture->setTextFormat(Qt::PlainText);
    m_picture->setAlignment(Qt::AlignCenter);
    m_title->setAlignment(Qt::AlignCenter);
    m_text->setWrapping(true);
    m_text->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::xl, space::xl, space::xl);
    layout->setSpacing(space::s);
    layout->addStretch(2);
    layout->addWidget(m_picture);
    layout->addWidget(m_title);
    layout->addWidget(m_text, 0, Qt::AlignHCenter);
    layout->addSpacing(space::xs);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::actionTriggered);
    connect(&theme, &Theme::changed, this, &EmptyState::drawIcon);
}

void EmptyState::setContent(Icon icon, const QString& title, const QString& text)
{
    m_icon = icon;
    drawIcon();
    m_title->setPlain(title);
    m_text->setPlain(text);
    fitText();
}

void EmptyState::fitText()
{
    const int width = std::clamp(this->width() - 2 * space::xl, textWidthLeast, textWidthMost);
    m_text->setFixedWidth(width);
    // An aligned item gets the height of the hint, which does not know this width.
    m_text->setFixedHeight(m_text->text().isEmpty() ? 0 : m_text->heightForWidth(width));
}

QSize EmptyState::minimumSizeHint() const
{
    return {textWidthLeast + 2 * space::xl, QWidget::minimumSizeHint().height()};
}

void EmptyState::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitText();
}

void EmptyState::setAction(const QString& text)
{
    m_button->setText(text);
    m_button->setAccessibleName(text);
    m_button->setVisible(!text.isEmpty());
}

void EmptyState::drawIcon()
{
    m_picture->setPixmap(iconPixmap(m_icon, 44, m_theme.tokens().disabled, devicePixelRatioF()));
}

Skeleton::Skeleton(const Theme& theme, int lines, QWidget* parent) : QWidget(parent), m_theme(theme), m_lines(lines)
{
    setAccessibleName(tr("Loading"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize Skeleton::sizeHint() const
{
    return {200, m_lines * tableRowHeight};
}

void Skeleton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.tokens().line);
    for (int i = 0; i < m_lines; ++i) {
        const int share = 45 + (i * 37) % 50;
        painter.drawRoundedRect(QRect(0, i * tableRowHeight + 9, width() * share / 100, 10), 5, 5);
    }
}

} // namespace counterfoil
