// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "models/base/money.h"
#include "workflows/services/import/exact_decimal.h"

#include <limits>

using namespace counterfoil;

namespace {

__extension__ typedef __int128 Wide;

bool fits(Wide value)
{
    return value >= std::numeric_limits<qint64>::min() && value <= std::numeric_limits<qint64>::max();
}

/// Right if it is the exact value, or AmountOverflow where 64 bits don't hold that.
void exactly(const Result<Money>& result, Wide exact)
{
    require(result.has_value() == fits(exact), "an amount is refused exactly when it is beyond 64 bits");
    require(result ? result->minor() == static_cast<qint64>(exact) : result.error().code == ErrorCode::AmountOverflow,
            "an amount is exact");
}

void reading(QStringView text, Currency currency)
{
    const Result<Money> money = Money::fromDecimal(text, currency);
    if (!money) {
        const ErrorCode code = money.error().code;
        require(code == ErrorCode::InvalidAmount || code == ErrorCode::AmountOverflow, "a refused amount says why");
        return;
    }
    const QString printed = money->toDecimal();
    require(Money::fromDecimal(printed, currency) == *money, "what is printed reads as the same amount");
    require(money->toText() == printed + u' ' + currency.code(), "the text is the decimal and the currency");
    // What was read differs from what is printed by signs and zeros only.
    QString digits = text.toString().remove(u'.').remove(u'+').remove(u'-');
    const qsizetype decimals = text.contains(u'.') ? text.size() - 1 - text.indexOf(u'.') : 0;
    digits += QString(currency.minorDigits() - decimals, u'0');
    require(Wide{digits.toULongLong()} == (money->minor() < 0 ? -Wide{money->minor()} : Wide{money->minor()}), "all digits count");
}

void arithmetic(const Money& a, const Money& b)
{
    const Wide x = a.minor();
    const Wide y = b.minor();
    exactly(a.plus(b), x + y);
    exactly(a.minus(b), x - y);
    exactly(a.times(b.minor()), x * y);
    exactly(a.negated(), -x);
    const auto rate = static_cast<qint32>(b.minor() % 10'001);
    const Wide product = x * rate;
    const Wide magnitude = product < 0 ? -product : product;
    const Wide floor = magnitude / 10'000;
    const Wide rest = magnitude % 10'000;
    const Wide rounded = floor + (rest > 5'000 || (rest == 5'000 && floor % 2 == 1) ? 1 : 0);
    exactly(BasisPoints(rate).of(a), product < 0 ? -rounded : rounded);
}

void dividing(const Money& amount, std::span<const qint64> weights)
{
    const Result<std::vector<Money>> parts = allocate(amount, weights);
    Wide total = 0;
    bool negative = false;
    for (const qint64 weight : weights) {
        total += weight;
        negative = negative || weight < 0;
    }
    const bool possible = !negative && (amount.isZero() || (total > 0 && fits(total)));
    require(parts.has_value() == possible, "an amount is divided whenever that means something");
    if (!parts) {
        return;
    }
    require(parts->size() == weights.size(), "a part for each weight");
    Wide left = amount.minor();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Money& part = (*parts)[i];
        left -= part.minor();
        require(weights[i] != 0 || part.isZero(), "zero weight gets zero");
        if (!amount.isZero()) {
            // |part − amount × weight ÷ total| < 1
            const Wide off = Wide{part.minor()} * total - Wide{amount.minor()} * weights[i];
            require(off < total && -off < total, "a part is within one minor unit of its share");
        }
    }
    require(left == 0 || weights.empty(), "the parts sum to the whole");
}

void pricing(QStringView netText, QStringView rateText, Currency currency)
{
    const Result<ExactDecimal> net = ExactDecimal::parse(netText);
    const Result<ExactDecimal> rate = ExactDecimal::parse(rateText);
    if (!net || !rate) {
        return;
    }
    const Result<LinePrice> price = priceFromNet(*net, *rate, currency);
    if (!price) {
        return;
    }
    require(price->list.minus(price->discount) == price->net, "list less discount is net");
    require(!price->net.isNegative() && !price->discount.isNegative(), "a line costs something and a discount takes something off");
    require(price->roundingMicros >= -500'000 && price->roundingMicros <= 500'000, "what rounding changed is at most half a unit");
}

} // namespace

// A currency, two amounts, and weights, each on a line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QList<QByteArrayView> lines = inputLines(inputOf(data, size), 4);
    const QString first = QString::fromUtf8(lines[1]);
    const QString second = QString::fromUtf8(lines[2]);
    const Result<Currency> currency = Currency::parse(QString::fromUtf8(lines[0]));
    if (!currency) {
        require(currency.error().code == ErrorCode::UnknownCurrency, "a text that is no currency is UnknownCurrency");
        return 0;
    }
    require(Currency::parse(currency->code()) == *currency, "a currency reads as what it prints");
    require(Currency::parse(currency->lowerCode()) == *currency, "also in lower case");
    require(currency->minorDigits() >= 0 && currency->minorDigits() <= 4, "ISO 4217 knows up to four decimals");
    reading(first, *currency);
    reading(second, *currency);
    pricing(first, second, *currency);
    const Result<Money> a = Money::fromDecimal(first, *currency);
    const Result<Money> b = Money::fromDecimal(second, *currency);
    if (a && b) {
        arithmetic(*a, *b);
    }
    std::vector<qint64> weights;
    for (const QByteArray& text : lines[3].toByteArray().split('\n')) {
        bool isNumber = false;
        const qint64 weight = text.toLongLong(&isNumber);
        if (isNumber && weights.size() < 64) {
            weights.push_back(weight);
        }
    }
    if (a) {
        dividing(*a, weights);
    }
    return 0;
}
