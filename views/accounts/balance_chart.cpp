// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/balance_chart.h"

#include "models/tables/format.h"
#include "views/accounts/axis_ticks.h"
#include "views/widgets/labels.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLegendMarker>
#include <QLineSeries>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

namespace counterfoil {

namespace {

/// Amounts that stand closer are cut short.
constexpr int amountTickHeight = 40;
constexpr int timeTickWidth = 130;
/// As near as a step has to be to be meant, in pixels.
constexpr int reach = 5;

// Floating point is for drawing only.
qreal xOf(UtcTime moment)
{
    return static_cast<qreal>(moment.micros());
}

qreal yOf(const Money& amount)
{
    return static_cast<qreal>(amount.minor());
}

void setTicks(QCategoryAxis* axis, const std::vector<AxisTick>& ticks, qreal low, qreal high)
{
    const QStringList old = axis->categoriesLabels();
    for (const QString& label : old) {
        axis->remove(label);
    }
    axis->setRange(low, high);
    axis->setStartValue(low - 1);
    for (const AxisTick& tick : ticks) {
        axis->append(tick.label, static_cast<qreal>(tick.at));
    }
}

} // namespace

QString pointWords(const BalancePoint& point)
{
    return BalanceChart::tr("%1: %2 available, %3 frozen, %4 billed")
        .arg(formatDateTime(point.at), formatMoneyWithCode(point.available), formatMoneyWithCode(point.frozen), formatMoneyWithCode(point.billed));
}

QString historyWords(const BalanceHistory& history)
{
    QStringList texts;
    for (const auto& [name, figure] : {std::pair{BalanceChart::tr("Available"), &BalancePoint::available}, {BalanceChart::tr("Frozen"), &BalancePoint::frozen}, {BalanceChart::tr("Billed"), &BalancePoint::billed}}) {
        if (history.points.empty()) {
            break;
        }
        const auto amount = [figure = figure](const BalancePoint& point) { return (point.*figure).minor(); };
        const auto [leastAt, mostAt] = std::ranges::minmax_element(history.points, {}, amount);
        const Money least = (*leastAt).*figure;
        const Money most = (*mostAt).*figure;
        const Money first = history.points.front().*figure;
        const Money now = history.points.back().*figure;
        if (least == most) {
            texts << BalanceChart::tr("%1 stayed at %2").arg(name, formatMoneyWithCode(now));
        } else if ((first == least && now == most) || (first == most && now == least)) {
            texts << BalanceChart::tr("%1 went from %2 to %3").arg(name, formatMoney(first), formatMoneyWithCode(now));
        } else {
            texts << BalanceChart::tr("%1 went from %2 to %3, between %4 and %5").arg(name, formatMoney(first), formatMoneyWithCode(now), formatMoney(least), formatMoney(most));
        }
    }
    return texts.join(QStringLiteral(" · "));
}

BalanceChart::BalanceChart(const Theme& theme, QWidget* parent) : QChartView(parent), m_theme(theme), m_times(new QCategoryAxis(this)), m_amounts(new QCategoryAxis(this))
{
    setAccessibleName(tr("Balance over time"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setRenderHint(QPainter::Antialiasing, false);
    setMinimumHeight(150);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setBackgroundRoundness(0);
    chart()->setMargins({space::s, 0, space::m, space::xs});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->legend()->setAlignment(Qt::AlignTop);
    chart()->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    for (QCategoryAxis* axis : {m_times, m_amounts}) {
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    }
    chart()->addAxis(m_times, Qt::AlignBottom);
    chart()->addAxis(m_amounts, Qt::AlignLeft);
    addSeries(m_available, tr("Available"));
    addSeries(m_frozen, tr("Frozen"));
    addSeries(m_billed, tr("Billed"));
    addSeries(m_marker, {});
    chart()->legend()->markers(m_marker).constFirst()->setVisible(false);
    connect(&theme, &Theme::changed, this, &BalanceChart::applyTheme);
    applyTheme();
}

void BalanceChart::addSeries(QLineSeries*& series, const QString& name)
{
    series = new QLineSeries(this);
    series->setName(name);
    chart()->addSeries(series);
    series->attachAxis(m_times);
    series->attachAxis(m_amounts);
}

void BalanceChart::applyTheme()
{
    const Tokens& tokens = m_theme.tokens();
    setBackgroundBrush(tokens.surface);
    chart()->setBackgroundBrush(tokens.surface);
    chart()->legend()->setLabelColor(tokens.text);
    chart()->legend()->setFont(m_theme.font(TextRole::Caption));
    m_available->setPen(QPen(tokens.accent, 2, Qt::SolidLine));
    m_frozen->setPen(QPen(tokens.warning.text, 2, Qt::DashLine));
    m_billed->setPen(QPen(tokens.secondary, 2, Qt::DotLine));
    m_marker->setPen(QPen(tokens.text, 1));
    for (QCategoryAxis* axis : {m_times, m_amounts}) {
        axis->setLabelsColor(tokens.secondary);
        axis->setLabelsFont(m_theme.font(TextRole::Caption));
        axis->setLinePen(QPen(tokens.strongLine, 1));
        axis->setGridLinePen(QPen(tokens.line, 1));
    }
}

void BalanceChart::setHistory(const BalanceHistory& history)
{
    const LedgerEntryId kept = m_chosen > 0 ? m_history.points[static_cast<std::size_t>(m_chosen)].last : LedgerEntryId();
    m_history = history;
    const auto found = kept.isNone() ? history.points.end() : std::ranges::find(history.points, kept, &BalancePoint::last);
    m_chosen = found == history.points.end() ? -1 : static_cast<int>(found - history.points.begin());
    fillSeries();
    fillAxes();
    showChosen();
}

void BalanceChart::fillSeries()
{
    for (const auto& [series, figure] : {std::pair{m_available, &BalancePoint::available}, {m_frozen, &BalancePoint::frozen}, {m_billed, &BalancePoint::billed}}) {
        QList<QPointF> steps;
        for (const BalancePoint& point : m_history.points) {
            if (!steps.isEmpty()) {
                steps.append({xOf(point.at), steps.constLast().y()});
            }
            steps.append({xOf(point.at), yOf(point.*figure)});
        }
        if (!steps.isEmpty()) {
            steps.append({xOf(m_history.to), steps.constLast().y()});
        }
        series->replace(steps);
    }
}

void BalanceChart::fillAxes()
{
    qint64 low = 0;
    qint64 high = 0;
    for (const BalancePoint& point : m_history.points) {
        for (const Money& amount : {point.available, point.frozen, point.billed}) {
            low = std::min(low, amount.minor());
            high = std::max(high, amount.minor());
        }
    }
    const Currency currency = m_history.account.currency;
    if (low == high) {
        high = Money::fromDecimal(u"1", currency)->minor();
    }
    const auto amounts = moneyTicks(low, high, currency, std::clamp(height() / amountTickHeight, 3, 6));
    setTicks(m_amounts, amounts, static_cast<qreal>(amounts.front().at), static_cast<qreal>(amounts.back().at));
    const int room = std::max(2, width() / timeTickWidth);
    auto times = timeTicks(m_history.from, m_history.to, room);
    // At the very end there is room for half of its words only.
    const qint64 margin = (m_history.to - m_history.from).micros() / (2 * room);
    std::erase_if(times, [&](const AxisTick& tick) { return m_history.to.micros() - tick.at < margin / 2; });
    setTicks(m_times, times, xOf(m_history.from), std::max(xOf(m_history.to), xOf(m_history.from) + 1));
    chart()->layout()->invalidate();
    chart()->layout()->activate();
}

void BalanceChart::showChosen()
{
    QString words = historyWords(m_history);
    QList<QPointF> line;
    if (m_chosen >= 0) {
        const BalancePoint& point = m_history.points[static_cast<std::size_t>(m_chosen)];
        line = {{xOf(point.at), m_amounts->min()}, {xOf(point.at), m_amounts->max()}};
        words = tr("Chosen: %1").arg(pointWords(point));
    }
    m_marker->replace(line);
    setAccessibleDescription(words);
}

void BalanceChart::choose(int point)
{
    m_chosen = point >= 0 && point < std::ssize(m_history.points) ? point : -1;
    showChosen();
    Q_EMIT pointChosen(m_chosen);
}

int BalanceChart::pointAt(const QPointF& position) const
{
    const QPointF inChart = chart()->mapFromScene(mapToScene(position.toPoint()));
    if (m_history.points.empty() || !chart()->plotArea().adjusted(-reach, 0, reach, 0).contains(inChart)) {
        return -1;
    }
    // A step that is just missed on its right side is meant too.
    const qreal x = chart()->mapToValue(inChart + QPointF(reach, 0), m_available).x();
    const auto behind = std::ranges::find_if(m_history.points, [x](const BalancePoint& point) { return xOf(point.at) > x; });
    return std::max(0, static_cast<int>(behind - m_history.points.begin()) - 1);
}

void BalanceChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    // There is room for more or fewer words now.
    fillAxes();
}

void BalanceChart::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::LeftButton) {
        const int point = pointAt(event->position());
        if (point >= 0) {
            choose(point);
        }
    }
}

void BalanceChart::mouseMoveEvent(QMouseEvent* event)
{
    const int point = pointAt(event->position());
    if (point >= 0) {
        QToolTip::showText(event->globalPosition().toPoint(), plainToolTip(pointWords(m_history.points[static_cast<std::size_t>(point)])), this);
    } else {
        QToolTip::hideText();
    }
}

void BalanceChart::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_history.points.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left: choose(m_chosen < 0 ? last : std::max(0, m_chosen - 1)); break;
    case Qt::Key_Right: choose(m_chosen < 0 ? 0 : std::min(last, m_chosen + 1)); break;
    case Qt::Key_Home: choose(0); break;
    case Qt::Key_End: choose(last); break;
    case Qt::Key_Escape:
        if (m_chosen >= 0) {
            choose(-1);
            break;
        }
        [[fallthrough]];
    default: QChartView::keyPressEvent(event);
    }
}

void BalanceChart::focusInEvent(QFocusEvent* event)
{
    QChartView::focusInEvent(event);
    chart()->setPlotAreaBackgroundPen(QPen(m_theme.tokens().accent, 1));
    chart()->setPlotAreaBackgroundVisible(true);
}

void BalanceChart::focusOutEvent(QFocusEvent* event)
{
    QChartView::focusOutEvent(event);
    chart()->setPlotAreaBackgroundVisible(false);
}

} // namespace counterfoil
