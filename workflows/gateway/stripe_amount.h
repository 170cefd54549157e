// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/money.h"

namespace counterfoil {

/// An amount in the unit that Stripe's API counts in. Mostly the currency's minor unit, but Stripe has its own table: hundredths
/// for ISK, UGX and others that we count in whole units, and three-decimal amounts must end in 0
/// (docs.stripe.com/currencies, "Zero-decimal", "Three-decimal" and "Special cases").
/// Errors: InvalidAmount (negative, or Stripe can't express it), AmountOverflow.
Result<qint64> toStripeAmount(const Money& money);

/// The way back. Errors: InvalidAmount (negative, or a fraction of our minor unit), AmountOverflow.
Result<Money> fromStripeAmount(qint64 amount, Currency currency);

} // namespace counterfoil
