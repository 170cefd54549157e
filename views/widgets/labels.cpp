// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/labels.h"

#include "models/base/text.h"

#include <QPaintEvent>
#include <QPainter>
#include <QStyle>

namespace counterfoil {

QColor inkColour(const Tokens& tokens, Ink ink)
{
    switch (ink) {
    case Ink::Secondary: return tokens.secondary;
    case Ink::Disabled: return tokens.disabled;
    case Ink::Accent: return tokens.accent;
    case Ink::Success: return tokens.success.text;
    case Ink::Warning: return tokens.warning.text;
    case Ink::Danger: return tokens.danger.text;
    case Ink::Text: break;
    }
    return tokens.text;
}

PlainLabel::PlainLabel(const Theme& theme, const QString& text, TextRole role, Ink ink, QWidget* parent)
    : QLabel(parent), m_theme(theme), m_role(role), m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    // By default a label waits for links, and isn't known from one whose text can be marked.
    setTextInteractionFlags(Qt::NoTextInteraction);
    setPlain(text);
    handleThemeChanged();
    connect(&theme, &Theme::changed, this, &PlainLabel::handleThemeChanged);
}

void PlainLabel::setPlain(const QString& text)
{
    const QString shown = visibleText(text, wordWrap() ? 2048 : 256);
    if (shown != QLabel::text()) {
        QLabel::setText(shown);
        setToolTip({});
        if (textInteractionFlags() != Qt::NoTextInteraction) {
            setAccessibleName(shown);
        }
    }
}

void PlainLabel::setInk(Ink ink)
{
    m_ink = ink;
    handleThemeChanged();
}

void PlainLabel::setWrapping(bool wraps)
{
    setWordWrap(wraps);
}

void PlainLabel::setSelectable()
{
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(text().isEmpty() ? tr("Text") : text());
}

QSize PlainLabel::minimumSizeHint() const
{
    QSize size = QLabel::minimumSizeHint();
    // One long word must not make its window as wide.
    size.setWidth(std::min(size.width(), fontMetrics().averageCharWidth() * (wordWrap() ? 16 : 4)));
    return size;
}

void PlainLabel::paintEvent(QPaintEvent* event)
{
    const bool fits = wordWrap() || fontMetrics().horizontalAdvance(text()) <= contentsRect().width();
    if (fits || textInteractionFlags() != Qt::NoTextInteraction) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
    if (toolTip().isEmpty()) {
        setToolTip(plainToolTip(text()));
    }
}

void PlainLabel::handleThemeChanged()
{
    setFont(m_theme.font(m_role));
    QPalette colours = palette();
    const QColor colour = inkColour(m_theme.tokens(), m_ink);
    colours.setColor(QPalette::WindowText, colour);
    colours.setColor(QPalette::Text, colour);
    setPalette(colours);
}

QString plainToolTip(const QString& text)
{
    return QStringLiteral("<span>%1</span>").arg(visibleText(text, 1024).toHtmlEscaped());
}

} // namespace counterfoil
