// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/order_filter_menus.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "views/widgets/day_range_menu.h"
#include "views/widgets/filter_dialogs.h"
#include "views/widgets/words.h"

#include <QAction>
#include <QMenu>

namespace counterfoil {

namespace {

/// A state of somebody's own workflow must not underline a letter or open a column.
QString stateText(const QString& state)
{
    return visibleText(lookOf(state).word, 48).replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace

OrderFilterMenus::OrderFilterMenus(const PageContext& context, FilterBar* bar, QObject* parent)
    : QObject(parent),
      m_context(context),
      m_bar(bar),
      m_states(bar->addMenu(tr("State"), Icon::Flag)),
      m_dates(new DayRangeMenu(context, bar, {tr("Placed"), {tr("Placed between"), tr("Show orders")}, tr("Placed %1"), tr("Placed %1 to %2")}))
{
    fillStates();
    connect(m_dates, &DayRangeMenu::rangeChosen, this, [this](UtcTime from, UtcTime to) {
        OrderFilter filter = m_filter;
        filter.placedFrom = from;
        filter.placedTo = to;
        change(filter);
    });
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

void OrderFilterMenus::askBuyer()
{
    FilterTextDialog dialog(m_context.theme, {tr("Orders of a buyer"), tr("Show orders")}, tr("Buyer"), tr("Name, e-mail or reference"), m_bar->window());
    dialog.setText(m_filter.buyer);
    if (dialog.exec() == QDialog::Accepted) {
        OrderFilter filter = m_filter;
        filter.buyer = dialog.text();
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
    m_dates->setRange(filter.placedFrom, filter.placedTo);
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
    chips += m_dates->chips();
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
