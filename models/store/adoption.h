// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/row_set.h"

namespace counterfoil {

/// Reads rows of an answer into a set.
template<class T>
RowReader adoptedBy(RowSet<T>& set)
{
    return [&set](const Row& row) -> Result<void> {
        T value{};
        detail::Read read{row};
        TableOf<T>::visit(read, value);
        CF_TRY(read.outcome);
        set.adopt(std::move(value));
        return {};
    };
}

/// Rows that fulfil a condition as selectRows() takes it, and for one with `{ids}` only.
template<class T>
void adopt(StatementBatch& batch, const QString& condition, const QVariantList& values, RowSet<T>& set)
{
    batch.query(tableText<T>().select + condition, values, adoptedBy(set));
}

template<class T>
void adoptOf(StatementBatch& batch, const QString& condition, std::span<const qint64> ids, RowSet<T>& set)
{
    batch.queryOf(tableText<T>().select + condition, ids, adoptedBy(set));
}

} // namespace counterfoil
