// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/environment_banner.h"

#include <QPainter>

namespace counterfoil {

namespace {
constexpr int bannerHeight = 26;
} // namespace

EnvironmentBanner::EnvironmentBanner(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    describe();
}

void EnvironmentBanner::setEnvironment(const QString& environment)
{
    m_environment = environment;
    describe();
}

void EnvironmentBanner::setConnectionLost(bool lost)
{
    m_lost = lost;
    describe();
}

void EnvironmentBanner::describe()
{
    setAccessibleName(words());
    setVisible(m_lost || !m_environment.isEmpty());
    update();
}

QString EnvironmentBanner::words() const
{
    if (m_lost) {
        return tr("CONNECTION LOST · What you see may be out of date. Trying again…");
    }
    if (m_environment == QLatin1String("live")) {
        return tr("LIVE · Real money");
    }
    if (m_environment == QLatin1String("sandbox")) {
        return tr("SANDBOX · No real money moves here");
    }
    return m_environment.isEmpty() ? QString() : tr("NOT KNOWN · This database does not say whether its money is real");
}

QSize EnvironmentBanner::sizeHint() const
{
    return {200, bannerHeight};
}

void EnvironmentBanner::paintEvent(QPaintEvent*)
{
    const bool live = m_environment == QLatin1String("live");
    const ToneColours& colours = m_theme.tokens().tone(m_lost ? Tone::Danger : live ? Tone::Danger : Tone::Warning);
    QPainter painter(this);
    painter.fillRect(rect(), colours.soft);
    painter.setPen(m_theme.tokens().line);
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    const Icon icon = m_lost ? Icon::Disconnected : live ? Icon::Lock : Icon::Info;
    painter.drawPixmap(space::l, (height() - 16) / 2, iconPixmap(icon, 16, colours.text, devicePixelRatioF()));
    const QString text = words();
    const qsizetype dot = text.indexOf(QStringLiteral(" · "));
    painter.setPen(colours.text);
    painter.setFont(m_theme.font(TextRole::Strong));
    QRect at = rect().adjusted(space::l + 16 + space::s, 0, -space::l, -1);
    const QString head = text.left(dot);
    painter.drawText(at, Qt::AlignVCenter | Qt::AlignLeft, head);
    at.setLeft(at.left() + painter.fontMetrics().horizontalAdvance(head) + space::s);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.drawText(at, Qt::AlignVCenter | Qt::AlignLeft, text.mid(dot + 3));
}

} // namespace counterfoil
