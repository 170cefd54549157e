// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"
#include "models/store/connection.h"

#include <array>
#include <type_traits>

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

namespace detail {

/// A set of columns is the bits of one number.
constexpr std::size_t columnsMax = 64;

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

/// The stable name of a value, in ASCII and without a copy.
template<NamedEnum E>
const char* enumName(E value)
{
    for (const auto& [known, name] : EnumNames<E>::names) {
        if (known == value) {
            return name;
        }
    }
    assertionFailed("an enum value without a name");
}

/// Hands over the values of those columns whose bits are set, in column order.
struct Put {
    ValueSink& sink;
    quint64 columns;
    int column = 0;

    template<class T>
    void operator()(const char*, const T& value)
    {
        if ((columns >> column++ & 1U) == 0) {
            return;
        }
        if constexpr (IsId<T>::value) {
            value.isNone() ? sink.none() : sink.integer(value.value());
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            value.isNone() ? sink.none() : sink.integer(value.micros());
        } else if constexpr (std::is_same_v<T, QString>) {
            sink.text(value);
        } else if constexpr (std::is_same_v<T, Money>) {
            sink.integer(value.minor());
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            sink.integer(value.value());
        } else if constexpr (std::is_same_v<T, Currency>) {
            sink.text(value.code());
        } else if constexpr (NamedEnum<T>) {
            sink.word(enumName(value));
        } else {
            static_assert(std::is_integral_v<T>);
            sink.integer(static_cast<qint64>(value));
        }
    }
};

/// Remembers where the members are, so that Differ can compare a second row with them.
struct Locate {
    std::array<const void*, columnsMax> members;
    int column = 0;
    template<class T>
    void operator()(const char*, const T& value)
    {
        members[static_cast<std::size_t>(column++)] = &value;
    }
};

/// Collects the bits of the columns that differ from a row of the same type.
struct Differ {
    const Locate& other;
    quint64 columns = 0;
    int column = 0;
    template<class T>
    void operator()(const char*, const T& value)
    {
        const bool same = value == *static_cast<const T*>(other.members[static_cast<std::size_t>(column)]);
        columns |= quint64{!same} << column++;
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
            // Most rows are in the currency of the one before.
            static thread_local std::pair<QByteArray, Currency> last;
            const QByteArrayView code = row.bytes(at);
            if (last.first != code) {
                take(Currency::parse(QString::fromUtf8(code)), name, last.second);
                last.first = outcome ? code.toByteArray() : QByteArray();
            }
            currency = value = last.second;
        } else if constexpr (NamedEnum<T>) {
            takeEnum(row.bytes(at), name, value);
        } else {
            value = whole<T>(name, row.integer(at));
        }
    }

    template<class T>
    void takeEnum(QByteArrayView text, const char* name, T& value)
    {
        for (const auto& [known, word] : EnumNames<T>::names) {
            if (text == word) {
                value = known;
                return;
            }
        }
        take(parseEnum<T>(QString::fromUtf8(text)), name, value);
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

/// Loads the rows that fulfil `condition` (`WHERE … ORDER BY …`, may use `{ids}` and `{lock}`).
template<class T>
Result<std::vector<T>> selectRows(Connection& connection, const QString& condition, const QVariantList& values)
{
    std::vector<T> rows;
    CF_TRY(connection.queryAll(tableText<T>().select + condition, values, [&rows](const Row& row) -> Result<void> {
        detail::Read read{row};
        TableOf<T>::visit(read, rows.emplace_back());
        return read.outcome;
    }));
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
Result<void> insertRows(Connection& connection, const std::vector<const T*>& rows)
{
    CF_TRY(connection.write(tableText<T>().insert, rows.size(), [&rows](std::size_t i, ValueSink& sink) { putColumns(*rows[i], allColumns, sink); }));
    return {};
}

/// Inserts one row outside a unit of work.
template<class T>
Result<void> insertRow(Connection& connection, const T& row)
{
    return insertRows<T>(connection, {&row});
}

/// A row as it is to be and as the database has it.
template<class T>
struct RowChange {
    const T* now;
    const T* stored;
};

/// Writes these columns of rows that exist. Errors: VersionConflict when a row isn't there (any more) with the guard's old value.
template<class T>
Result<void> updateRows(Connection& connection, quint64 columns, const std::vector<RowChange<T>>& rows)
{
    const TableText& text = tableText<T>();
    const quint64 keys = (quint64{1} << text.keyColumns) - 1;
    const quint64 guard = text.guardColumn < 0 ? 0 : quint64{1} << text.guardColumn;
    CF_ASSIGN(const int changed, connection.write(makeUpdate(text, columns), rows.size(), [&](std::size_t i, ValueSink& sink) {
        putColumns(*rows[i].now, columns, sink);
        putColumns(*rows[i].now, keys, sink);
        putColumns(*rows[i].stored, guard, sink);
    }));
    return changed == static_cast<int>(rows.size()) ? Result<void>() : fail(ErrorCode::VersionConflict, QStringLiteral("a row of %1 was changed by somebody else").arg(text.name));
}

} // namespace counterfoil
