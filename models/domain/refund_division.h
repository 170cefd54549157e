// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"

#include <span>
#include <vector>

namespace counterfoil {

/// One merchant's part of one sub-order, as far as a refund is concerned.
struct RefundShare {
    /// By the buyer, from wallet and gateway.
    Money paid;
    /// By the platform, for the discounts that it bears.
    Money platformDiscount;
    Money commission;
    /// Borne by the merchant: nobody paid it, statements show it.
    Money merchantDiscount;

    /// paid + platformDiscount: what the merchant had before the commission.
    Result<Money> gross() const;
    /// gross − commission: what the merchant gives back.
    Result<Money> net() const;
};

/// What is left of a payment to be refunded, or what a refund takes of it: the same parts. wallet + gateway = Σ share.paid.
struct RefundParts {
    Currency currency;
    Money wallet;
    Money gateway;
    std::vector<RefundShare> shares;
    /// The gateway gives back multiples of so many minor units; the wallet takes the difference.
    qint64 gatewayStep = 1;

    /// wallet + gateway.
    Result<Money> amount() const;
    /// Σ share.platformDiscount.
    Result<Money> platformDiscount() const;
    /// What is left after `taken`, which has as many shares. Errors: Integrity (a part would be overdrawn).
    Result<RefundParts> without(const RefundParts& taken) const;
};

/// Divides a refund of `amount` by what is left of each part, with allocate() only (10-domain): no sequence of refunds overdraws a
/// part, and what is refunded last takes exactly the rest.
/// Errors: InvalidAmount (not positive, or not in the gateway's steps), RefundExceeded (more than is left), CurrencyMismatch, AmountOverflow.
Result<RefundParts> divideRefund(const Money& amount, const RefundParts& left);

/// The same for a refund whose amount is known per share. Errors also: RefundExceeded per share.
Result<RefundParts> divideRefund(std::span<const Money> paidOfShares, const RefundParts& left);

/// What of `left`, paid for `quantityLeft` pieces, goes with `quantity` of them. Errors: QuantityOutOfRange (more than is left, or none).
Result<Money> paidForQuantity(const Money& left, qint64 quantityLeft, qint64 quantity);

} // namespace counterfoil
