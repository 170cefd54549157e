// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_reads.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/page.h"

class QMenu;

namespace counterfoil {

class DayRangeMenu;

/// The filter menus of the list of orders (state, date, buyer) and the chips that say what is set.
class OrderFilterMenus : public QObject {
    Q_OBJECT
public:
    OrderFilterMenus(const PageContext& context, FilterBar* bar, QObject* parent);

    /// Shows this filter in the menus and chips; emits nothing.
    void show(const OrderFilter& filter);
    const OrderFilter& filter() const { return m_filter; }
    /// Takes one chip's condition out.
    void remove(const QString& key);

Q_SIGNALS:
    void filterChanged(const counterfoil::OrderFilter& filter);

private:
    void fillStates();
    /// Own workflows may have states that the default one doesn't know.
    void addState(const QString& state);
    void askBuyer();
    void toggleState(const QString& state, bool on);
    void change(const OrderFilter& filter);
    QList<FilterChip> chips() const;
    void readCounts();

    const PageContext m_context;
    FilterBar* m_bar;
    QMenu* m_states;
    DayRangeMenu* m_dates;
    OrderFilter m_filter;
};

} // namespace counterfoil
