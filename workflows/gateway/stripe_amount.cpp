// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/stripe_amount.h"

#include <algorithm>
#include <array>

namespace counterfoil {

namespace {

constexpr std::array zeroDecimal{"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array threeDecimal{"BHD", "JOD", "KWD", "OMR", "TND"};

int stripeDigits(Currency currency)
{
    const auto isIn = [code = currency.code()](const auto& list) {
        return std::ranges::any_of(list, [&](const char* known) { return code == QLatin1String(known); });
    };
    return isIn(zeroDecimal) ? 0 : isIn(threeDecimal) ? 3 : 2;
}

Result<qint64> rescale(qint64 amount, int fromDigits, int toDigits)
{
    for (; fromDigits < toDigits; ++fromDigits) {
        if (__builtin_mul_overflow(amount, qint64{10}, &amount)) {
            return fail(ErrorCode::AmountOverflow, QStringLiteral("the amount is too large for the gateway's unit"));
        }
    }
    for (; fromDigits > toDigits; --fromDigits) {
        if (amount % 10 != 0) {
            return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 has more decimals than can be expressed").arg(amount));
        }
        amount /= 10;
    }
    return amount;
}

} // namespace

Result<qint64> toStripeAmount(const Money& money)
{
    if (money.isNegative()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 is negative").arg(money.toText()));
    }
    const int digits = stripeDigits(money.currency());
    CF_ASSIGN(const qint64 amount, rescale(money.minor(), money.currency().minorDigits(), digits));
    if (digits == 3 && amount % 10 != 0) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1: the gateway takes amounts of this currency in steps of 0.010").arg(money.toText()));
    }
    return amount;
}

Result<Money> fromStripeAmount(qint64 amount, Currency currency)
{
    if (amount < 0) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 is negative").arg(amount));
    }
    CF_ASSIGN(const qint64 minor, rescale(amount, stripeDigits(currency), currency.minorDigits()));
    return Money(minor, currency);
}

} // namespace counterfoil
