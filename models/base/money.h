// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/currency.h"

#include <QMetaType>

#include <span>
#include <vector>

namespace counterfoil {

/// An exact amount: whole minor units of one currency. There is no way from a floating-point number to a Money.
/// Arithmetic is checked: an overflow or a mixture of currencies is an error value, never a wrap.
class Money {
public:
    constexpr Money() = default;
    constexpr Money(qint64 minor, Currency currency) : m_minor(minor), m_currency(currency) {}
    Money(double, Currency) = delete;

    static constexpr Money zero(Currency currency) { return {qint64{0}, currency}; }

    constexpr qint64 minor() const { return m_minor; }
    constexpr Currency currency() const { return m_currency; }
    constexpr bool isZero() const { return m_minor == 0; }
    constexpr bool isNegative() const { return m_minor < 0; }
    constexpr bool isPositive() const { return m_minor > 0; }

    /// Errors: CurrencyMismatch, AmountOverflow.
    Result<Money> plus(const Money& other) const;
    /// Errors: CurrencyMismatch, AmountOverflow.
    Result<Money> minus(const Money& other) const;
    /// Errors: AmountOverflow.
    Result<Money> times(qint64 factor) const;
    /// Errors: AmountOverflow (only for the smallest representable amount).
    Result<Money> negated() const;

    /// Plain decimal with the currency's digits, '.' and no grouping: `-1234.50`, `7` (JPY). Exact and locale-free.
    QString toDecimal() const;
    /// `1234.50 USD`, for logs and reports.
    QString toText() const { return toDecimal() + QChar(u' ') + m_currency.code(); }

    /// Reads what toDecimal writes: optional sign, digits, at most the currency's number of decimals (missing ones are
    /// zeros). Errors: InvalidAmount (also for exponents, grouping, spaces, too many decimals), AmountOverflow.
    static Result<Money> fromDecimal(QStringView text, Currency currency);

    friend constexpr bool operator==(const Money&, const Money&) = default;

private:
    qint64 m_minor = 0;
    Currency m_currency;
};

/// The sum of all; zero in `currency` for none. Errors: CurrencyMismatch, AmountOverflow.
Result<Money> sum(std::span<const Money> amounts, Currency currency);

/// Hundredths of a percent: 250 is 2.5 %. Multiplying rounds half to even, on a 128-bit intermediate.
class BasisPoints {
public:
    constexpr BasisPoints() = default;
    explicit constexpr BasisPoints(qint32 value) : m_value(value) {}
    constexpr qint32 value() const { return m_value; }

    /// `amount × value / 10,000`, rounded half to even. Errors: AmountOverflow.
    Result<Money> of(const Money& amount) const;

    friend constexpr auto operator<=>(const BasisPoints&, const BasisPoints&) = default;

private:
    qint32 m_value = 0;
};

/// `numerator × factor / divisor` rounded half to even on a 128-bit intermediate. Requires divisor > 0.
/// Errors: AmountOverflow.
Result<qint64> multiplyDivide(qint64 numerator, qint64 factor, qint64 divisor);

/// Divides `amount` by weights, so that the parts sum to the whole: largest remainder, ties to the lowest index, zero
/// weight gets zero, a negative amount mirrors the positive one. Every split in the program uses it (10-domain).
/// Errors: InvalidAmount (no weights, a negative weight, or all zero while the amount is not), AmountOverflow.
Result<std::vector<Money>> allocate(const Money& amount, std::span<const qint64> weights);

} // namespace counterfoil

Q_DECLARE_METATYPE(counterfoil::Money)
