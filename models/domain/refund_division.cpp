// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/refund_division.h"

#include <array>

namespace counterfoil {

namespace {

/// What of `whole` goes along now, if `now` of `now + later` goes.
Result<Money> partOf(const Money& whole, const Money& now, const Money& later)
{
    if (whole.isZero()) {
        return whole;
    }
    const std::array weights{now.minor(), later.minor()};
    CF_ASSIGN(const std::vector<Money> parts, allocate(whole, weights));
    return parts.front();
}

std::unexpected<Error> exceeded(const Money& asked, const Money& left)
{
    return fail(ErrorCode::RefundExceeded, QStringLiteral("%1 asked for, %2 is left to refund").arg(asked.toText(), left.toText()));
}

/// The parts of one share that go with `paid` of it. `ofOrder` and `orderLeft`: the refund as a whole and what is left behind it, for a
/// share that the platform paid alone.
Result<RefundShare> divideShare(const RefundShare& left, const Money& paid, const Money& ofOrder, const Money& orderLeft)
{
    RefundShare share;
    share.paid = paid;
    CF_ASSIGN(const Money paidLater, left.paid.minus(paid));
    if (left.paid.isZero()) {
        CF_ASSIGN(share.platformDiscount, partOf(left.platformDiscount, ofOrder, orderLeft));
    } else {
        CF_ASSIGN(share.platformDiscount, partOf(left.platformDiscount, paid, paidLater));
    }
    CF_ASSIGN(const Money gross, share.gross());
    CF_ASSIGN(const Money grossLeft, left.gross());
    CF_ASSIGN(const Money grossLater, grossLeft.minus(gross));
    // Nothing but the commission of nothing is left where there is no gross; a discount that took all of it has no weight either.
    const Money zero = Money::zero(paid.currency());
    CF_ASSIGN(share.commission, grossLeft.isZero() ? Result<Money>(zero) : partOf(left.commission, gross, grossLater));
    CF_ASSIGN(share.merchantDiscount, grossLeft.isZero() ? Result<Money>(zero) : partOf(left.merchantDiscount, gross, grossLater));
    return share;
}

Result<void> fitGatewayStep(RefundParts& parts, const RefundParts& left)
{
    const qint64 over = parts.gateway.minor() % left.gatewayStep;
    if (over == 0) {
        return {};
    }
    // Down if the wallet can take it, up if it can give it.
    const qint64 up = left.gatewayStep - over;
    const bool isRoom = parts.wallet.minor() + over <= left.wallet.minor();
    if (!isRoom && (parts.wallet.minor() < up || parts.gateway.minor() + up > left.gateway.minor())) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 by the gateway, which gives back multiples of %2").arg(parts.gateway.toText()).arg(left.gatewayStep));
    }
    const Money moved(isRoom ? over : -up, parts.currency);
    CF_ASSIGN(parts.gateway, parts.gateway.minus(moved));
    CF_ASSIGN(parts.wallet, parts.wallet.plus(moved));
    return {};
}

Result<Money> less(const Money& left, const Money& taken)
{
    CF_ASSIGN(const Money rest, left.minus(taken));
    if (rest.isNegative() || taken.isNegative()) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 can't be taken from %2").arg(taken.toText(), left.toText()));
    }
    return rest;
}

} // namespace

Result<Money> RefundShare::gross() const
{
    return paid.plus(platformDiscount);
}

Result<Money> RefundShare::net() const
{
    CF_ASSIGN(const Money before, gross());
    return before.minus(commission);
}

Result<Money> RefundParts::amount() const
{
    return wallet.plus(gateway);
}

Result<Money> RefundParts::platformDiscount() const
{
    Money total = Money::zero(currency);
    for (const RefundShare& share : shares) {
        CF_ASSIGN(total, total.plus(share.platformDiscount));
    }
    return total;
}

Result<RefundParts> RefundParts::without(const RefundParts& taken) const
{
    require(shares.size() == taken.shares.size(), "a refund is of the same shares");
    RefundParts rest = *this;
    CF_ASSIGN(rest.wallet, less(wallet, taken.wallet));
    CF_ASSIGN(rest.gateway, less(gateway, taken.gateway));
    for (std::size_t i = 0; i < shares.size(); ++i) {
        CF_ASSIGN(rest.shares[i].paid, less(shares[i].paid, taken.shares[i].paid));
        CF_ASSIGN(rest.shares[i].platformDiscount, less(shares[i].platformDiscount, taken.shares[i].platformDiscount));
        CF_ASSIGN(rest.shares[i].commission, less(shares[i].commission, taken.shares[i].commission));
        CF_ASSIGN(rest.shares[i].merchantDiscount, less(shares[i].merchantDiscount, taken.shares[i].merchantDiscount));
    }
    return rest;
}

Result<RefundParts> divideRefund(const Money& amount, const RefundParts& left)
{
    CF_ASSIGN(const Money whole, left.amount());
    CF_ASSIGN(const Money rest, whole.minus(amount));
    if (!amount.isPositive()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a refund of %1").arg(amount.toText()));
    }
    if (rest.isNegative()) {
        return exceeded(amount, whole);
    }
    std::vector<qint64> weights;
    for (const RefundShare& share : left.shares) {
        weights.push_back(share.paid.minor());
    }
    CF_ASSIGN(const std::vector<Money> paid, allocate(amount, weights));
    return divideRefund(paid, left);
}

Result<RefundParts> divideRefund(std::span<const Money> paidOfShares, const RefundParts& left)
{
    require(paidOfShares.size() == left.shares.size(), "a refund is of the same shares");
    CF_ASSIGN(const Money amount, sum(paidOfShares, left.currency));
    CF_ASSIGN(const Money whole, left.amount());
    CF_ASSIGN(const Money rest, whole.minus(amount));
    if (!amount.isPositive()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a refund of %1").arg(amount.toText()));
    }
    if (rest.isNegative()) {
        return exceeded(amount, whole);
    }
    RefundParts parts;
    parts.currency = left.currency;
    for (std::size_t i = 0; i < paidOfShares.size(); ++i) {
        CF_ASSIGN(const Money later, left.shares[i].paid.minus(paidOfShares[i]));
        if (later.isNegative() || paidOfShares[i].isNegative()) {
            return exceeded(paidOfShares[i], left.shares[i].paid);
        }
        CF_ASSIGN(const RefundShare share, divideShare(left.shares[i], paidOfShares[i], amount, rest));
        parts.shares.push_back(share);
    }
    const std::array weights{left.wallet.minor(), left.gateway.minor()};
    CF_ASSIGN(const std::vector<Money> funds, allocate(amount, weights));
    parts.wallet = funds[0];
    parts.gateway = funds[1];
    CF_TRY(fitGatewayStep(parts, left));
    return parts;
}

Result<Money> paidForQuantity(const Money& left, qint64 quantityLeft, qint64 quantity)
{
    if (quantity <= 0 || quantity > quantityLeft) {
        return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("%1 asked for, %2 left to refund").arg(quantity).arg(quantityLeft));
    }
    const std::array weights{quantity, quantityLeft - quantity};
    CF_ASSIGN(const std::vector<Money> parts, allocate(left, weights));
    return parts.front();
}

} // namespace counterfoil
