// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "models/tables/paged_table_model.h"
#include "models/tables/posting_columns.h"

namespace counterfoil {

/// The postings of one account, newest first: the entries that make its balance. Columns: PostingColumn.
class PostingsTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit PostingsTable(ReadExecutor& executor, QObject* parent = nullptr);

    void setFilter(const PostingFilter& filter);
    /// Those that make a figure of the account; the balance is then the sum up to each.
    void explain(const BalanceSlice& slice);

    bool isMoney(int column) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    /// The entry's id.
    RowIdentity identityOf(const PagedRow& row) const override;

private:
    bool m_explains = false;
};

} // namespace counterfoil
