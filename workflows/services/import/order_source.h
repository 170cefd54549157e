// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/import/csv_reader.h"
#include "workflows/services/import/order_builder.h"

namespace counterfoil {

/// One order of a file, or why it can't be taken.
struct SourcedOrder {
    /// Of its first row.
    qint64 line = 0;
    /// Data rows that it took.
    qint64 rows = 0;
    /// Reading can start again here, after it.
    qint64 endOffset = 0;
    /// As far as it can be told, for a report.
    QString orderNo;
    std::expected<NewOrder, RowError> order;
};

/// The orders of a file, one after the other, in constant memory.
class OrderSource {
public:
    virtual ~OrderSource() = default;

    /// Reads what comes before the first order and makes sure that there is a first one. Call it once, first.
    /// Errors: FileUnreadable, InvalidText, MalformedInput (an empty file, or a header only), MissingField (columns).
    virtual Result<void> open() = 0;
    /// Goes on at an `endOffset` of an earlier run; call it after open(), before next(). Errors: FileUnreadable.
    virtual Result<void> resumeAt(qint64 byteOffset) = 0;
    /// None at the end. Errors: FileUnreadable.
    virtual Result<std::optional<SourcedOrder>> next() = 0;
};

/// Consecutive rows with the same order number are an order; one bad row refuses it as a whole. A row so broken that its order
/// number can't be told may belong to the order before or after it: it refuses both. Rows of empty cells are passed over.
class CsvOrderSource final : public OrderSource {
public:
    CsvOrderSource(QIODevice& device, ColumnMapping mapping);

    Result<void> open() override;
    Result<void> resumeAt(qint64 byteOffset) override;
    Result<std::optional<SourcedOrder>> next() override;

private:
    struct Group {
        qint64 line = 0;
        qint64 rowCount = 0;
        QString orderNo;
        std::vector<SourceRow> rows;
        std::optional<RowError> error;
    };

    Result<void> advance();
    void add(Group& group, CsvRecord record) const;
    SourcedOrder close(Group group);

    CsvReader m_reader;
    ColumnMapping m_mapping;
    std::optional<OrderBuilder> m_builder;
    /// The next record, read ahead: only it tells where an order ends.
    std::optional<CsvRecord> m_ahead;
    /// A row whose order can't be told, read before m_ahead, and which refuses the order that comes next too.
    std::optional<RowError> m_stray;
    qint64 m_strayOffset = 0;
};

/// One order per line, as parseOrder() reads it.
class NdjsonOrderSource final : public OrderSource {
public:
    /// Books in so much stock when a SKU is met for the first time (NewOrder::openingStock).
    NdjsonOrderSource(QIODevice& device, qint64 openingStock);

    Result<void> open() override;
    Result<void> resumeAt(qint64 byteOffset) override;
    Result<std::optional<SourcedOrder>> next() override;

private:
    bool readLine(QByteArray& line);
    void skipBlank();

    ByteSource m_source;
    const qint64 m_openingStock;
};

} // namespace counterfoil
