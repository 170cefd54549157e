// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/navigation_rail.h"

#include <QAbstractButton>
#include <QAction>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace counterfoil {

namespace {

constexpr int railWidth = 84;
constexpr int itemHeight = 58;

class RailButton final : public QAbstractButton {
public:
    RailButton(const Theme& theme, QAction* open, NavigationRail* parent) : QAbstractButton(parent), m_theme(theme), m_icon(open->icon())
    {
        setText(open->text().remove(QLatin1Char('&')));
        setAccessibleName(text());
        setToolTip(QStringLiteral("%1 (%2)").arg(text(), open->shortcut().toString(QKeySequence::NativeText)));
        setFocusPolicy(Qt::StrongFocus);
        setFixedSize(railWidth - 12, itemHeight);
        setAttribute(Qt::WA_Hover);
        connect(this, &QAbstractButton::clicked, open, &QAction::trigger);
    }

    // Not a checked button: a screen reader would offer to switch it on and off.
    void setCurrent(bool current)
    {
        m_current = current;
        setAccessibleDescription(current ? NavigationRail::tr("Shown now") : QString());
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Tokens& tokens = m_theme.tokens();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
        painter.setPen(hasFocus() ? QPen(tokens.accent) : QPen(Qt::NoPen));
        painter.setBrush(m_current ? tokens.accentSoft : underMouse() ? tokens.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(box, cornerRadius, cornerRadius);
        painter.setRenderHint(QPainter::Antialiasing, false);
        m_icon.paint(&painter, QRect((width() - 20) / 2, 9, 20, 20), Qt::AlignCenter, QIcon::Normal, m_current ? QIcon::On : QIcon::Off);
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(m_current ? tokens.accent : tokens.secondary);
        painter.drawText(QRect(0, 31, width(), 22), Qt::AlignCenter, text());
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            click();
        } else if (event->key() == Qt::Key_Down) {
            focusNextPrevChild(true);
        } else if (event->key() == Qt::Key_Up) {
            focusNextPrevChild(false);
        } else {
            QAbstractButton::keyPressEvent(event);
        }
    }

private:
    const Theme& m_theme;
    QIcon m_icon;
    bool m_current = false;
};

} // namespace

NavigationRail::NavigationRail(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_layout(new QVBoxLayout(this))
{
    setFixedWidth(railWidth);
    setAccessibleName(tr("Pages"));
    m_layout->setContentsMargins(6, space::s, 6, space::s);
    m_layout->setSpacing(space::xs);
    m_layout->addStretch(1);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NavigationRail::addPage(const QString& key, QAction* open)
{
    auto* button = new RailButton(m_theme, open, this);
    button->setObjectName(key);
    m_layout->insertWidget(m_layout->count() - 1, button);
}

void NavigationRail::setCurrent(const QString& key)
{
    const auto buttons = findChildren<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly);
    for (QAbstractButton* button : buttons) {
        static_cast<RailButton*>(button)->setCurrent(button->objectName() == key);
    }
}

void NavigationRail::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.setPen(m_theme.tokens().line);
    painter.drawLine(rect().topRight(), rect().bottomRight());
}

} // namespace counterfoil
