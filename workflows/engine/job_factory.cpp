// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/job_factory.h"

namespace counterfoil {

void addJob(UnitOfWork& work, const JobDraft& draft)
{
    if (const Job* known = work.jobs.findIn(draft.dedupeKey, [](const Job& job) { return job.state != JobState::Done && job.state != JobState::Cancelled; })) {
        Job& job = work.jobs.edit(known->id);
        if (job.state == JobState::Ready) {
            job.dueAt = std::min(job.dueAt, draft.dueAt);
        } else if (job.state == JobState::Leased) {
            // Another moment than the one it was claimed for is what tells the runner to run it again.
            job.dueAt = std::max(draft.dueAt, work.now() + Duration::milliseconds(1));
        }
        return;
    }
    Job job;
    job.id = work.ids().next<JobId>();
    job.kind = draft.kind;
    job.order = draft.order;
    job.subject = draft.subject;
    job.dedupeKey = draft.dedupeKey;
    job.payload = draft.payload;
    job.dueAt = draft.dueAt;
    job.createdAt = work.now();
    work.jobs.add(job);
}

void openCase(UnitOfWork& work, const CaseDraft& draft)
{
    if (work.hasOpenCase(draft.dedupeKey)) {
        return;
    }
    InterventionCase row;
    row.id = work.ids().next<CaseId>();
    row.kind = draft.kind;
    row.severity = draft.severity;
    row.order = draft.order;
    row.dedupeKey = draft.dedupeKey;
    row.detail = draft.detail.left(2000);
    row.openedAt = work.now();
    if (const Order* order = work.orders.find(draft.order)) {
        row.amount = order->payable;
        row.currency = order->currency;
    }
    row.dueAt = row.openedAt + serviceLevel(row.severity, row.amount);
    work.cases.add(row);
    work.audit(QStringLiteral("worker"), QStringLiteral("case.opened"), row.id.toText(), {}, draft.kind, row.detail);
}

} // namespace counterfoil
