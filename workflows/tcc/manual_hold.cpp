// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/manual_hold.h"

namespace counterfoil {

Result<HoldId> freezeManually(UnitOfWork& work, const AccountRef& account, const Money& amount, UtcTime until, const QString& key)
{
    CF_ASSIGN(const Money taken, amount.negated());
    CF_TRY(post(work, {EntryKind::Freeze, key, {}, {}}, {{account, Bucket::Available, taken}, {account, Bucket::Frozen, amount}}));
    HoldDraft draft;
    draft.account = account;
    draft.amount = amount;
    draft.reason = HoldReason::Manual;
    const HoldId hold = openHold(work, draft);
    work.holds.edit(hold).expiresAt = until;
    Job job;
    job.id = work.ids().next<JobId>();
    job.kind = JobKind::HoldExpiry;
    job.subject = hold.value();
    job.dedupeKey = QStringLiteral("hold_expiry:%1").arg(hold.value());
    job.dueAt = until;
    job.createdAt = work.now();
    work.jobs.add(job);
    return hold;
}

Result<void> releaseManualHold(UnitOfWork& work, HoldId id, const QString& key)
{
    const Hold& hold = work.holds.at(id);
    const Money amount = hold.remaining;
    const AccountRef account = work.accounts.at(hold.account).ref();
    CF_ASSIGN(const Money taken, amount.negated());
    CF_ASSIGN(const LedgerEntryId entry, post(work, {EntryKind::Release, key, {}, {}}, {{account, Bucket::Frozen, taken}, {account, Bucket::Available, amount}}));
    return consumeHold(work, id, HoldMovementKind::Release, amount, key, entry);
}

} // namespace counterfoil
