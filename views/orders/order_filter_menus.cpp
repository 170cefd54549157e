// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/order_filter_menus.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "views/orders/filter_dialogs.h"
#include "views/widgets/words.h"

#include <QAction>
#include <QDateTime>
#include <QMenu>

namespace counterfoil {

namespace {

UtcTime startOf(const QDate& day)
{
    return UtcTime(day.startOfDay().toMSecsSinceEpoch() * 1000);
}

QDate dayOf(UtcTime moment)
{
    return QDateTime::fromMSecsSinceEpoch(moment.micros() / 1000).toLocalTime().date();
}

/// A state of somebody's own workflow must not underline a letter or open a column.
QString stateText(const QString& state)
{
    return visibleText(lookOf(state).word, 48).replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace

OrderFilterMenus::OrderFilterMenus(const PageContext& context, FilterBar* bar, QObject* parent)
    : QObject(parent), m_context(context), m_bar(bar), m_states(bar->addMenu(tr("State"), Icon::Flag)), m_dates(bar->addMenu(tr("Placed"), Icon::Calendar))
{
    fillStates();
    fillDates();
    bar->addButton(tr("Buyer…"), Icon::User, [this] { askBuyer(); });
    connect(m_states, &QMenu::aboutToShow, this, &OrderFilterMenus::readCounts);
}

void OrderFilterMenus::fillStates()
{
    for (const QString& state : knownOrderStates()) {
        addState(state);
    }
}

void OrderFilterMenus::addState(const QString& state)
{
    QAction* action = m_states->addAction(stateText(state));
    action->setCheckable(true);
    action->setChecked(m_filter.states.contains(state));
    action->setData(state);
    connect(action, &QAction::toggled, this, [this, state](bool on) { toggleState(state, on); });
}

void OrderFilterMenus::fillDates()
{
    const auto add = [this](const QString& title, int first, int last) {
        m_dates->addAction(title, this, [this, first, last] { setDays(first, last); });
    };
    add(tr("Today"), 0, 0);
    add(tr("Yesterday"), 1, 1);
    add(tr("Last 7 days"), 6, 0);
    add(tr("Last 30 days"), 29, 0);
    add(tr("Last 12 months"), 364, 0);
    m_dates->addSeparator();
    m_dates->addAction(tr("Between…"), this, &OrderFilterMenus::askDates);
    m_dates->addAction(tr("Any time"), this, [this] {
        OrderFilter filter = m_filter;
        filter.placedFrom = filter.placedTo = UtcTime();
        change(filter);
    });
}

void OrderFilterMenus::readCounts()
{
    m_context.executor.read(
        this,
        [](Connection& connection) { return stateCounts(connection); },
        [this](const Result<std::vector<StateCount>>& counts) {
            if (!counts) {
                return;
            }
            const auto listed = [this](const StateCount& row) {
                return std::ranges::any_of(m_states->actions(), [&row](const QAction* action) { return action->data().toString() == row.state; });
            };
            for (const StateCount& row : *counts) {
                if (!listed(row)) {
                    addState(row.state);
                }
            }
            for (QAction* action : m_states->actions()) {
                qint64 count = 0;
                for (const StateCount& row : *counts) {
                    count = row.state == action->data().toString() ? row.count : count;
                }
                action->setText(QStringLiteral("%1\t%2").arg(stateText(action->data().toString()), formatCount(count)));
            }
        });
}

void OrderFilterMenus::toggleState(const QString& state, bool on)
{
    OrderFilter filter = m_filter;
    if (on && !filter.states.contains(state)) {
        filter.states << state;
    } else if (!on) {
        filter.states.removeAll(state);
    }
    change(filter);
}

void OrderFilterMenus::setDays(int firstDaysAgo, int lastDaysAgo)
{
    const QDate today = dayOf(m_context.clock.now());
    OrderFilter filter = m_filter;
    filter.placedFrom = startOf(today.addDays(-firstDaysAgo));
    filter.placedTo = startOf(today.addDays(1 - lastDaysAgo));
    change(filter);
}

void OrderFilterMenus::askDates()
{
    const QDate today = dayOf(m_context.clock.now());
    DateRangeDialog dialog(m_context.theme, m_bar->window());
    dialog.setRange(m_filter.placedFrom.isNone() ? today.addDays(-29) : dayOf(m_filter.placedFrom),
                    m_filter.placedTo.isNone() ? today : dayOf(m_filter.placedTo).addDays(-1));
    if (dialog.exec() == QDialog::Accepted) {
        OrderFilter filter = m_filter;
        filter.placedFrom = startOf(dialog.first());
        filter.placedTo = startOf(dialog.last().addDays(1));
        change(filter);
    }
}

void OrderFilterMenus::askBuyer()
{
    BuyerDialog dialog(m_context.theme, m_bar->window());
    dialog.setBuyer(m_filter.buyer);
    if (dialog.exec() == QDialog::Accepted) {
        OrderFilter filter = m_filter;
        filter.buyer = dialog.buyer();
        change(filter);
    }
}

void OrderFilterMenus::change(const OrderFilter& filter)
{
    if (filter == m_filter) {
        return;
    }
    show(filter);
    Q_EMIT filterChanged(filter);
}

void OrderFilterMenus::show(const OrderFilter& filter)
{
    m_filter = filter;
    for (QAction* action : m_states->actions()) {
        const QSignalBlocker quiet(action);
        action->setChecked(filter.states.contains(action->data().toString()));
    }
    m_bar->setChips(chips());
}

QList<FilterChip> OrderFilterMenus::chips() const
{
    QList<FilterChip> chips;
    for (const QString& state : m_filter.states) {
        chips.append({QStringLiteral("state:") + state, lookOf(state).word});
    }
    if (!m_filter.placedFrom.isNone() || !m_filter.placedTo.isNone()) {
        const QString from = m_filter.placedFrom.isNone() ? tr("the beginning") : formatDate(m_filter.placedFrom);
        const QString to = m_filter.placedTo.isNone() ? tr("now") : formatDate(m_filter.placedTo - Duration::seconds(1));
        chips.append({QStringLiteral("date"), from == to ? tr("Placed %1").arg(from) : tr("Placed %1 to %2").arg(from, to)});
    }
    if (!m_filter.buyer.isEmpty()) {
        chips.append({QStringLiteral("buyer"), tr("Buyer %1").arg(m_filter.buyer)});
    }
    return chips;
}

void OrderFilterMenus::remove(const QString& key)
{
    OrderFilter filter = m_filter;
    if (key.startsWith(QLatin1String("state:"))) {
        filter.states.removeAll(key.mid(6));
    } else if (key == QLatin1String("date")) {
        filter.placedFrom = filter.placedTo = UtcTime();
    } else {
        filter.buyer.clear();
    }
    change(filter);
}

} // namespace counterfoil
