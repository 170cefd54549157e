// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"
#include "models/store/connection.h"

#include <type_traits>

namespace counterfoil {

/// How a value type maps to its table. A specialisation has
///   static constexpr const char* name;              the table
///   static constexpr int keyColumns;                how many of the first columns are the key
///   static constexpr const char* guard;             column an update compares with its old value, or nullptr
///   static auto key(const T&);                      the key as a value (an Id, or a std::pair)
///   template<class V, class R> static void visit(V& v, R& row);   calls v("column", row.member) for every column, in order;
///                                                   a currency comes before the amounts that are in it.
/// From this one description come the texts of all statements that write and load rows as sets (row_set.h).
template<class T>
struct TableOf;

enum class ColumnType { Integer, Text };

namespace detail {

template<class T>
struct IsId : std::false_type {};
template<class Tag>
struct IsId<Id<Tag>> : std::true_type {};

template<class T>
constexpr ColumnType columnType()
{
    return std::is_same_v<T, QString> || std::is_same_v<T, Currency> || NamedEnum<T> ? ColumnType::Text : ColumnType::Integer;
}

/// Collects names and types.
struct Describe {
    QStringList names;
    QList<ColumnType> types;
    template<class T>
    void operator()(const char* column, const T&)
    {
        names << QString::fromLatin1(column);
        types << columnType<T>();
    }
};

/// Collects the values of a row, in column order.
struct Bind {
    QVariantList values;
    template<class T>
    void operator()(const char*, const T& value)
    {
        if constexpr (IsId<T>::value || std::is_same_v<T, UtcTime> || std::is_same_v<T, QString>) {
            values << bound(value);
        } else if constexpr (std::is_same_v<T, Money>) {
            values << bound(value.minor());
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            values << bound(value.value());
        } else if constexpr (std::is_same_v<T, Currency>) {
            values << value.code();
        } else if constexpr (NamedEnum<T>) {
            values << toString(value);
        } else {
            static_assert(std::is_integral_v<T>);
            values << bound(static_cast<qint64>(value));
        }
    }
};

/// Fills a row from an answer whose columns are in order; remembers the first thing that doesn't fit.
struct Read {
    const Row& row;
    int column = 0;
    Currency currency;
    Result<void> outcome;

    template<class T>
    void operator()(const char* name, T& value)
    {
        const int at = column++;
        if constexpr (IsId<T>::value) {
            value = row.id<T>(at);
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            value = row.time(at);
        } else if constexpr (std::is_same_v<T, QString>) {
            value = row.text(at);
        } else if constexpr (std::is_same_v<T, Money>) {
            value = Money(row.integer(at), currency);
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            value = BasisPoints(whole<qint32>(name, row.integer(at)));
        } else if constexpr (std::is_same_v<T, Currency>) {
            take(Currency::parse(row.text(at)), name, value);
            currency = value;
        } else if constexpr (NamedEnum<T>) {
            take(parseEnum<T>(row.text(at)), name, value);
        } else {
            value = whole<T>(name, row.integer(at));
        }
    }

    /// A number that its member can't hold is an error, never cut.
    template<class T>
    T whole(const char* name, qint64 stored)
    {
        if (static_cast<qint64>(static_cast<T>(stored)) != stored && outcome) {
            outcome = fail(ErrorCode::DatabaseCorrupt, QStringLiteral("column %1: %2 is out of range").arg(QString::fromLatin1(name)).arg(stored));
        }
        return static_cast<T>(stored);
    }

    template<class T>
    void take(const Result<T>& read, const char* name, T& value)
    {
        if (read) {
            value = *read;
        } else if (outcome) {
            outcome = fail(ErrorCode::DatabaseCorrupt, QStringLiteral("column %1: %2").arg(QString::fromLatin1(name), read.error().detail));
        }
    }
};

} // namespace detail

/// The texts of a table's statements, made once per type.
struct TableText {
    QString name;
    QStringList columns;
    QList<ColumnType> types;
    /// `SELECT a, b, c FROM t `, to be followed by a condition.
    QString select;
    /// One row, positional. For SQLite, where a kept statement per row is the fastest way.
    QString insertRow;
    QString updateRow;
    /// A whole set from one JSON parameter. For PostgreSQL, where the round trip is what costs.
    QString insertSet;
    QString updateSet;
};

/// Builds the texts from a description. `guard` may be empty.
TableText makeTableText(const QString& table, const QStringList& columns, const QList<ColumnType>& types, int keyColumns, const QString& guard);

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

/// Loads the rows that fulfil `condition` (`WHERE … ORDER BY …`, may use `{ids}` and `{lock}`).
template<class T>
Result<std::vector<T>> selectRows(Connection& connection, const QString& condition, const QVariantList& values)
{
    std::vector<T> rows;
    CF_TRY(connection.query(tableText<T>().select + condition, values, [&rows](const Row& row) -> Result<void> {
        detail::Read read{row};
        TableOf<T>::visit(read, rows.emplace_back());
        return read.outcome;
    }));
    return rows;
}

/// Writes rows that are new. Errors: ConstraintViolated for a key that exists.
Result<void> insertValues(Connection& connection, const TableText& text, const std::vector<QVariantList>& rows);

/// Writes rows that exist; each list holds all columns and then, for a guarded table, the guard's old value.
/// Errors: VersionConflict when a row isn't there (any more) with the guard's old value.
Result<void> updateValues(Connection& connection, const TableText& text, int keyColumns, const std::vector<QVariantList>& rows);

template<class T>
QVariantList valuesOf(const T& row)
{
    detail::Bind bind;
    TableOf<T>::visit(bind, row);
    return bind.values;
}

/// Inserts one row outside a unit of work.
template<class T>
Result<void> insertRow(Connection& connection, const T& row)
{
    return insertValues(connection, tableText<T>(), {valuesOf(row)});
}

} // namespace counterfoil
