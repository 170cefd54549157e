// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/accounts_participant.h"

#include "workflows/tcc/settlement_hold.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

/// 64-bit numbers travel as text: JSON numbers are exact only to 2^53.
QString number(qint64 value)
{
    return QString::number(value);
}

qint64 number(const QJsonObject& json, const char* field)
{
    return json.value(QLatin1String(field)).toString().toLongLong();
}

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

QJsonObject PaymentFunds::toJson() const
{
    QJsonArray list;
    for (const Share& share : shares) {
        list.append(QJsonObject{{QStringLiteral("sub_order"), number(share.subOrder.value())}, {QStringLiteral("merchant"), number(share.merchant.value())},
                                {QStringLiteral("net"), number(share.net.minor())}, {QStringLiteral("commission"), number(share.commission.minor())}});
    }
    return {{QStringLiteral("buyer"), number(buyer.value())}, {QStringLiteral("currency"), walletPart.currency().code()},
            {QStringLiteral("wallet"), number(walletPart.minor())}, {QStringLiteral("gateway"), number(gatewayPart.minor())},
            {QStringLiteral("promotions"), number(platformDiscount.minor())}, {QStringLiteral("shares"), list}};
}

Result<PaymentFunds> PaymentFunds::fromJson(const QJsonObject& json)
{
    const auto currency = Currency::parse(json.value(QStringLiteral("currency")).toString());
    if (!currency) {
        return fail(ErrorCode::Integrity, QStringLiteral("the accounts branch has no currency"));
    }
    PaymentFunds funds;
    funds.buyer = CustomerId(number(json, "buyer"));
    funds.walletPart = Money(number(json, "wallet"), *currency);
    funds.gatewayPart = Money(number(json, "gateway"), *currency);
    funds.platformDiscount = Money(number(json, "promotions"), *currency);
    for (const QJsonValue& value : json.value(QStringLiteral("shares")).toArray()) {
        const QJsonObject share = value.toObject();
        funds.shares.push_back({SubOrderId(number(share, "sub_order")), MerchantId(number(share, "merchant")), Money(number(share, "net"), *currency),
                                Money(number(share, "commission"), *currency)});
    }
    return funds;
}

Result<void> AccountsParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const PaymentFunds funds, PaymentFunds::fromJson(call.args));
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
    CF_ASSIGN(const PaymentFunds funds, PaymentFunds::fromJson(call.args));
    const Currency currency = funds.walletPart.currency();
    const AccountRef wallet = AccountRef::wallet(funds.buyer, currency);
    std::vector<PostingDraft> lines;
    const auto add = [&lines](const AccountRef& account, Bucket bucket, const Result<Money>& amount) -> Result<void> {
        CF_ASSIGN(const Money value, amount);
        if (!value.isZero()) {
            lines.push_back({account, bucket, value});
        }
        return {};
    };
    CF_TRY(add(wallet, Bucket::Frozen, funds.walletPart.negated()));
    CF_TRY(add(AccountRef::system(AccountKind::Clearing, currency), Bucket::Available, funds.gatewayPart.negated()));
    CF_TRY(add(AccountRef::system(AccountKind::Promotions, currency), Bucket::Available, funds.platformDiscount.negated()));
    Money commission = Money::zero(currency);
    for (const PaymentFunds::Share& share : funds.shares) {
        CF_TRY(add(AccountRef::merchant(share.merchant, currency), Bucket::Frozen, share.net));
        CF_ASSIGN(commission, commission.plus(share.commission));
    }
    CF_TRY(add(AccountRef::system(AccountKind::Fees, currency), Bucket::Available, commission));
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
    for (const PaymentFunds::Share& share : funds.shares) {
        if (share.net.isPositive()) {
            holdForSettlement(work, {AccountRef::merchant(share.merchant, currency), share.net, HoldReason::Settlement, call.order, share.subOrder, work.now() + m_settlementDelay});
        }
    }
    return {};
}

Result<void> AccountsParticipant::cancel(UnitOfWork& work, const BranchCall& call) const
{
    CF_ASSIGN(const PaymentFunds funds, PaymentFunds::fromJson(call.args));
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
