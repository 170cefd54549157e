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

Result<void> releaseSettlementHold(UnitOfWork& work, HoldId id, const QString& actor)
{
    const Hold& hold = work.holds.at(id);
    const Money amount = hold.remaining;
    const AccountId account = hold.account;
    const AccountRef owner = work.accounts.at(account).ref();
    const QString key = QStringLiteral("settlement:%1").arg(id.value());
    CF_ASSIGN(const Money taken, amount.negated());
    CF_ASSIGN(const LedgerEntryId entry, post(work, {EntryKind::Settlement, key, hold.order, {}}, {{owner, Bucket::Frozen, taken}, {owner, Bucket::Available, amount}}));
    Account& merchant = work.accounts.edit(account);
    CF_ASSIGN(merchant.billed, merchant.billed.plus(amount));
    CF_TRY(consumeHold(work, id, HoldMovementKind::Release, amount, key, entry));
    work.audit(actor, QStringLiteral("settlement.released"), id.toText(), {}, amount.toText(), {});
    return {};
}

} // namespace counterfoil
