// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/job_reads.h"
#include "models/tables/job_queue_columns.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

/// The durable queue: what is to come, next first, or what is over, newest first. Columns: JobQueueColumn.
class JobQueueTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit JobQueueTable(ReadExecutor& executor, QObject* parent = nullptr);

    const JobFilter& filter() const { return m_filter; }
    void setFilter(const JobFilter& filter);
    /// The moment from which `in 5 min` is reckoned.
    void setNow(UtcTime now);

    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// None while the row isn't there.
    JobId jobAt(int row) const;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;

private:
    JobFilter m_filter;
    UtcTime m_now;
};

/// The id of what a job is about, by its kind: `exch_…` for one that sends, `hold_…` for a settlement. Empty for none.
QString jobSubjectText(const Job& job);
/// How its last attempt failed: the class in words, then the text. Empty if none failed.
QString jobErrorText(const Job& job);

} // namespace counterfoil
