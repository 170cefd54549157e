// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/column_mapping.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/services/import/order_json.h"

#include <QFile>
#include <QJsonArray>

namespace counterfoil {

namespace {

constexpr int columnLengthMax = 128;
constexpr qint64 fileBytesMax = 256 * 1024;
constexpr qint64 openingStockMax = 1'000'000'000;

Result<ValueSource> parseSource(const QJsonValue& value, const QString& path)
{
    if (!value.isObject()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be an object or a list of objects").arg(path));
    }
    const JsonReader reader(value.toObject(), path);
    CF_TRY(reader.onlyFields({"column", "constant", "slug"}));
    ValueSource source;
    CF_ASSIGN(source.column, reader.optionalText("column", columnLengthMax));
    CF_ASSIGN(source.constant, reader.optionalText("constant", columnLengthMax));
    CF_ASSIGN(source.slug, reader.boolean("slug", false));
    if (source.column.isEmpty() == source.constant.isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 needs either a column or a constant").arg(path));
    }
    return source;
}

Result<void> parseFields(const JsonReader& root, ColumnMapping& mapping)
{
    CF_ASSIGN(const QJsonObject fields, root.object("fields"));
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        const QString path = QStringLiteral("fields.") + visibleText(it.key(), 64);
        const Result<MappedField> field = parseEnum<MappedField>(it.key());
        if (!field) {
            return fail(ErrorCode::UnknownField, QStringLiteral("%1 is not a field here").arg(path));
        }
        const QJsonArray alternatives = it.value().isArray() ? it.value().toArray() : QJsonArray{it.value()};
        std::vector<ValueSource> sources;
        for (const QJsonValue& alternative : alternatives) {
            CF_ASSIGN(ValueSource source, parseSource(alternative, path));
            sources.push_back(std::move(source));
        }
        if (sources.empty()) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 is empty").arg(path));
        }
        mapping.fields.emplace(*field, std::move(sources));
    }
    return {};
}

Result<void> checkFields(const ColumnMapping& mapping)
{
    for (const MappedField needed : {MappedField::OrderNo, MappedField::BuyerRef, MappedField::Currency, MappedField::Sku,
                                     MappedField::Quantity, MappedField::ProductName, MappedField::MerchantRef}) {
        if (!mapping.has(needed)) {
            return fail(ErrorCode::MissingField, QStringLiteral("fields.%1 is missing").arg(toString(needed)));
        }
    }
    if (mapping.has(MappedField::LineTotal) == mapping.has(MappedField::UnitPrice)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("either line_total or unit_price must be mapped"));
    }
    if (mapping.has(MappedField::DiscountRate) && !mapping.has(MappedField::LineTotal)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("discount_rate is only for line_total"));
    }
    if (mapping.has(MappedField::LineDiscount) && !mapping.has(MappedField::UnitPrice)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("line_discount is only for unit_price"));
    }
    if (mapping.has(MappedField::Taxes) && !mapping.has(MappedField::Total)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("taxes need total, which tells whether the prices hold them"));
    }
    return {};
}

Result<void> parseAccept(const JsonReader& root, ColumnMapping& mapping)
{
    if (!root.has("accept")) {
        return {};
    }
    CF_ASSIGN(QJsonObject object, root.object("accept"));
    const JsonReader accept(std::move(object), QStringLiteral("accept"));
    CF_TRY(accept.onlyFields({"column", "values"}));
    CF_ASSIGN(mapping.acceptColumn, accept.text("column", columnLengthMax));
    CF_ASSIGN(const QJsonArray values, accept.array("values"));
    for (const QJsonValue& value : values) {
        if (!value.isString()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("accept.values must be strings"));
        }
        mapping.acceptValues.append(value.toString());
    }
    return {};
}

Result<void> parseConstants(const JsonReader& root, ColumnMapping& mapping)
{
    CF_ASSIGN(mapping.dateFormat, root.optionalText("date_format", columnLengthMax));
    CF_ASSIGN(mapping.skuSuffixColumn, root.optionalText("sku_suffix_from", columnLengthMax));
    if (root.has("opening_stock")) {
        CF_ASSIGN(mapping.openingStock, root.integer("opening_stock"));
        if (mapping.openingStock < 0 || mapping.openingStock > openingStockMax) {
            return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("opening_stock must be from 0 to %1").arg(openingStockMax));
        }
    }
    if (root.has("top_up_multiple")) {
        CF_ASSIGN(mapping.topUpMultiple, readMoney(root, "top_up_multiple"));
        if (!mapping.topUpMultiple->isPositive()) {
            return fail(ErrorCode::InvalidAmount, QStringLiteral("top_up_multiple must be more than zero"));
        }
    }
    if (root.has("split_strategy")) {
        CF_ASSIGN(const QString name, root.text("split_strategy"));
        CF_ASSIGN(mapping.splitStrategy, parseEnum<SplitStrategy>(name));
    }
    return {};
}

} // namespace

Result<ColumnMapping> ColumnMapping::parse(QByteArrayView json)
{
    CF_ASSIGN(QJsonObject object, parseJsonObject(json));
    const JsonReader root(std::move(object));
    CF_TRY(root.onlyFields({"fields", "date_format", "sku_suffix_from", "accept", "opening_stock", "top_up_multiple",
                            "split_strategy", "funding"}));
    ColumnMapping mapping;
    CF_TRY(parseFields(root, mapping));
    CF_TRY(checkFields(mapping));
    CF_TRY(parseAccept(root, mapping));
    CF_TRY(parseConstants(root, mapping));
    CF_ASSIGN(const QJsonObject funding, root.object("funding"));
    CF_ASSIGN(mapping.funding, FundingRule::parse(funding, QStringLiteral("funding")));
    return mapping;
}

Result<ColumnMapping> ColumnMapping::load(const QString& nameOrPath)
{
    const bool builtIn = nameOrPath == QLatin1String("superstore") || nameOrPath == QLatin1String("shopify");
    QFile file(builtIn ? QStringLiteral(":/counterfoil/demo/mappings/%1.json").arg(nameOrPath) : nameOrPath);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(file.fileName(), file.errorString()));
    }
    return parse(file.read(fileBytesMax + 1));
}

} // namespace counterfoil
