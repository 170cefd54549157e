// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/change_set.h"
#include "models/store/table_of.h"

namespace counterfoil {

namespace detail {

/// Puts the columns of a row into words: the texts that the database would hold.
struct Show {
    struct Value {
        const char* column;
        ColumnChange::Kind kind;
        QString text;
    };
    std::vector<Value> values;

    template<class T>
    void operator()(const char* column, const T& value)
    {
        using Kind = ColumnChange::Kind;
        if constexpr (IsId<T>::value) {
            values.push_back({column, Kind::Id, value.isNone() ? QString() : QString::number(value.value())});
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            values.push_back({column, Kind::Time, value.isNone() ? QString() : QString::number(value.micros())});
        } else if constexpr (std::is_same_v<T, QString>) {
            values.push_back({column, Kind::Text, value});
        } else if constexpr (std::is_same_v<T, Money>) {
            values.push_back({column, Kind::Money, QString::number(value.minor())});
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            values.push_back({column, Kind::Number, QString::number(value.value())});
        } else if constexpr (std::is_same_v<T, Currency>) {
            values.push_back({column, Kind::Word, value.code()});
        } else if constexpr (NamedEnum<T>) {
            values.push_back({column, Kind::Word, QString::fromLatin1(enumName(value))});
        } else {
            values.push_back({column, Kind::Number, QString::number(value)});
        }
    }
};

/// A row that changes (`stored`: as it is) or is added (none). Of one that changes: the columns whose bits are set, and its words.
template<class T>
RowChange describeRow(const T* stored, const T& now, quint64 columns)
{
    Show after;
    TableOf<T>::visit(after, now);
    Show before;
    if (stored) {
        TableOf<T>::visit(before, *stored);
    }
    RowChange change;
    change.table = QString::fromLatin1(TableOf<T>::name);
    change.isNew = !stored;
    QStringList key;
    for (std::size_t i = 0; i < after.values.size(); ++i) {
        const Show::Value& value = after.values[i];
        if (i < static_cast<std::size_t>(TableOf<T>::keyColumns)) {
            key << value.text;
        }
        const bool isChanged = (columns >> i & 1U) != 0;
        if (isChanged || value.kind == ColumnChange::Kind::Word) {
            change.columns.push_back({QString::fromLatin1(value.column), value.kind, stored ? before.values[i].text : QString(), value.text});
        }
    }
    change.key = key.join(u'/');
    return change;
}

} // namespace detail

} // namespace counterfoil
