// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

enum class CaseQueueColumn { Severity, Kind, OrderNo, Detail, Amount, DueAt, OpenedAt, Owner, Id, Count };

/// Cases in the order in which they are due. Columns: CaseQueueColumn.
class CaseQueueTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit CaseQueueTable(ReadExecutor& executor, QObject* parent = nullptr);

    const CaseFilter& filter() const { return m_filter; }
    /// Begins at the top.
    void setFilter(const CaseFilter& filter);
    bool isMoney(int column) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// None while the row isn't there.
    CaseId caseAt(int row) const;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;

private:
    CaseFilter m_filter;
};

} // namespace counterfoil
