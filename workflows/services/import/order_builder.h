// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/import/column_mapping.h"

#include <span>

namespace counterfoil {

/// One data row of a CSV file and the line that it starts on.
struct SourceRow {
    qint64 line = 0;
    QStringList cells;
};

/// Why an order can't be made, and the line of the row that is to blame.
struct RowError {
    qint64 line = 0;
    Error error;
};

/// Makes orders from the rows of one CSV file: a mapping bound to the file's header.
class OrderBuilder {
public:
    /// Errors: MissingField (columns that the mapping names are not in the header; the detail lists both), MalformedInput (a
    /// mapped column is there twice).
    static Result<OrderBuilder> create(ColumnMapping mapping, const QStringList& header);

    /// The order number of a row, which may be cut short; empty when it has none.
    QString orderNoOf(const QStringList& cells) const;

    /// The order that these rows, all of one order number, state: validated, with its prices exact (see priceFromNet).
    std::expected<NewOrder, RowError> build(std::span<const SourceRow> rows) const;

private:
    struct BoundSource {
        qsizetype column = -1;
        QString constant;
        bool slug = false;
    };

    explicit OrderBuilder(ColumnMapping mapping) : m_mapping(std::move(mapping)) {}
    Result<qsizetype> bindColumn(const QString& column, const QStringList& header) const;
    Result<QString> value(MappedField field, const QStringList& cells, int lengthMax) const;
    Result<QString> neededValue(MappedField field, const QStringList& cells, int lengthMax) const;
    Result<Money> amount(MappedField field, const QStringList& cells, Currency currency) const;
    Result<UtcTime> time(MappedField field, const QStringList& cells) const;
    Result<NewOrder> buildHead(const QStringList& cells) const;
    Result<NewOrderLine> buildLine(const QStringList& cells, Currency currency) const;
    Result<void> priceLine(const QStringList& cells, NewOrderLine& line) const;
    Result<void> checkSameOrder(const QStringList& first, const QStringList& cells) const;
    Result<void> settle(const QStringList& first, NewOrder& order) const;
    static qint64 lineToBlame(const NewOrder& order, std::span<const SourceRow> rows);

    ColumnMapping m_mapping;
    std::map<MappedField, std::vector<BoundSource>> m_sources;
    qsizetype m_columns = 0;
    qsizetype m_skuSuffixColumn = -1;
    qsizetype m_acceptColumn = -1;
};

} // namespace counterfoil
