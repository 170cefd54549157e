// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/ledger.h"

#include "models/base/planted_bug.h"

namespace counterfoil {

Result<LedgerEntryId> post(UnitOfWork& work, const EntryHead& head, const std::vector<PostingDraft>& lines)
{
    CF_TRY(checkBalanced(lines));
    LedgerEntry entry;
    entry.id = work.ids().next<LedgerEntryId>();
    entry.idempotencyKey = head.idempotencyKey;
    entry.kind = head.kind;
    entry.order = head.order;
    entry.transaction = head.transaction;
    entry.createdAt = work.now();
    int number = 0;
    for (const PostingDraft& line : lines) {
        Account& account = work.accounts.edit(work.account(line.account).id);
        CF_TRY(applyPosting(account, line.bucket, line.amount));
        work.postings.add({entry.id, ++number, account.id, line.bucket, line.amount.currency(), line.amount, account.balance(line.bucket)});
    }
    work.entries.add(entry);
    return entry.id;
}

HoldId openHold(UnitOfWork& work, const HoldDraft& draft)
{
    Hold hold;
    hold.id = work.ids().next<HoldId>();
    hold.account = work.account(draft.account).id;
    hold.currency = draft.amount.currency();
    hold.amount = draft.amount;
    hold.remaining = draft.amount;
    hold.reason = draft.reason;
    hold.order = draft.order;
    hold.subOrder = draft.subOrder;
    hold.createdAt = work.now();
    hold.releaseAt = draft.releaseAt;
    hold.transaction = draft.transaction;
    return work.holds.add(hold).id;
}

Result<void> consumeHold(UnitOfWork& work, HoldId id, HoldMovementKind kind, const Money& amount, const QString& key, LedgerEntryId entry)
{
    Hold& hold = work.holds.edit(id);
    if (isPlanted(PlantedBug::HoldReleasedTwice) && kind == HoldMovementKind::Release) {
        return {};
    }
    CF_TRY(consume(hold, kind, amount));
    work.movements.add({work.ids().next<HoldMovementId>(), id, key, kind, amount.currency(), amount, entry, work.now()});
    return {};
}

Result<void> addLine(std::vector<PostingDraft>& lines, const AccountRef& account, Bucket bucket, const Result<Money>& amount)
{
    CF_ASSIGN(const Money value, amount);
    if (!value.isZero()) {
        lines.push_back({account, bucket, value});
    }
    return {};
}

} // namespace counterfoil
