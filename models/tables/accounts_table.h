// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/tables/account_columns.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

/// Accounts with their balances. Columns: AccountColumn.
class AccountsTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit AccountsTable(ReadExecutor& executor, QObject* parent = nullptr);

    const AccountFilter& filter() const { return m_filter; }
    void setFilter(const AccountFilter& filter);

    bool isMoney(int column) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// None while the row isn't there.
    AccountId accountAt(int row) const;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;

private:
    AccountFilter m_filter;
};

} // namespace counterfoil
