// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"

#include <optional>
#include <vector>

namespace counterfoil {

/// Facts of a line that a trusted source (an import of past orders) states itself instead of our catalogue: prices as they
/// were charged, and what is needed to add the product to the catalogue.
struct StatedLine {
    QString productRef;
    QString productName;
    QString category;
    QString merchantRef;
    QString merchantName;
    Money unitPrice;
    /// List total of the line, and what its merchant takes off.
    Money amount;
    Money merchantDiscount;
    /// See OrderItem::roundingMicros.
    qint64 roundingMicros = 0;
};

struct NewOrderLine {
    QString sku;
    QString specification;
    qint64 quantity = 0;
    /// Code of the warehouse to take it from; empty lets checkout choose the one with the most saleable stock.
    QString warehouse;
    std::optional<StatedLine> stated;
};

/// What a caller asks for: the same for the HTTP interface, NDJSON and CSV imports. Validated for form only; whether it can be
/// done is decided by checkout.
struct NewOrder {
    QString orderNo;
    QString buyerRef;
    QString buyerName;
    QString buyerEmail;
    QString buyerSegment;
    Currency currency;
    QString channel;
    UtcTime placedAt;
    std::vector<NewOrderLine> lines;
    Money shipping;
    std::vector<QString> couponCodes;
    Funding funding = Funding::Gateway;
    /// With Funding::Both: the wallet's part; half of the payable amount when not given.
    std::optional<Money> walletPart;
    /// The gateway's token of the means of payment; needed unless the wallet pays everything.
    QString paymentMethod;
    SplitStrategy splitStrategy = SplitStrategy::Merchant;
    /// A past order's shipment, as the source states it; none for a live order.
    UtcTime shippedAt;
    QString carrier;
    /// Stock that is booked in when an import meets a SKU at a warehouse for the first time.
    qint64 openingStock = 0;
    /// Imports only: when the wallet doesn't cover its part, a bank transfer tops it up by the missing amount, rounded up to
    /// a multiple of this. Zero: no top-up, checkout refuses.
    Money topUpMultiple;
};

/// Limits that hold for every source: 1 to 200 lines, quantities 1 to 1,000,000, amounts up to 10^12 minor units.
/// Errors: MissingField, QuantityOutOfRange, InvalidAmount, CurrencyMismatch, TooLarge; the detail names the line.
Result<void> validate(const NewOrder& order);

/// A hash over everything that the caller asked for: tells a repetition from another order under the same number.
QString contentHash(const NewOrder& order);

} // namespace counterfoil
