// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "views/widgets/page.h"

namespace counterfoil {

class AccountsTable;
class DataTable;
class FilterBar;
class PlainLabel;

/// All accounts with available, frozen, total and billed; Enter opens one.
class AccountsPage : public Page {
    Q_OBJECT
public:
    explicit AccountsPage(const PageContext& context, QWidget* parent = nullptr);

    void setFilter(const AccountFilter& filter);
    const AccountFilter& filter() const;

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_table; }

private:
    void fillKinds();
    void connectTable();
    void changeFilter(const AccountFilter& filter);
    void showChips();
    void showEmptiness();

    AccountsTable* m_model;
    PlainLabel* m_count;
    FilterBar* m_bar;
    DataTable* m_table;
    AccountFilter m_filter;
    bool m_started = false;
    bool m_shown = false;
    bool m_failed = false;
};

} // namespace counterfoil
