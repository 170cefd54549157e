// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/exact_decimal.h"

#include <limits>

namespace counterfoil {

namespace {

__extension__ typedef __int128 Wide;

constexpr qsizetype digitsMax = 18;
constexpr qsizetype decimalsMax = 10;
constexpr int rateDecimalsMax = 6;
/// Digits after a whole minor unit that roundingMicros can hold.
constexpr int microDigits = 6;

Wide powerOfTen(int exponent)
{
    Wide power = 1;
    for (int i = 0; i < exponent; ++i) {
        power *= 10;
    }
    return power;
}

/// Both are at most 10^29 here, so that doubling the remainder can't overflow.
Wide divideHalfEven(Wide numerator, Wide divisor)
{
    Wide quotient = numerator / divisor;
    const Wide twice = (numerator % divisor) * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 == 1)) {
        ++quotient;
    }
    return quotient;
}

Result<Money> toMoney(Wide minor, Currency currency)
{
    if (minor > std::numeric_limits<qint64>::max()) {
        return fail(ErrorCode::AmountOverflow, QStringLiteral("an amount is beyond 64 bits"));
    }
    return Money(static_cast<qint64>(minor), currency);
}

} // namespace

Result<ExactDecimal> ExactDecimal::parse(QStringView text)
{
    ExactDecimal number;
    bool point = false;
    qsizetype count = 0;
    for (const QChar c : text) {
        if (c == u'.' && !point && count > 0) {
            point = true;
            continue;
        }
        if (c < u'0' || c > u'9') {
            count = 0;
            break;
        }
        if (++count > digitsMax) {
            return fail(ErrorCode::AmountOverflow, QStringLiteral("'%1' has more than %2 digits").arg(text.left(32)).arg(digitsMax));
        }
        number.digits = number.digits * 10 + (c.unicode() - u'0');
        number.decimals += point ? 1 : 0;
    }
    if (count == 0 || text.back() == u'.' || number.decimals > decimalsMax) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("'%1' is not a plain decimal number").arg(text.left(32)));
    }
    return number;
}

Result<LinePrice> priceFromNet(const ExactDecimal& net, const ExactDecimal& discountRate, Currency currency)
{
    if (net.decimals > currency.minorDigits() + microDigits) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 decimals are too many for an amount in %2").arg(net.decimals).arg(currency.code()));
    }
    const Wide rateScale = powerOfTen(discountRate.decimals);
    const Wide kept = rateScale - discountRate.digits;
    if (discountRate.decimals > rateDecimalsMax || kept <= 0) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a discount rate must be from 0 to less than 1, with at most %1 decimals").arg(rateDecimalsMax));
    }
    const Wide scaled = Wide{net.digits} * powerOfTen(currency.minorDigits());
    const Wide scale = powerOfTen(net.decimals);
    LinePrice price;
    CF_ASSIGN(price.net, toMoney(divideHalfEven(scaled, scale), currency));
    CF_ASSIGN(price.list, toMoney(divideHalfEven(scaled * rateScale, scale * kept), currency));
    CF_ASSIGN(price.discount, price.list.minus(price.net));
    // Exact: `scale` divides by `minorDigits + microDigits` decimals at most. The difference is within half a minor unit.
    price.roundingMicros = static_cast<qint64>((Wide{price.net.minor()} * scale - scaled) * powerOfTen(microDigits) / scale);
    return price;
}

} // namespace counterfoil
