// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "tests/fuzz/order_text.h"
#include "workflows/services/import/order_source.h"

#include <QBuffer>
#include <QFile>

#include <algorithm>

using namespace counterfoil;

namespace {

/// Gives what it holds a few bytes at a time, as a slow pipe does.
class Drip final : public QIODevice {
public:
    explicit Drip(QByteArrayView bytes) : m_bytes(bytes) { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    bool isSequential() const override { return true; }

protected:
    qint64 readData(char* to, qint64 most) override
    {
        const qsizetype count = std::min<qsizetype>({most, 1 + m_at % 7, m_bytes.size() - m_at});
        std::copy_n(m_bytes.data() + m_at, count, to);
        m_at += count;
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArrayView m_bytes;
    qsizetype m_at = 0;
};

bool isSame(const CsvRecord& a, const CsvRecord& b)
{
    return a.byteOffset == b.byteOffset && a.line == b.line && a.fields == b.fields && a.error.has_value() == b.error.has_value()
           && (!a.error || a.error->code == b.error->code);
}

std::vector<CsvRecord> recordsOf(QIODevice& device, const CsvLimits& limits, qint64 from = 0)
{
    CsvReader reader(device, limits);
    std::vector<CsvRecord> records;
    if (from > 0 && !reader.skipTo(from)) {
        return records;
    }
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        records.push_back(**std::move(record));
    }
    return records;
}

std::vector<CsvRecord> recordsOf(QByteArrayView bytes, const CsvLimits& limits, qint64 from = 0)
{
    QBuffer buffer;
    buffer.setData(bytes.toByteArray());
    buffer.open(QIODevice::ReadOnly);
    return recordsOf(buffer, limits, from);
}

void keepsToLimits(const std::vector<CsvRecord>& records, const CsvLimits& limits)
{
    const CsvRecord* before = nullptr;
    for (const CsvRecord& record : records) {
        qint64 characters = 0;
        for (const QString& field : record.fields) {
            characters += field.size();
        }
        const qint64 most = record.error ? std::max<qint64>(limits.recordBytesMax, 4096) : limits.recordBytesMax;
        require(characters <= most && record.fields.size() <= limits.fieldsMax, "a record has a bounded size");
        require(before == nullptr || (before->byteOffset < record.byteOffset && before->line <= record.line), "reading goes forward");
        before = &record;
    }
}

void writtenAnew(const std::vector<CsvRecord>& records)
{
    QByteArray text;
    std::vector<const CsvRecord*> good;
    for (const CsvRecord& record : records) {
        if (record.error) {
            continue;
        }
        for (QString field : record.fields) {
            text += '"' + field.replace(u'"', QStringLiteral("\"\"")).toUtf8() + "\",";
        }
        text.chop(1);
        text += '\n';
        good.push_back(&record);
    }
    const std::vector<CsvRecord> again = recordsOf(text, {.recordBytesMax = 64 * 1024 * 1024});
    require(std::ranges::equal(again, good, [](const CsvRecord& a, const CsvRecord* b) { return !a.error && a.fields == b->fields; }),
            "records that are written anew read as the same");
}

void csv(QByteArrayView bytes)
{
    const CsvLimits wide;
    const std::vector<CsvRecord> records = recordsOf(bytes, wide);
    keepsToLimits(records, wide);
    const CsvLimits narrow{.recordBytesMax = 40, .fieldsMax = 3};
    keepsToLimits(recordsOf(bytes, narrow), narrow);
    Drip drip(bytes);
    require(std::ranges::equal(recordsOf(drip, wide), records, isSame), "the size of the pieces read doesn't matter");
    if (!records.empty()) {
        const std::size_t middle = records.size() / 2;
        const std::vector<CsvRecord> rest = recordsOf(bytes, wide, records[middle].byteOffset);
        require(std::ranges::equal(rest, std::span(records).subspan(middle), isSame), "reading goes on at a record's offset");
    }
    writtenAnew(records);
}

std::unique_ptr<OrderSource> openSource(QIODevice& device, const std::optional<ColumnMapping>& mapping)
{
    std::unique_ptr<OrderSource> source;
    if (mapping) {
        source = std::make_unique<CsvOrderSource>(device, *mapping);
    } else {
        source = std::make_unique<NdjsonOrderSource>(device, 10);
    }
    return source->open() ? std::move(source) : nullptr;
}

std::vector<SourcedOrder> ordersOf(QByteArrayView bytes, const std::optional<ColumnMapping>& mapping, qint64 from = 0)
{
    std::vector<SourcedOrder> orders;
    QBuffer buffer;
    buffer.setData(bytes.toByteArray());
    buffer.open(QIODevice::ReadOnly);
    const std::unique_ptr<OrderSource> source = openSource(buffer, mapping);
    if (!source || (from > 0 && !source->resumeAt(from))) {
        return orders;
    }
    for (auto order = source->next(); order && *order; order = source->next()) {
        orders.push_back(**std::move(order));
    }
    return orders;
}

bool isBounded(const NewOrder& order)
{
    bool good = validate(order).has_value() && order.orderNo.size() <= 128 && order.buyerName.size() <= 256 && order.lines.size() <= 200;
    Money goods = Money::zero(order.currency);
    for (const NewOrderLine& line : order.lines) {
        good = good && line.sku.size() <= 256 && line.stated->productName.size() <= 256 && line.stated->roundingMicros >= -500'000
               && line.stated->roundingMicros <= 500'000;
        goods = goods.plus(line.stated->amount).value_or(goods);
    }
    return good && goods.minor() <= 200 * qint64{1'000'000'000'000};
}

bool isSameOrder(const SourcedOrder& a, const SourcedOrder& b)
{
    if (a.line != b.line || a.rows != b.rows || a.endOffset != b.endOffset || a.orderNo != b.orderNo
        || a.order.has_value() != b.order.has_value()) {
        return false;
    }
    return a.order ? orderJson(*a.order) == orderJson(*b.order)
                   : a.order.error().line == b.order.error().line && a.order.error().error.code == b.order.error().error.code;
}

void importOrders(QByteArrayView bytes, const std::optional<ColumnMapping>& mapping)
{
    const std::vector<SourcedOrder> orders = ordersOf(bytes, mapping);
    const SourcedOrder* before = nullptr;
    for (const SourcedOrder& sourced : orders) {
        require(sourced.rows >= 1 && sourced.endOffset <= bytes.size(), "an order is made of rows of the file");
        require(before == nullptr || (before->line <= sourced.line && before->endOffset < sourced.endOffset), "orders go forward");
        require(!sourced.order || !mapping || isBounded(*sourced.order), "an order that is taken keeps to the limits");
        require(sourced.order || sourced.order.error().line >= 1, "a refusal names its line");
        before = &sourced;
    }
    if (orders.size() > 1) {
        const std::size_t middle = orders.size() / 2;
        const std::vector<SourcedOrder> rest = ordersOf(bytes, mapping, orders[middle - 1].endOffset);
        require(std::ranges::equal(rest, std::span(orders).subspan(middle), isSameOrder), "an import that was broken off goes on where it was");
    }
}

ColumnMapping builtIn(const char* name)
{
    QFile file(QStringLiteral(MAPPINGS_DIR "/%1.json").arg(QLatin1String(name)));
    require(file.open(QIODevice::ReadOnly), "the built-in mappings are there");
    return ColumnMapping::parse(file.readAll()).value();
}

} // namespace

// The first byte says what follows: `s` or `h` a file for a built-in mapping, `n` NDJSON, `m` a mapping, a line `%%` and a file.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const ColumnMapping superstore = builtIn("superstore");
    static const ColumnMapping shopify = builtIn("shopify");
    const QByteArrayView input = inputOf(data, size);
    const QByteArrayView bytes = input.isEmpty() ? input : input.sliced(1);
    switch (input.isEmpty() ? '\0' : input.front()) {
    case 's':
        csv(bytes);
        importOrders(bytes, superstore);
        break;
    case 'h':
        importOrders(bytes, shopify);
        break;
    case 'n':
        importOrders(bytes, std::nullopt);
        break;
    case 'm': {
        const qsizetype end = bytes.indexOf("\n%%\n");
        const Result<ColumnMapping> mapping = ColumnMapping::parse(bytes.first(std::max<qsizetype>(end, 0)));
        if (mapping) {
            importOrders(bytes.sliced(end + 4), *mapping);
        }
        break;
    }
    default:
        csv(input);
        break;
    }
    return 0;
}
