// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

#include <span>
#include <vector>

namespace counterfoil {

/// Fixed: `value` off. Threshold: `value` off from `threshold` of eligible goods on.
enum class CouponKind { Fixed = 0, Threshold = 1 };
CF_ENUM_NAMES(CouponKind, {CouponKind::Fixed, "fixed"}, {CouponKind::Threshold, "threshold"});

enum class CouponFunding { Platform = 0, Merchant = 1 };
CF_ENUM_NAMES(CouponFunding, {CouponFunding::Platform, "platform"}, {CouponFunding::Merchant, "merchant"});

/// Codes compare case-insensitively: `codeFolded` is the key. `merchant` none = the whole order is eligible.
/// `used` counts locked and used grants together; limits of 0 mean no limit.
struct Coupon {
    CouponId id;
    QString code;
    QString codeFolded;
    CouponKind kind = CouponKind::Fixed;
    Currency currency;
    Money value;
    Money threshold;
    MerchantId merchant;
    CouponFunding fundedBy = CouponFunding::Platform;
    bool stackable = false;
    UtcTime validFrom;
    UtcTime validTo;
    qint64 totalLimit = 0;
    qint64 perCustomerLimit = 0;
    qint64 used = 0;
    qint64 version = 0;
};

enum class GrantState { Available = 0, Locked = 1, Used = 2, Expired = 3 };
CF_ENUM_NAMES(GrantState, {GrantState::Available, "available"}, {GrantState::Locked, "locked"}, {GrantState::Used, "used"}, {GrantState::Expired, "expired"});

/// One customer's use of a coupon.
struct CouponGrant {
    CouponGrantId id;
    CouponId coupon;
    CustomerId customer;
    OrderId order;
    GrantState state = GrantState::Available;
    Currency currency;
    Money discount;
    UtcTime createdAt;
};

/// The comparison form of a code typed by a person.
QString foldCouponCode(const QString& code);

/// A line as coupons see it: what it costs after the merchant's own discount, and who sells it.
struct CouponLine {
    MerchantId seller;
    Money net;
};

/// What one coupon takes off each line, in line order; allocated in proportion to the eligible lines, never more than
/// they cost. Errors: CouponNotApplicable (currency, window, threshold or scope; the detail says which).
Result<std::vector<Money>> couponDiscount(const Coupon& coupon, std::span<const CouponLine> lines, Currency currency, UtcTime at);

} // namespace counterfoil
