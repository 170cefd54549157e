// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_reads.h"
#include "views/widgets/page.h"

namespace counterfoil {

class DataTable;
class FilterBar;
class OrderFilterMenus;
class OrdersTable;
class PlainLabel;

/// All orders: filters by state, buyer, date and free text; Enter opens one.
class OrdersPage : public Page {
    Q_OBJECT
public:
    explicit OrdersPage(const PageContext& context, QWidget* parent = nullptr);

    /// Replaces what is filtered, also in the filter bar.
    void setFilter(const OrderFilter& filter);
    const OrderFilter& filter() const;

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_table; }

private:
    void connectFilters();
    void connectTable();
    void changeFilter(const OrderFilter& filter);
    void sortBy(int column);
    void showCount();
    void showEmptiness();
    void openRow(const QModelIndex& index);

    OrdersTable* m_model;
    PlainLabel* m_count;
    FilterBar* m_bar;
    OrderFilterMenus* m_menus;
    DataTable* m_table;
    bool m_started = false;
    bool m_shown = false;
    bool m_failed = false;
};

} // namespace counterfoil
