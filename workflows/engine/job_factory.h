// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"

namespace counterfoil {

/// What a new job is to be.
struct JobDraft {
    JobKind kind = JobKind::OrderEvent;
    OrderId order;
    /// See Job::subject.
    qint64 subject = 0;
    QString dedupeKey;
    UtcTime dueAt;
    QString payload;
};

/// Adds a job, unless one with the same key is there: one that waits is brought forward to `dueAt`, one that runs just now runs again
/// at `dueAt`.
void addJob(UnitOfWork& work, const JobDraft& draft);

/// What a new case is to be.
struct CaseDraft {
    QString kind;
    CaseSeverity severity = CaseSeverity::Warning;
    OrderId order;
    QString dedupeKey;
    QString detail;
};

/// Opens a case, unless its cause has one already.
void openCase(UnitOfWork& work, const CaseDraft& draft);

} // namespace counterfoil
