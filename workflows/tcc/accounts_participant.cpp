// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/accounts_participant.h"

#include "workflows/tcc/divided_funds.h"
#include "workflows/tcc/settlement_hold.h"

namespace counterfoil {

namespace {

const Hold* paymentHold(UnitOfWork& work, const BranchCall& call, AccountId account)
{
    return work.holds.findIn(call.order, [account](const Hold& hold) {
        return hold.account == account && hold.reason == HoldReason::Payment && hold.state == HoldState::Open;
    });
}

EntryHead head(EntryKind kind, const BranchCall& call, const char* step)
{
    return {kind, call.key(step), call.order, call.transaction};
}

} // namespace

Result<void> AccountsParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const DividedFunds funds, DividedFunds::fromJson(call.args));
    if (funds.walletPart.isZero()) {
        return {};
    }
    const AccountRef wallet = AccountRef::wallet(funds.buyer, funds.walletPart.currency());
    CF_ASSIGN(const Money taken, funds.walletPart.negated());
    CF_TRY(post(work, head(EntryKind::Freeze, call, "try"), {{wallet, Bucket::Available, taken}, {wallet, Bucket::Frozen, funds.walletPart}}));
    openHold(work, {wallet, funds.walletPart, HoldReason::Payment, call.order, {}, {}});
    return {};
}

Result<void> AccountsParticipant::confirm(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const DividedFunds funds, DividedFunds::fromJson(call.args));
    const Currency currency = funds.walletPart.currency();
    const AccountRef wallet = AccountRef::wallet(funds.buyer, currency);
    std::vector<PostingDraft> lines;
    CF_TRY(addLine(lines, wallet, Bucket::Frozen, funds.walletPart.negated()));
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Clearing, currency), Bucket::Available, funds.gatewayPart.negated()));
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Promotions, currency), Bucket::Available, funds.platformDiscount.negated()));
    Money commission = Money::zero(currency);
    for (const DividedFunds::Share& share : funds.shares) {
        CF_TRY(addLine(lines, AccountRef::merchant(share.merchant, currency), Bucket::Frozen, share.net));
        CF_ASSIGN(commission, commission.plus(share.commission));
    }
    CF_TRY(addLine(lines, AccountRef::system(AccountKind::Fees, currency), Bucket::Available, commission));
    if (lines.empty()) {
        return {};
    }
    CF_ASSIGN(const LedgerEntryId entry, post(work, head(EntryKind::Payment, call, "confirm"), lines));
    if (funds.walletPart.isPositive()) {
        Account& account = work.accounts.edit(work.account(wallet).id);
        CF_ASSIGN(account.billed, account.billed.plus(funds.walletPart));
        const Hold* hold = paymentHold(work, call, account.id);
        if (!hold) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 has no hold to capture").arg(call.order.toText()));
        }
        CF_TRY(consumeHold(work, hold->id, HoldMovementKind::Capture, funds.walletPart, call.key("confirm"), entry));
    }
    for (const DividedFunds::Share& share : funds.shares) {
        if (share.net.isPositive()) {
            holdForSettlement(work, {AccountRef::merchant(share.merchant, currency), share.net, HoldReason::Settlement, call.order, share.subOrder, work.now() + m_settlementDelay});
        }
    }
    return {};
}

Result<void> AccountsParticipant::cancel(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const DividedFunds funds, DividedFunds::fromJson(call.args));
    if (funds.walletPart.isZero()) {
        return {};
    }
    const AccountRef wallet = AccountRef::wallet(funds.buyer, funds.walletPart.currency());
    const Hold* hold = paymentHold(work, call, work.account(wallet).id);
    if (!hold) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 has no hold to release").arg(call.order.toText()));
    }
    const HoldId id = hold->id;
    CF_ASSIGN(const Money taken, funds.walletPart.negated());
    CF_ASSIGN(const LedgerEntryId entry, post(work, head(EntryKind::Release, call, "cancel"), {{wallet, Bucket::Frozen, taken}, {wallet, Bucket::Available, funds.walletPart}}));
    return consumeHold(work, id, HoldMovementKind::Release, funds.walletPart, call.key("cancel"), entry);
}

} // namespace counterfoil
