// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"

namespace counterfoil {

/// A decimal number as a file writes it, exactly: `digits × 10^−decimals`. There is no floating point on its way to a Money.
struct ExactDecimal {
    qint64 digits = 0;
    int decimals = 0;

    /// Digits with at most one '.', which stands before a digit; no sign, exponent, grouping or space; at most 18 digits, 10
    /// of them decimals. Errors: InvalidAmount, AmountOverflow (more digits).
    static Result<ExactDecimal> parse(QStringView text);
};

/// What a line costs when the file gives its exact net total and a rate of discount.
struct LinePrice {
    /// `net / (1 − rate)`, rounded half to even.
    Money list;
    /// `list − net`.
    Money discount;
    /// The exact net rounded half to even.
    Money net;
    /// Rounded net less exact net, in millionths of a minor unit (OrderItem::roundingMicros).
    qint64 roundingMicros = 0;
};

/// Each amount is rounded once, from the exact value. Errors: InvalidAmount (the net total has more than six decimals of a
/// minor unit, the rate is not in [0, 1)), AmountOverflow.
Result<LinePrice> priceFromNet(const ExactDecimal& net, const ExactDecimal& discountRate, Currency currency);

} // namespace counterfoil
