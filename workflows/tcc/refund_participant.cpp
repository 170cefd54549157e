// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/refund_participant.h"

#include "workflows/tcc/divided_funds.h"
#include "workflows/tcc/settlement_hold.h"

#include <algorithm>

namespace counterfoil {

namespace {

EntryHead head(EntryKind kind, const BranchCall& call, const char* step)
{
    return {kind, call.key(step), call.order, call.transaction};
}

/// One taking from one place.
struct Source {
    AccountRef account;
    SubOrderId subOrder;
    Money amount;
    /// None: from what is available.
    HoldId settlement;
};

QString movementKey(const BranchCall& call, const char* step, HoldId hold)
{
    return QStringLiteral("%1:%2").arg(call.key(step)).arg(hold.value());
}

/// Where each share comes from. Nothing is changed, so that a refusal leaves nothing behind.
Result<std::vector<Source>> sourcesOf(UnitOfWork& work, const BranchCall& call, const DividedFunds& funds)
{
    std::vector<Source> sources;
    std::map<HoldId, Money> takenOfHold;
    std::map<AccountRef, Money> takenOfAccount;
    for (const DividedFunds::Share& share : funds.shares) {
        const AccountRef merchant = AccountRef::merchant(share.merchant, share.net.currency());
        const Account& account = work.account(merchant);
        if (share.net.isPositive() && account.status != AccountStatus::Open) {
            return fail(ErrorCode::AccountClosed, account.id.toText());
        }
        Money missing = share.net;
        for (const Hold& hold : work.holds.all()) {
            const bool fits = hold.order == call.order && hold.subOrder == share.subOrder && hold.account == account.id && hold.reason == HoldReason::Settlement && hold.state == HoldState::Open;
            if (!fits || !missing.isPositive()) {
                continue;
            }
            Money& taken = takenOfHold.try_emplace(hold.id, Money::zero(hold.currency)).first->second;
            const Money amount(std::min(missing.minor(), hold.remaining.minor() - taken.minor()), hold.currency);
            if (amount.isPositive()) {
                sources.push_back({merchant, share.subOrder, amount, hold.id});
                CF_ASSIGN(taken, taken.plus(amount));
                CF_ASSIGN(missing, missing.minus(amount));
            }
        }
        if (missing.isPositive()) {
            Money& taken = takenOfAccount.try_emplace(merchant, Money::zero(missing.currency())).first->second;
            CF_ASSIGN(taken, taken.plus(missing));
            if (account.available.minor() < taken.minor()) {
                return fail(ErrorCode::InsufficientFunds, QStringLiteral("the merchant's account %1 has %2 available, %3 is needed")
                                                              .arg(account.id.toText(), account.available.toText(), taken.toText()));
            }
            sources.push_back({merchant, share.subOrder, missing, {}});
        }
    }
    return sources;
}

std::vector<HoldId> openRefundHolds(UnitOfWork& work, const BranchCall& call)
{
    return work.holds.keysWhere([&](const Hold& hold) { return hold.transaction == call.transaction && hold.reason == HoldReason::Refund && hold.state == HoldState::Open; });
}

Result<std::vector<PostingDraft>> confirmLines(const DividedFunds& funds)
{
    const Currency currency = funds.walletPart.currency();
    std::vector<PostingDraft> lines;
    Money commission = Money::zero(currency);
    for (const DividedFunds::Share& share : funds.shares) {
        CF_TRY(addLine(lines, AccountRef::merchant(share.merchant, currency), Bucket::Frozen, share.net.negated()));
        CF_ASSIGN(commission, commission.plus(share.commission));
    }
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Fees, currency), Bucket::Available, commission.negated()));
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Promotions, currency), Bucket::Available, funds.platformDiscount));
    CF_TRY(addLine(lines, AccountRef::wallet(funds.buyer, currency), Bucket::Available, funds.walletPart));
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Clearing, currency), Bucket::Available, funds.gatewayPart));
    return lines;
}

} // namespace

Result<void> RefundParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const DividedFunds funds, DividedFunds::fromJson(call.args));
    // Confirming asks no questions any more, so the wallet is asked now.
    if (const Account& wallet = work.account(AccountRef::wallet(funds.buyer, funds.walletPart.currency())); funds.walletPart.isPositive() && wallet.status != AccountStatus::Open) {
        return fail(ErrorCode::AccountClosed, wallet.id.toText());
    }
    CF_ASSIGN(const std::vector<Source> sources, sourcesOf(work, call, funds));
    std::vector<PostingDraft> lines;
    for (const Source& source : sources) {
        UtcTime releaseAt;
        if (source.settlement.isNone()) {
            CF_TRY(addLine(lines, source.account, Bucket::Available, source.amount.negated()));
            CF_TRY(addLine(lines, source.account, Bucket::Frozen, source.amount));
        } else {
            releaseAt = work.holds.at(source.settlement).releaseAt;
            CF_TRY(consumeHold(work, source.settlement, HoldMovementKind::Release, source.amount, movementKey(call, "try", source.settlement), {}));
        }
        openHold(work, {source.account, source.amount, HoldReason::Refund, call.order, source.subOrder, releaseAt, call.transaction});
    }
    if (!lines.empty()) {
        CF_TRY(post(work, head(EntryKind::Freeze, call, "try"), lines));
    }
    return {};
}

Result<void> RefundParticipant::confirm(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const DividedFunds funds, DividedFunds::fromJson(call.args));
    CF_ASSIGN(const std::vector<PostingDraft> lines, confirmLines(funds));
    CF_ASSIGN(const LedgerEntryId entry, post(work, head(EntryKind::Refund, call, "confirm"), lines));
    for (const HoldId id : openRefundHolds(work, call)) {
        const Hold& hold = work.holds.at(id);
        const Money amount = hold.remaining;
        if (hold.releaseAt.isNone()) {
            // It was settled, and so billed.
            Account& account = work.accounts.edit(hold.account);
            CF_ASSIGN(account.billed, account.billed.minus(amount));
        }
        CF_TRY(consumeHold(work, id, HoldMovementKind::Capture, amount, movementKey(call, "confirm", id), entry));
    }
    if (funds.walletPart.isPositive()) {
        Account& wallet = work.accounts.edit(work.account(AccountRef::wallet(funds.buyer, funds.walletPart.currency())).id);
        CF_ASSIGN(wallet.billed, wallet.billed.minus(funds.walletPart));
    }
    return {};
}

Result<void> RefundParticipant::cancel(UnitOfWork& work, const BranchCall& call) const
{
    const std::vector<HoldId> holds = openRefundHolds(work, call);
    std::vector<PostingDraft> lines;
    for (const HoldId id : holds) {
        const Hold& hold = work.holds.at(id);
        if (hold.releaseAt.isNone()) {
            const AccountRef owner = work.accounts.at(hold.account).ref();
            CF_TRY(addLine(lines, owner, Bucket::Frozen, hold.remaining.negated()));
            CF_TRY(addLine(lines, owner, Bucket::Available, hold.remaining));
        }
    }
    LedgerEntryId entry;
    if (!lines.empty()) {
        CF_ASSIGN(entry, post(work, head(EntryKind::Release, call, "cancel"), lines));
    }
    for (const HoldId id : holds) {
        const Hold hold = work.holds.at(id);
        const bool settles = !hold.releaseAt.isNone();
        CF_TRY(consumeHold(work, id, HoldMovementKind::Release, hold.remaining, movementKey(call, "cancel", id), settles ? LedgerEntryId() : entry));
        if (settles) {
            // With its own date, which may have passed: then it is released at once.
            holdForSettlement(work, {work.accounts.at(hold.account).ref(), hold.remaining, HoldReason::Settlement, hold.order, hold.subOrder, hold.releaseAt, {}});
        }
    }
    return {};
}

} // namespace counterfoil
