// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/job.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"

#include <QList>

#include <vector>

namespace counterfoil {

/// Which jobs a list shows. Empty fields don't restrict, except that a list without states is of what is to come.
struct JobFilter {
    QList<JobState> states;
    QList<JobKind> kinds;
    /// An order's number, a gateway reference, or the id of the job, the order, or a part of the order. What is none of them finds nothing.
    QString freeText;

    /// Some of it is over: the list is by age, not by when things are due.
    bool isHistory() const;
    friend bool operator==(const JobFilter&, const JobFilter&) = default;
};

/// A job with the number of its order, which is empty if it has none.
struct JobRow {
    Job job;
    QString orderNo;
};

/// What will happen next, in figures.
struct JobSummary {
    qint64 dueNow = 0;
    qint64 later = 0;
    qint64 leased = 0;
    qint64 parked = 0;
    /// The due time of the job that waits longest; none if nothing is due.
    UtcTime oldestDue;
    /// When the next of the later ones is due; none if there is none.
    UtcTime nextDue;
};

/// What is to come: by due time, next first, key (due at, id). History: newest first, key (id, 0), among the newest `newestLookedAt` jobs
/// unless the text names one order or job. Errors of all reads: those of Connection, DatabaseCorrupt.
Result<std::vector<JobRow>> jobPage(Connection& connection, const JobFilter& filter, const PageRequest& request);
Result<qint64> jobCount(Connection& connection, const JobFilter& filter);
Result<qint64> jobCountBefore(Connection& connection, const JobFilter& filter, RowKey key);
RowKey jobKey(const Job& job, const JobFilter& filter);

/// One job, in whatever state it is now. Errors also: NotFound.
Result<JobRow> jobDetail(Connection& connection, JobId id);

/// By partial indexes alone.
Result<JobSummary> jobSummary(Connection& connection, UtcTime now);

} // namespace counterfoil
