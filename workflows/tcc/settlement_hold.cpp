// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/settlement_hold.h"

namespace counterfoil {

HoldId holdForSettlement(UnitOfWork& work, const HoldDraft& draft)
{
    require(draft.reason == HoldReason::Settlement && !draft.releaseAt.isNone(), "a settlement has its date");
    const HoldId hold = openHold(work, draft);
    Job job;
    job.id = work.ids().next<JobId>();
    job.kind = JobKind::SettlementRelease;
    job.order = draft.order;
    job.subject = hold.value();
    job.dedupeKey = QStringLiteral("settlement:%1").arg(hold.value());
    job.dueAt = draft.releaseAt;
    job.createdAt = work.now();
    work.jobs.add(job);
    return hold;
}

} // namespace counterfoil
