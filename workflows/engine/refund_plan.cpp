// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/refund_plan.h"

#include <algorithm>

namespace counterfoil {

namespace {

Result<RefundShare> shareOf(const TransactionDetail& detail)
{
    RefundShare share{{}, detail.platformDiscount, detail.commission, detail.discountBorne};
    CF_ASSIGN(share.paid, detail.gross.minus(detail.platformDiscount));
    return share;
}

/// 30-gateway: amounts with three decimals end with a zero.
qint64 gatewayStepOf(Currency currency)
{
    return currency.minorDigits() == 3 ? 10 : 1;
}

std::vector<TransactionDetail> detailsOf(UnitOfWork& work, TransactionId transaction)
{
    std::vector<TransactionDetail> found;
    std::ranges::copy_if(work.details.all(), std::back_inserter(found), [&](const TransactionDetail& detail) { return detail.transaction == transaction; });
    std::ranges::sort(found, {}, &TransactionDetail::line);
    return found;
}

/// What a refund took, with a share for each of the payment's details.
Result<RefundParts> partsOf(UnitOfWork& work, const PaymentTransaction& refund, const std::vector<TransactionDetail>& paid)
{
    const Money zero = Money::zero(refund.currency);
    RefundParts parts{refund.currency, refund.walletPart, refund.gatewayPart, {paid.size(), RefundShare{zero, zero, zero, zero}}, 1};
    for (const TransactionDetail& detail : detailsOf(work, refund.id)) {
        const auto at = std::ranges::find(paid, detail.line, &TransactionDetail::line);
        if (at == paid.end()) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 has a line %2 that its payment hasn't").arg(refund.id.toText()).arg(detail.line));
        }
        CF_ASSIGN(parts.shares[static_cast<std::size_t>(at - paid.begin())], shareOf(detail));
    }
    return parts;
}

/// How many pieces of an item are left, and what of their price.
struct ItemLeft {
    qint64 quantity = 0;
    Money paid;
};

Result<ItemLeft> leftOf(UnitOfWork& work, const OrderItem& item)
{
    ItemLeft left{item.quantity, item.amount};
    CF_ASSIGN(left.paid, left.paid.minus(item.merchantDiscount));
    CF_ASSIGN(left.paid, left.paid.minus(item.platformDiscount));
    CF_ASSIGN(left.paid, left.paid.plus(item.shipping));
    for (const RefundItem& taken : work.refundItems.all()) {
        if (taken.item == item.id && countsAsRefund(work.transactions.at(taken.transaction))) {
            left.quantity -= taken.quantity;
            CF_ASSIGN(left.paid, left.paid.minus(taken.amount));
        }
    }
    return left;
}

/// The lines' worth per share; adds to the plan what is taken of each.
Result<std::vector<Money>> paidForLines(UnitOfWork& work, OrderId order, const RefundRequest& request, RefundPlan& plan)
{
    const Refundable& from = plan.from;
    std::vector<Money> paid(from.details.size(), Money::zero(from.left.currency));
    for (const RefundLine& line : request.lines) {
        const OrderItem* item = work.items.findIf([&](const OrderItem& i) { return i.order == order && i.line == line.line; });
        if (!item) {
            return fail(ErrorCode::NotFound, QStringLiteral("the order has no line %1").arg(line.line));
        }
        const auto at = std::ranges::find_if(from.details, [&](const TransactionDetail& d) { return d.subOrder == item->subOrder && d.merchant == item->seller; });
        if (at == from.details.end()) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 is in no part of the payment").arg(item->id.toText()));
        }
        CF_ASSIGN(const ItemLeft left, leftOf(work, *item));
        auto amount = paidForQuantity(left.paid, left.quantity, line.quantity);
        if (!amount) {
            return fail(amount.error().code, QStringLiteral("line %1: %2").arg(line.line).arg(amount.error().detail));
        }
        plan.items.push_back({{}, item->id, line.quantity, from.left.currency, *amount});
        Money& share = paid[static_cast<std::size_t>(at - from.details.begin())];
        CF_ASSIGN(share, share.plus(*amount));
    }
    for (std::size_t i = 0; i < paid.size(); ++i) {
        // What was given back beside the goods before is not given back with them once more.
        paid[i] = Money(std::min(paid[i].minor(), from.left.shares[i].paid.minor()), from.left.currency);
    }
    return paid;
}

} // namespace

bool countsAsRefund(const PaymentTransaction& transaction)
{
    return transaction.kind == TransactionKind::Refund && transaction.status != TransactionStatus::Failed && transaction.status != TransactionStatus::Cancelled;
}

Result<Refundable> refundableOf(UnitOfWork& work, OrderId order)
{
    const PaymentTransaction* payment = work.transactions.findIf([&](const PaymentTransaction& t) { return t.order == order && t.kind == TransactionKind::Payment; });
    if (!payment || payment->status != TransactionStatus::Succeeded) {
        return fail(ErrorCode::RefundExceeded, QStringLiteral("%1 is not paid").arg(order.toText()));
    }
    Refundable found{payment->id, detailsOf(work, payment->id), {payment->currency, payment->walletPart, payment->gatewayPart, {}, gatewayStepOf(payment->currency)}};
    for (const TransactionDetail& detail : found.details) {
        CF_ASSIGN(const RefundShare share, shareOf(detail));
        found.left.shares.push_back(share);
    }
    for (const PaymentTransaction& refund : work.transactions.all()) {
        if (refund.order == order && countsAsRefund(refund)) {
            CF_ASSIGN(const RefundParts taken, partsOf(work, refund, found.details));
            CF_ASSIGN(found.left, found.left.without(taken));
        }
    }
    return found;
}

Result<RefundPlan> planRefund(UnitOfWork& work, OrderId order, const RefundRequest& request)
{
    CF_TRY(validate(request));
    RefundPlan plan;
    CF_ASSIGN(plan.from, refundableOf(work, order));
    CF_ASSIGN(const Money whole, plan.from.left.amount());
    if (whole.isZero()) {
        return fail(ErrorCode::RefundExceeded, QStringLiteral("nothing is left to refund of %1").arg(order.toText()));
    }
    if (request.lines.empty()) {
        CF_ASSIGN(plan.parts, divideRefund(request.amount.value_or(whole), plan.from.left));
        return plan;
    }
    CF_ASSIGN(const std::vector<Money> paid, paidForLines(work, order, request, plan));
    if (std::ranges::all_of(paid, &Money::isZero)) {
        return fail(ErrorCode::RefundExceeded, QStringLiteral("nothing is left to refund for these lines"));
    }
    CF_ASSIGN(plan.parts, divideRefund(paid, plan.from.left));
    return plan;
}

} // namespace counterfoil
