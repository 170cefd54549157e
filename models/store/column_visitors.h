// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"
#include "models/store/connection.h"

#include <array>
#include <type_traits>

namespace counterfoil {

/// What is done with the columns of a table, one after the other: each is called by TableOf<T>::visit (table_of.h).
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

} // namespace counterfoil
