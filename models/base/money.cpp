// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/money.h"

#include "models/base/planted_bug.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace counterfoil {

namespace {

__extension__ typedef __int128 Wide;

Result<qint64> narrow(Wide value)
{
    if (value > std::numeric_limits<qint64>::max() || value < std::numeric_limits<qint64>::min()) {
        return fail(ErrorCode::AmountOverflow, QStringLiteral("an amount is beyond 64 bits"));
    }
    return static_cast<qint64>(value);
}

Result<Money> checked(Wide minor, Currency currency)
{
    CF_ASSIGN(const qint64 value, narrow(minor));
    return Money(value, currency);
}

Result<void> sameCurrency(const Money& a, const Money& b)
{
    if (a.currency() != b.currency()) {
        return fail(ErrorCode::CurrencyMismatch,
                    QStringLiteral("%1 and %2 can't be added").arg(a.currency().code(), b.currency().code()));
    }
    return {};
}

} // namespace

Result<Money> Money::plus(const Money& other) const
{
    CF_TRY(sameCurrency(*this, other));
    return checked(Wide{m_minor} + other.m_minor, m_currency);
}

Result<Money> Money::minus(const Money& other) const
{
    CF_TRY(sameCurrency(*this, other));
    return checked(Wide{m_minor} - other.m_minor, m_currency);
}

Result<Money> Money::times(qint64 factor) const
{
    return checked(Wide{m_minor} * factor, m_currency);
}

Result<Money> Money::negated() const
{
    return checked(-Wide{m_minor}, m_currency);
}

QString Money::toDecimal() const
{
    // The magnitude is taken as unsigned, so that the smallest amount prints too.
    const quint64 magnitude = m_minor < 0 ? ~static_cast<quint64>(m_minor) + 1 : static_cast<quint64>(m_minor);
    QString digits = QString::number(magnitude);
    const int decimals = m_currency.minorDigits();
    if (decimals > 0) {
        digits = digits.rightJustified(decimals + 1, u'0');
        digits.insert(digits.size() - decimals, u'.');
    }
    return m_minor < 0 ? QChar(u'-') + digits : digits;
}

Result<Money> Money::fromDecimal(QStringView text, Currency currency)
{
    const auto invalid = [&] {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("'%1' is not an amount in %2").arg(text.left(32), currency.code()));
    };
    const bool negative = text.startsWith(u'-');
    QStringView rest = negative || text.startsWith(u'+') ? text.mid(1) : text;
    const qsizetype point = rest.indexOf(u'.');
    const QStringView whole = point < 0 ? rest : rest.left(point);
    const QStringView decimals = point < 0 ? QStringView() : rest.mid(point + 1);
    if (whole.isEmpty() || (point >= 0 && decimals.isEmpty()) || decimals.size() > currency.minorDigits()) {
        return invalid();
    }
    Wide value = 0;
    const auto append = [&value](QStringView part) {
        for (const QChar c : part) {
            if (c < u'0' || c > u'9') {
                return false;
            }
            // Stops growing once it is certainly beyond 64 bits, so that no number of digits wraps.
            if (value <= Wide{std::numeric_limits<qint64>::max()} * 10) {
                value = value * 10 + (c.unicode() - u'0');
            }
        }
        return true;
    };
    if (!append(whole) || !append(decimals)) {
        return invalid();
    }
    for (qsizetype i = decimals.size(); i < currency.minorDigits(); ++i) {
        value *= 10;
    }
    return checked(negative ? -value : value, currency);
}

Result<Money> sum(std::span<const Money> amounts, Currency currency)
{
    Money total = Money::zero(currency);
    for (const Money& amount : amounts) {
        CF_ASSIGN(total, total.plus(amount));
    }
    return total;
}

Result<qint64> multiplyDivide(qint64 numerator, qint64 factor, qint64 divisor)
{
    require(divisor > 0, "multiplyDivide needs a positive divisor");
    const Wide product = Wide{numerator} * factor;
    const Wide magnitude = product < 0 ? -product : product;
    Wide quotient = magnitude / divisor;
    const Wide twice = (magnitude % divisor) * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 == 1)) {
        ++quotient;
    }
    return narrow(product < 0 ? -quotient : quotient);
}

Result<Money> BasisPoints::of(const Money& amount) const
{
    CF_ASSIGN(const qint64 minor, multiplyDivide(amount.minor(), m_value, 10'000));
    return Money(minor, amount.currency());
}

Result<std::vector<Money>> allocate(const Money& amount, std::span<const qint64> weights)
{
    Wide total = 0;
    for (const qint64 weight : weights) {
        if (weight < 0) {
            return fail(ErrorCode::InvalidAmount, QStringLiteral("a weight is negative"));
        }
        total += weight;
    }
    std::vector<Money> parts(weights.size(), Money::zero(amount.currency()));
    if (amount.isZero()) {
        return parts;
    }
    if (total == 0) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("nothing to divide %1 by").arg(amount.toText()));
    }
    if (total > std::numeric_limits<qint64>::max()) {
        return fail(ErrorCode::AmountOverflow, QStringLiteral("the weights sum beyond 64 bits"));
    }
    const Wide magnitude = amount.isNegative() ? -Wide{amount.minor()} : Wide{amount.minor()};
    std::vector<Wide> shares(weights.size());
    std::vector<Wide> remainders(weights.size());
    Wide left = magnitude;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide product = magnitude * weights[i];
        shares[i] = product / total;
        remainders[i] = product % total;
        left -= shares[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    // What is left is smaller than the number of parts with a remainder, so a zero weight is never reached.
    for (std::size_t k = 0; left > 0 && !isPlanted(PlantedBug::RemainderDropped); ++k, --left) {
        ++shares[order[k]];
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        CF_ASSIGN(parts[i], checked(amount.isNegative() ? -shares[i] : shares[i], amount.currency()));
    }
    return parts;
}

} // namespace counterfoil
