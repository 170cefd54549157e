// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/state_path.h"

#include "models/base/text.h"

#include <QPainter>

namespace counterfoil {

namespace {
constexpr int boxHeight = 28;
constexpr int arrowWidth = 28;
constexpr int iconWidth = 16 + space::xs;
} // namespace

StatePath::StatePath(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StatePath::setStops(std::vector<StateStop> stops)
{
    if (stops == m_stops) {
        return;
    }
    m_stops = std::move(stops);
    QStringList words;
    for (const StateStop& stop : m_stops) {
        if (!stop.entered.isNone()) {
            words << lookOf(stop.state).word;
        }
    }
    setAccessibleName(tr("Way through the workflow: %1").arg(visibleText(words.join(QStringLiteral(", ")))));
    updateGeometry();
    update();
}

QSize StatePath::sizeHint() const
{
    return {300, boxHeight + QFontMetrics(m_theme.font(TextRole::Caption)).height() + space::xs};
}

int StatePath::widthOf(const StateStop& stop) const
{
    const QFontMetrics metrics(m_theme.font(stop.present ? TextRole::Strong : TextRole::Body));
    return metrics.horizontalAdvance(visibleText(lookOf(stop.state).word, 40)) + iconWidth + 2 * space::s + 2;
}

std::vector<StateStop> StatePath::fitting(int width) const
{
    std::vector<StateStop> stops = m_stops;
    int needed = -arrowWidth;
    for (const StateStop& stop : stops) {
        needed += widthOf(stop) + arrowWidth;
    }
    while (stops.size() > 2 && needed > width && stops.back().entered.isNone()) {
        needed -= widthOf(stops.back()) + arrowWidth;
        stops.pop_back();
    }
    if (stops.size() <= 3 || needed <= width) {
        return stops;
    }
    // The first and as many of the last as there is room for.
    const StateStop folded{QStringLiteral("…"), UtcTime(1), {}, false};
    needed += widthOf(folded) + arrowWidth;
    std::size_t kept = 1;
    while (stops.size() - kept > 1 && needed > width) {
        needed -= widthOf(stops[kept++]) + arrowWidth;
    }
    stops.erase(stops.begin() + 1, stops.begin() + static_cast<std::ptrdiff_t>(kept));
    stops.insert(stops.begin() + 1, folded);
    return stops;
}

void StatePath::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int x = 0;
    const std::vector<StateStop> stops = fitting(width());
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const StateStop& stop = stops[i];
        const bool ahead = stop.entered.isNone();
        const Look look = lookOf(stop.state);
        const ToneColours& tone = tokens.tone(stop.present ? look.tone : Tone::Neutral);
        const QRect box(x, 0, widthOf(stop), boxHeight);
        if (i > 0) {
            painter.setPen(QPen(tokens.strongLine, 1, ahead ? Qt::DashLine : Qt::SolidLine));
            const int y = boxHeight / 2;
            painter.drawLine(x - arrowWidth + 5, y, x - 6, y);
            painter.setPen(QPen(tokens.strongLine, 1));
            painter.drawLine(x - 10, y - 3, x - 6, y);
            painter.drawLine(x - 10, y + 3, x - 6, y);
        }
        painter.setPen(QPen(stop.present ? tone.text : tokens.line, 1, ahead ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(stop.present ? tone.soft : tokens.surface);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
        const QColor ink = ahead ? tokens.disabled : stop.present ? tone.text : tokens.secondary;
        painter.drawPixmap(box.x() + space::s, (boxHeight - 16) / 2, iconPixmap(look.icon, 16, ink, devicePixelRatioF()));
        painter.setFont(m_theme.font(stop.present ? TextRole::Strong : TextRole::Body));
        painter.setPen(stop.present || ahead ? ink : tokens.text);
        painter.drawText(box.adjusted(space::s + iconWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, visibleText(look.word, 40));
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(tokens.secondary);
        painter.drawText(QRect(box.x(), boxHeight + 2, box.width(), height() - boxHeight - 2), Qt::AlignHCenter | Qt::AlignTop, stop.stayed);
        x += box.width() + arrowWidth;
    }
}

} // namespace counterfoil
