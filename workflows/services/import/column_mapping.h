// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/import/funding_rule.h"

#include "models/base/named_enum.h"

#include <QStringList>

#include <map>

namespace counterfoil {

/// What a column may become. Up to `Total` it is a fact of the order: taken from the order's first row; later rows give the
/// same or nothing. The others are facts of a line.
enum class MappedField {
    OrderNo, BuyerRef, BuyerName, BuyerEmail, BuyerSegment, Currency, Channel, PlacedAt, ShippedAt, Carrier, Shipping, Discount,
    Taxes, Total,
    Sku, Specification, Quantity, Warehouse, ProductRef, ProductName, Category, MerchantRef, MerchantName, LineTotal, DiscountRate,
    UnitPrice, LineDiscount
};
CF_ENUM_NAMES(MappedField, {MappedField::OrderNo, "order_no"}, {MappedField::BuyerRef, "buyer_ref"},
              {MappedField::BuyerName, "buyer_name"}, {MappedField::BuyerEmail, "buyer_email"},
              {MappedField::BuyerSegment, "buyer_segment"}, {MappedField::Currency, "currency"}, {MappedField::Channel, "channel"},
              {MappedField::PlacedAt, "placed_at"}, {MappedField::ShippedAt, "shipped_at"}, {MappedField::Carrier, "carrier"},
              {MappedField::Shipping, "shipping"}, {MappedField::Discount, "discount"}, {MappedField::Taxes, "taxes"},
              {MappedField::Total, "total"}, {MappedField::Sku, "sku"}, {MappedField::Specification, "specification"},
              {MappedField::Quantity, "quantity"}, {MappedField::Warehouse, "warehouse"}, {MappedField::ProductRef, "product_ref"},
              {MappedField::ProductName, "product_name"}, {MappedField::Category, "category"},
              {MappedField::MerchantRef, "merchant_ref"}, {MappedField::MerchantName, "merchant_name"},
              {MappedField::LineTotal, "line_total"}, {MappedField::DiscountRate, "discount_rate"},
              {MappedField::UnitPrice, "unit_price"}, {MappedField::LineDiscount, "line_discount"});

/// Where a field comes from: a column (its text trimmed, made a slug if so asked) or, with an empty `column`, a constant.
struct ValueSource {
    QString column;
    QString constant;
    bool slug = false;
};

/// How the columns of a CSV file become orders, as a JSON file says it:
///
///     { "fields": {"order_no": {"column": "Order ID"}, "currency": {"constant": "USD"},
///                  "merchant_ref": {"column": "Vendor", "slug": true},
///                  "buyer_ref": [{"column": "Email"}, {"column": "Name"}]},        the first that isn't empty
///       "date_format": "yyyy-MM-dd HH:mm:ss",  as QDateTime has it, in UTC; with " offset" at its end the text ends in
///                                              an offset from UTC such as "-0400"; "iso" (default) for ISO 8601
///       "sku_suffix_from": "Product Name",     '-' and four hex digits of this column's SHA-256 are added to the SKU
///       "accept": {"column": "Financial Status", "values": ["paid"]},               other orders are refused
///       "opening_stock": 100, "top_up_multiple": money, "split_strategy": "merchant",
///       "funding": see FundingRule }
///
/// A line's price is either `line_total`, net of `discount_rate` and with any number of decimals (see priceFromNet), or
/// `unit_price` less the amount `line_discount`. The order-level amount `discount` is divided between its lines. With `total`,
/// goods − discount + shipping must give it, either so (taxes are in the prices) or with `taxes` added; in the second case
/// taxes are charged as part of shipping, since an order has no amount of its own for them.
struct ColumnMapping {
    std::map<MappedField, std::vector<ValueSource>> fields;
    QString dateFormat;
    QString skuSuffixColumn;
    QString acceptColumn;
    QStringList acceptValues;
    qint64 openingStock = 0;
    std::optional<Money> topUpMultiple;
    SplitStrategy splitStrategy = SplitStrategy::Merchant;
    FundingRule funding;

    bool has(MappedField field) const { return fields.contains(field); }

    /// Errors: those of parseJsonObject() and JsonReader, UnknownField (a field that isn't a MappedField), MissingField (one
    /// that every order needs), ConfigurationInvalid (fields that contradict each other).
    static Result<ColumnMapping> parse(QByteArrayView json);

    /// A built-in mapping (`superstore`, `shopify`; needs the resources) or the path of a mapping file.
    /// Errors: FileUnreadable, and those of parse().
    static Result<ColumnMapping> load(const QString& nameOrPath);
};

} // namespace counterfoil
