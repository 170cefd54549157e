// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/job_reads.h"
#include "views/widgets/fact_list.h"

namespace counterfoil {

/// Everything about a job, in the order in which somebody asks: when, for what, how it went, and what it is called.
QList<Fact> jobFacts(const JobRow& row, UtcTime now);

/// The queue in one line: `12 due now, the oldest since 3 min · 2 running · 340 later, the next in 4 min`.
struct QueueLine {
    QString text;
    /// Something waits longer than it would if a worker ran.
    bool isLate = false;
    /// `1 parked`; empty if none is: those wait for a person.
    QString parked;
};
QueueLine queueLine(const JobSummary& summary, UtcTime now);

} // namespace counterfoil
