// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/coupon.h"
#include "models/domain/split.h"

#include <optional>
#include <vector>

namespace counterfoil {

/// One line after the catalogue was consulted: list amount and the merchant's own discount.
struct PricedLine {
    SplitLine split;
    Money amount;
    Money merchantDiscount;
    BasisPoints commission;
};

/// A coupon to apply, with everything that decides it.
struct BasketRequest {
    Currency currency;
    std::vector<PricedLine> lines;
    std::vector<Coupon> coupons;
    Money shipping;
    SplitStrategy strategy = SplitStrategy::Merchant;
    Funding funding = Funding::Gateway;
    std::optional<Money> walletPart;
    UtcTime at;
};

struct BasketLine {
    int group = 0;
    Money merchantDiscount;
    Money platformDiscount;
    Money shipping;
};

/// One merchant's part of one group; becomes a transaction detail.
struct BasketShare {
    int group = 0;
    MerchantId merchant;
    Money goods;
    Money merchantDiscount;
    Money platformDiscount;
    Money shipping;
    Money gross;
    Money commission;
};

/// A priced basket whose sums hold by construction:
/// goods − discount + shipping = payable = walletPart + gatewayPart, Σ share.gross = payable + platformDiscount.
struct Basket {
    std::vector<BasketLine> lines;
    std::vector<BasketShare> shares;
    int groups = 0;
    /// What each coupon took off, in the order of the request.
    std::vector<Money> couponDiscounts;
    Money goods;
    Money discount;
    Money platformDiscount;
    Money shipping;
    Money payable;
    Money walletPart;
    Money gatewayPart;
};

/// Prices a basket: coupons in the given order, each on what the ones before left; merchant-funded ones reduce the merchant's
/// share, platform-funded ones don't. Discounts and shipping are allocated to lines, so that every later partial refund is exact.
/// Two coupons go together only if both are stackable. Errors: CouponNotApplicable, AmountOverflow, InvalidAmount (a wallet part
/// above the payable amount).
Result<Basket> priceBasket(const BasketRequest& request);

} // namespace counterfoil
