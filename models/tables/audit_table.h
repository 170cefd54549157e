// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/audit_trail_reads.h"
#include "models/tables/audit_columns.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

/// The audit trail, newest first. Columns: AuditColumn.
class AuditTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit AuditTable(ReadExecutor& executor, QObject* parent = nullptr);
    void setFilter(const AuditFilter& filter);
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    /// Its order is known where the subject is one.
    RowIdentity identityOf(const PagedRow& row) const override;
};

} // namespace counterfoil
