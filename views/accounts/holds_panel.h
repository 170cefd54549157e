// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "views/widgets/page.h"

class QSortFilterProxyModel;

namespace counterfoil {

class ActionList;
class DataTable;
class HoldsTable;
class PlainLabel;

/// The open holds of an account with age and cause, and what can be done about the chosen one. Enter opens its order.
class HoldsPanel : public QWidget {
    Q_OBJECT
public:
    explicit HoldsPanel(const PageContext& context, QWidget* parent = nullptr);

    void setDetail(const AccountDetail& detail);
    void clear();
    DataTable* table() const { return m_table; }
    ActionList* actions() const { return m_actions; }

private:
    void connectTable();
    void showActions();
    const HoldRow* holdAt(const QModelIndex& index) const;

    const PageContext m_context;
    AccountRow m_account;
    HoldsTable* m_model;
    QSortFilterProxyModel* m_sorted;
    DataTable* m_table;
    ActionList* m_actions;
    PlainLabel* m_remark;
};

} // namespace counterfoil
