// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_builder.h"

#include "models/base/text.h"
#include "workflows/services/import/exact_decimal.h"
#include "workflows/services/import/import_time.h"

namespace counterfoil {

namespace {

constexpr int refLengthMax = 128;
constexpr int nameLengthMax = 256;
constexpr qsizetype slugLengthMax = 64;
constexpr qsizetype skuSuffixDigits = 4;
constexpr qsizetype columnsShownMax = 40;

/// `Copiers & Fax` becomes `copiers-fax`.
QString slugOf(const QString& text)
{
    QString slug;
    for (const QChar c : text.toLower()) {
        if (c.isLetterOrNumber()) {
            slug += c;
        } else if (!slug.isEmpty() && !slug.endsWith(u'-')) {
            slug += u'-';
        }
    }
    if (slug.endsWith(u'-')) {
        slug.chop(1);
    }
    // Cut names must stay apart.
    return slug.size() <= slugLengthMax ? slug : slug.left(slugLengthMax - 9) + u'-' + sha256Hex(text.toUtf8()).left(8);
}

Result<Money> goodsAfterDiscount(const NewOrder& order)
{
    Money total = Money::zero(order.currency);
    for (const NewOrderLine& line : order.lines) {
        CF_ASSIGN(total, total.plus(line.stated->amount));
        CF_ASSIGN(total, total.minus(line.stated->merchantDiscount));
    }
    return total;
}

/// The merchants bear an order-level discount in proportion to what their lines still cost.
Result<void> divideDiscount(const Money& discount, NewOrder& order)
{
    std::vector<qint64> weights;
    for (const NewOrderLine& line : order.lines) {
        weights.push_back(line.stated->amount.minor() - line.stated->merchantDiscount.minor());
    }
    CF_ASSIGN(const std::vector<Money> parts, allocate(discount, weights));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CF_ASSIGN(order.lines[i].stated->merchantDiscount, order.lines[i].stated->merchantDiscount.plus(parts[i]));
    }
    return {};
}

Result<qint64> parseQuantity(const QString& text)
{
    const Result<ExactDecimal> number = ExactDecimal::parse(text);
    if (!number || number->decimals > 0) {
        return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("the quantity '%1' is not a whole number").arg(visibleText(text, 32)));
    }
    return number->digits;
}

} // namespace

Result<qsizetype> OrderBuilder::bindColumn(const QString& column, const QStringList& header) const
{
    const qsizetype at = header.indexOf(column);
    if (at >= 0 && header.indexOf(column, at + 1) >= 0) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the column '%1' is in the file twice").arg(column));
    }
    return at;
}

Result<OrderBuilder> OrderBuilder::create(ColumnMapping mapping, const QStringList& rawHeader)
{
    QStringList header;
    for (const QString& name : rawHeader) {
        header.append(name.trimmed());
    }
    OrderBuilder builder(std::move(mapping));
    builder.m_columns = header.size();
    QStringList missing;
    for (const auto& [field, sources] : builder.m_mapping.fields) {
        for (const ValueSource& source : sources) {
            BoundSource bound{-1, source.constant, source.slug};
            if (!source.column.isEmpty()) {
                CF_ASSIGN(bound.column, builder.bindColumn(source.column, header));
                if (bound.column < 0) {
                    missing.append(source.column);
                }
            }
            builder.m_sources[field].push_back(std::move(bound));
        }
    }
    for (const auto& [column, index] : {std::pair(&builder.m_mapping.skuSuffixColumn, &builder.m_skuSuffixColumn),
                                        std::pair(&builder.m_mapping.acceptColumn, &builder.m_acceptColumn)}) {
        if (!column->isEmpty()) {
            CF_ASSIGN(*index, builder.bindColumn(*column, header));
            if (*index < 0) {
                missing.append(*column);
            }
        }
    }
    if (!missing.isEmpty()) {
        missing.removeDuplicates();
        const QString found = visibleText(header.mid(0, columnsShownMax).join(QStringLiteral("', '")), 1000);
        return fail(ErrorCode::MissingField, QStringLiteral("the mapping needs the columns '%1', which are not among the file's '%2'")
                                                 .arg(missing.join(QStringLiteral("', '")), found));
    }
    return builder;
}

Result<QString> OrderBuilder::value(MappedField field, const QStringList& cells, int lengthMax) const
{
    const auto found = m_sources.find(field);
    if (found == m_sources.end()) {
        return QString();
    }
    for (const BoundSource& source : found->second) {
        const QString raw = source.column < 0 ? source.constant : cells.value(source.column);
        const int rawLengthMax = source.slug ? nameLengthMax : lengthMax;
        CF_ASSIGN(const QString text, parseOptionalLine(raw, rawLengthMax, toString(field).toLatin1().constData()));
        if (!text.isEmpty()) {
            return source.slug ? slugOf(text) : text;
        }
    }
    return QString();
}

Result<QString> OrderBuilder::neededValue(MappedField field, const QStringList& cells, int lengthMax) const
{
    CF_ASSIGN(QString text, value(field, cells, lengthMax));
    if (text.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("%1 is empty").arg(toString(field)));
    }
    return text;
}

Result<Money> OrderBuilder::amount(MappedField field, const QStringList& cells, Currency currency) const
{
    CF_ASSIGN(const QString text, value(field, cells, refLengthMax));
    return text.isEmpty() ? Result<Money>(Money::zero(currency)) : Money::fromDecimal(text, currency);
}

Result<UtcTime> OrderBuilder::time(MappedField field, const QStringList& cells) const
{
    CF_ASSIGN(const QString text, value(field, cells, refLengthMax));
    return text.isEmpty() ? Result<UtcTime>(UtcTime()) : parseImportTime(text, m_mapping.dateFormat);
}

QString OrderBuilder::orderNoOf(const QStringList& cells) const
{
    return value(MappedField::OrderNo, cells, refLengthMax).value_or(QString());
}

Result<NewOrder> OrderBuilder::buildHead(const QStringList& cells) const
{
    if (m_acceptColumn >= 0 && !m_mapping.acceptValues.contains(cells.value(m_acceptColumn).trimmed())) {
        return fail(ErrorCode::UnknownValue, QStringLiteral("%1 is '%2', such orders are not imported")
                                                 .arg(m_mapping.acceptColumn, visibleText(cells.value(m_acceptColumn), 64)));
    }
    NewOrder order;
    CF_ASSIGN(order.orderNo, neededValue(MappedField::OrderNo, cells, refLengthMax));
    CF_ASSIGN(order.buyerRef, neededValue(MappedField::BuyerRef, cells, refLengthMax));
    CF_ASSIGN(order.buyerName, value(MappedField::BuyerName, cells, nameLengthMax));
    CF_ASSIGN(order.buyerEmail, value(MappedField::BuyerEmail, cells, nameLengthMax));
    CF_ASSIGN(order.buyerSegment, value(MappedField::BuyerSegment, cells, refLengthMax));
    CF_ASSIGN(const QString currency, neededValue(MappedField::Currency, cells, refLengthMax));
    CF_ASSIGN(order.currency, Currency::parse(currency));
    CF_ASSIGN(order.channel, value(MappedField::Channel, cells, refLengthMax));
    CF_ASSIGN(order.placedAt, time(MappedField::PlacedAt, cells));
    CF_ASSIGN(order.shippedAt, time(MappedField::ShippedAt, cells));
    CF_ASSIGN(order.carrier, value(MappedField::Carrier, cells, refLengthMax));
    CF_ASSIGN(order.shipping, amount(MappedField::Shipping, cells, order.currency));
    order.splitStrategy = m_mapping.splitStrategy;
    order.openingStock = m_mapping.openingStock;
    const bool topUp = m_mapping.topUpMultiple && m_mapping.topUpMultiple->currency() == order.currency;
    order.topUpMultiple = topUp ? *m_mapping.topUpMultiple : Money::zero(order.currency);
    return order;
}

Result<NewOrderLine> OrderBuilder::buildLine(const QStringList& cells, Currency currency) const
{
    if (cells.size() != m_columns) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the row has %1 columns, the header %2").arg(cells.size()).arg(m_columns));
    }
    NewOrderLine line;
    CF_ASSIGN(line.sku, neededValue(MappedField::Sku, cells, refLengthMax));
    if (m_skuSuffixColumn >= 0) {
        line.sku += u'-' + sha256Hex(cells.at(m_skuSuffixColumn).trimmed().toUtf8()).left(skuSuffixDigits);
    }
    CF_ASSIGN(line.specification, value(MappedField::Specification, cells, nameLengthMax));
    CF_ASSIGN(const QString quantity, neededValue(MappedField::Quantity, cells, refLengthMax));
    CF_ASSIGN(line.quantity, parseQuantity(quantity));
    CF_ASSIGN(line.warehouse, value(MappedField::Warehouse, cells, refLengthMax));
    StatedLine stated;
    CF_ASSIGN(stated.productRef, value(MappedField::ProductRef, cells, refLengthMax));
    CF_ASSIGN(stated.productName, neededValue(MappedField::ProductName, cells, nameLengthMax));
    CF_ASSIGN(stated.category, value(MappedField::Category, cells, nameLengthMax));
    CF_ASSIGN(stated.merchantRef, neededValue(MappedField::MerchantRef, cells, refLengthMax));
    CF_ASSIGN(stated.merchantName, value(MappedField::MerchantName, cells, nameLengthMax));
    if (stated.productRef.isEmpty()) {
        stated.productRef = line.sku;
    }
    stated.amount = Money::zero(currency);
    line.stated = std::move(stated);
    CF_TRY(priceLine(cells, line));
    return line;
}

Result<void> OrderBuilder::priceLine(const QStringList& cells, NewOrderLine& line) const
{
    const Currency currency = line.stated->amount.currency();
    if (line.quantity < 1) {
        return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("the quantity is %1").arg(line.quantity));
    }
    if (m_mapping.has(MappedField::UnitPrice)) {
        CF_ASSIGN(const QString price, neededValue(MappedField::UnitPrice, cells, refLengthMax));
        CF_ASSIGN(line.stated->unitPrice, Money::fromDecimal(price, currency));
        CF_ASSIGN(line.stated->amount, line.stated->unitPrice.times(line.quantity));
        CF_ASSIGN(line.stated->merchantDiscount, amount(MappedField::LineDiscount, cells, currency));
        return {};
    }
    CF_ASSIGN(const QString total, neededValue(MappedField::LineTotal, cells, refLengthMax));
    CF_ASSIGN(const ExactDecimal net, ExactDecimal::parse(total));
    CF_ASSIGN(const QString rateText, value(MappedField::DiscountRate, cells, refLengthMax));
    ExactDecimal rate;
    if (!rateText.isEmpty()) {
        CF_ASSIGN(rate, ExactDecimal::parse(rateText));
    }
    CF_ASSIGN(const LinePrice price, priceFromNet(net, rate, currency));
    CF_ASSIGN(const qint64 unitMinor, multiplyDivide(price.list.minor(), 1, line.quantity));
    line.stated->unitPrice = Money(unitMinor, currency);
    line.stated->amount = price.list;
    line.stated->merchantDiscount = price.discount;
    line.stated->roundingMicros = price.roundingMicros;
    return {};
}

Result<void> OrderBuilder::checkSameOrder(const QStringList& first, const QStringList& cells) const
{
    for (const auto& [field, sources] : m_sources) {
        if (field > MappedField::Total) {
            break;
        }
        for (const BoundSource& source : sources) {
            const QString text = source.column < 0 ? QString() : cells.value(source.column).trimmed();
            if (!text.isEmpty() && text != first.value(source.column).trimmed()) {
                return fail(ErrorCode::MalformedInput,
                            QStringLiteral("%1 is '%2', another than in the order's first row").arg(toString(field), visibleText(text, 64)));
            }
        }
    }
    return {};
}

/// What only the whole order tells: its discount, taxes, total, and who pays.
Result<void> OrderBuilder::settle(const QStringList& first, NewOrder& order) const
{
    CF_ASSIGN(const Money discount, amount(MappedField::Discount, first, order.currency));
    if (discount.isNegative()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("the discount is negative"));
    }
    if (!discount.isZero()) {
        CF_TRY(divideDiscount(discount, order));
    }
    CF_ASSIGN(const Money goods, goodsAfterDiscount(order));
    CF_ASSIGN(Money total, goods.plus(order.shipping));
    if (m_mapping.has(MappedField::Total)) {
        CF_ASSIGN(const QString text, neededValue(MappedField::Total, first, refLengthMax));
        CF_ASSIGN(const Money stated, Money::fromDecimal(text, order.currency));
        CF_ASSIGN(const Money taxes, amount(MappedField::Taxes, first, order.currency));
        CF_ASSIGN(const Money withTaxes, total.plus(taxes));
        if (stated != total && stated != withTaxes) {
            return fail(ErrorCode::InvalidAmount, QStringLiteral("the lines give %1, or %2 with taxes, the order's total is %3")
                                                      .arg(total.toDecimal(), withTaxes.toDecimal(), stated.toDecimal()));
        }
        if (stated != total) {
            CF_ASSIGN(order.shipping, order.shipping.plus(taxes));
            total = withTaxes;
        }
    }
    m_mapping.funding.apply(order, total);
    return {};
}

/// validate() speaks of an order; here its verdict is brought down to the row.
qint64 OrderBuilder::lineToBlame(const NewOrder& order, std::span<const SourceRow> rows)
{
    NewOrder single = order;
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        single.lines = {order.lines[i]};
        if (!validate(single)) {
            return rows[i].line;
        }
    }
    return rows.front().line;
}

std::expected<NewOrder, RowError> OrderBuilder::build(std::span<const SourceRow> rows) const
{
    require(!rows.empty(), "an order needs a row");
    const QStringList& first = rows.front().cells;
    const auto blame = [](qint64 line, Error error) { return std::unexpected(RowError{line, std::move(error)}); };
    Result<NewOrder> order = buildHead(first);
    if (!order) {
        return blame(rows.front().line, order.error());
    }
    for (const SourceRow& row : rows) {
        if (const Result<void> same = checkSameOrder(first, row.cells); !same) {
            return blame(row.line, same.error());
        }
        Result<NewOrderLine> line = buildLine(row.cells, order->currency);
        if (!line) {
            return blame(row.line, line.error());
        }
        order->lines.push_back(std::move(*line));
    }
    // The limits hold before the order's total is worked out, so that its sums can't overflow.
    order->funding = Funding::Wallet;
    if (const Result<void> valid = validate(*order); !valid) {
        return blame(lineToBlame(*order, rows), valid.error());
    }
    if (const Result<void> settled = settle(first, *order); !settled) {
        return blame(rows.front().line, settled.error());
    }
    if (const Result<void> valid = validate(*order); !valid) {
        return blame(rows.front().line, valid.error());
    }
    return std::move(*order);
}

} // namespace counterfoil
