// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/column_visitors.h"

namespace counterfoil {

/// How a value type maps to its table. A specialisation has
///   static constexpr const char* name;              the table
///   static constexpr int keyColumns;                how many of the first columns are the key
///   static constexpr const char* guard;             column an update compares with its old value, or nullptr
///   static auto key(const T&);                      the key as a value (an Id, or a std::pair)
///   static auto group(const T&);                    optional: what a row belongs to and is searched by (RowSet::of)
///   template<class V, class R> static void visit(V& v, R& row);   calls v("column", row.member) for every column, in order;
///                                                   a currency comes before the amounts that are in it.
/// From this one description come the texts of all statements that write and load rows as sets (row_set.h).
template<class T>
struct TableOf;

/// A table's description and the texts of its statements, made once per type.
struct TableText {
    QString name;
    QStringList columns;
    QList<ColumnType> types;
    int keyColumns = 1;
    /// Its number, or -1.
    int guardColumn = -1;
    /// `SELECT a, b, c FROM t `, to be followed by a condition.
    QString select;
    SetStatement insert;
};

/// Builds the texts from a description. `guard` may be empty.
TableText makeTableText(const QString& table, const QStringList& columns, const QList<ColumnType>& types, int keyColumns, const QString& guard);

/// The statement that changes these columns (bits by number) of rows that are found by their keys: takes the new values, then the keys, then
/// the guard's old value if the table has a guard.
SetStatement makeUpdate(const TableText& text, quint64 columns);

template<class T>
const TableText& tableText()
{
    static const TableText text = [] {
        T row{};
        detail::Describe describe;
        TableOf<T>::visit(describe, row);
        return makeTableText(QString::fromLatin1(TableOf<T>::name), describe.names, describe.types, TableOf<T>::keyColumns,
                             QString::fromLatin1(TableOf<T>::guard));
    }();
    return text;
}

template<class T>
RowReader appendTo(std::vector<T>& rows)
{
    return [&rows](const Row& row) -> Result<void> {
        detail::Read read{row};
        TableOf<T>::visit(read, rows.emplace_back());
        return read.outcome;
    };
}

/// Loads the rows that fulfil `condition` (`WHERE … ORDER BY …`, may use `{ids}` and `{lock}`).
template<class T>
Result<std::vector<T>> selectRows(Connection& connection, const QString& condition, const QVariantList& values)
{
    std::vector<T> rows;
    CF_TRY(connection.queryAll(tableText<T>().select + condition, values, appendTo(rows)));
    return rows;
}

/// Which columns of two rows differ, as bits.
template<class T>
quint64 differences(const T& a, const T& b)
{
    detail::Locate members;
    TableOf<T>::visit(members, a);
    detail::Differ differ{members};
    TableOf<T>::visit(differ, b);
    return differ.columns;
}

template<class T>
void putColumns(const T& row, quint64 columns, ValueSink& sink)
{
    detail::Put put{sink, columns};
    TableOf<T>::visit(put, row);
}

inline constexpr quint64 allColumns = ~quint64{0};

/// Inserts rows that are new. Errors: ConstraintViolated for a key that exists.
template<class T>
void insertRows(StatementBatch& batch, const std::vector<const T*>& rows)
{
    batch.write(tableText<T>().insert, rows.size(), [&rows](std::size_t i, ValueSink& sink) { putColumns(*rows[i], allColumns, sink); }, {});
}

/// Inserts one row outside a unit of work.
template<class T>
Result<void> insertRow(Connection& connection, const T& row)
{
    StatementBatch batch(connection);
    insertRows<T>(batch, {&row});
    return batch.finish();
}

/// A row as it is to be and as the database has it.
template<class T>
struct RowUpdate {
    const T* now;
    const T* stored;
};

/// Writes these columns of rows that exist. Errors: VersionConflict when a row isn't there (any more) with the guard's old value.
template<class T>
void updateRows(StatementBatch& batch, quint64 columns, const std::vector<RowUpdate<T>>& rows)
{
    const TableText& text = tableText<T>();
    const quint64 keys = (quint64{1} << text.keyColumns) - 1;
    const quint64 guard = text.guardColumn < 0 ? 0 : quint64{1} << text.guardColumn;
    const auto put = [&](std::size_t i, ValueSink& sink) {
        putColumns(*rows[i].now, columns, sink);
        putColumns(*rows[i].now, keys, sink);
        putColumns(*rows[i].stored, guard, sink);
    };
    batch.write(makeUpdate(text, columns), rows.size(), put, [&text, wanted = static_cast<int>(rows.size())](int changed) -> Result<void> {
        return changed == wanted ? Result<void>() : fail(ErrorCode::VersionConflict, QStringLiteral("a row of %1 was changed by somebody else").arg(text.name));
    });
}

} // namespace counterfoil
