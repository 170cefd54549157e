// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/pricing.h"

#include <algorithm>

namespace counterfoil {

namespace {

Result<void> add(Money& total, const Money& part)
{
    CF_ASSIGN(total, total.plus(part));
    return {};
}

Result<void> applyCoupons(const BasketRequest& request, Basket& basket)
{
    const bool anyExclusive = std::ranges::any_of(request.coupons, [](const Coupon& c) { return !c.stackable; });
    if (request.coupons.size() > 1 && anyExclusive) {
        return fail(ErrorCode::CouponNotApplicable, QStringLiteral("these coupons can't be combined"));
    }
    for (const Coupon& coupon : request.coupons) {
        std::vector<CouponLine> lines;
        for (std::size_t i = 0; i < request.lines.size(); ++i) {
            CF_ASSIGN(Money net, request.lines[i].amount.minus(basket.lines[i].merchantDiscount));
            CF_ASSIGN(net, net.minus(basket.lines[i].platformDiscount));
            lines.push_back({request.lines[i].split.merchant, net});
        }
        CF_ASSIGN(const std::vector<Money> parts, couponDiscount(coupon, lines, request.currency, request.at));
        Money total = Money::zero(request.currency);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            BasketLine& line = basket.lines[i];
            CF_TRY(add(coupon.fundedBy == CouponFunding::Platform ? line.platformDiscount : line.merchantDiscount, parts[i]));
            CF_TRY(add(total, parts[i]));
        }
        basket.couponDiscounts.push_back(total);
    }
    return {};
}

/// Shipping goes to the lines in proportion to what they cost; to the first line if all are free.
Result<void> allocateShipping(const BasketRequest& request, Basket& basket)
{
    std::vector<qint64> weights;
    for (const PricedLine& line : request.lines) {
        weights.push_back(line.amount.minor() - line.merchantDiscount.minor());
    }
    if (std::ranges::all_of(weights, [](qint64 w) { return w == 0; })) {
        weights.front() = 1;
    }
    CF_ASSIGN(const std::vector<Money> parts, allocate(request.shipping, weights));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        basket.lines[i].shipping = parts[i];
    }
    return {};
}

BasketShare& shareOf(Basket& basket, int group, MerchantId merchant, Currency currency)
{
    const auto it = std::ranges::find_if(basket.shares, [&](const BasketShare& s) { return s.group == group && s.merchant == merchant; });
    if (it != basket.shares.end()) {
        return *it;
    }
    const Money zero = Money::zero(currency);
    basket.shares.push_back({group, merchant, zero, zero, zero, zero, zero, zero});
    return basket.shares.back();
}

Result<void> sumUp(const BasketRequest& request, Basket& basket)
{
    for (std::size_t i = 0; i < request.lines.size(); ++i) {
        const PricedLine& priced = request.lines[i];
        const BasketLine& line = basket.lines[i];
        BasketShare& share = shareOf(basket, line.group, priced.split.merchant, request.currency);
        CF_TRY(add(share.goods, priced.amount));
        CF_TRY(add(share.merchantDiscount, line.merchantDiscount));
        CF_TRY(add(share.platformDiscount, line.platformDiscount));
        CF_TRY(add(share.shipping, line.shipping));
        CF_TRY(add(basket.goods, priced.amount));
        CF_TRY(add(basket.discount, line.merchantDiscount));
        CF_TRY(add(basket.discount, line.platformDiscount));
        CF_TRY(add(basket.platformDiscount, line.platformDiscount));
        CF_TRY(add(basket.shipping, line.shipping));
    }
    for (BasketShare& share : basket.shares) {
        CF_ASSIGN(share.gross, share.goods.minus(share.merchantDiscount));
        CF_TRY(add(share.gross, share.shipping));
        const auto priced = std::ranges::find_if(request.lines, [&](const PricedLine& l) { return l.split.merchant == share.merchant; });
        CF_ASSIGN(share.commission, priced->commission.of(share.gross));
    }
    CF_ASSIGN(basket.payable, basket.goods.minus(basket.discount));
    return add(basket.payable, basket.shipping);
}

Result<void> divideFunding(const BasketRequest& request, Basket& basket)
{
    const Money zero = Money::zero(request.currency);
    switch (request.funding) {
    case Funding::Wallet:
        basket.walletPart = basket.payable;
        break;
    case Funding::Gateway:
        basket.walletPart = zero;
        break;
    case Funding::Both:
        basket.walletPart = request.walletPart.value_or(Money(basket.payable.minor() / 2, request.currency));
        break;
    }
    CF_ASSIGN(basket.gatewayPart, basket.payable.minus(basket.walletPart));
    if (basket.walletPart.isNegative() || basket.gatewayPart.isNegative()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a wallet part of %1 doesn't fit into %2").arg(basket.walletPart.toText(), basket.payable.toText()));
    }
    return {};
}

} // namespace

Result<Basket> priceBasket(const BasketRequest& request)
{
    require(!request.lines.empty(), "a basket needs a line");
    const Money zero = Money::zero(request.currency);
    Basket basket;
    basket.goods = basket.discount = basket.platformDiscount = basket.shipping = basket.payable = zero;
    std::vector<SplitLine> splits;
    for (const PricedLine& line : request.lines) {
        splits.push_back(line.split);
        basket.lines.push_back({0, line.merchantDiscount, zero, zero});
    }
    const std::vector<int> groups = splitLines(splits, request.strategy);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        basket.lines[i].group = groups[i];
    }
    basket.groups = *std::ranges::max_element(groups) + 1;
    CF_TRY(applyCoupons(request, basket));
    CF_TRY(allocateShipping(request, basket));
    CF_TRY(sumUp(request, basket));
    CF_TRY(divideFunding(request, basket));
    return basket;
}

} // namespace counterfoil
