// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <map>

namespace counterfoil {

/// Rows that were written to a table.
struct TableCount {
    qint64 inserted = 0;
    qint64 updated = 0;
    friend bool operator==(const TableCount&, const TableCount&) = default;
};

using RowCounts = std::map<QString, TableCount>;

/// Makes the database count the rows that are written from here on, by triggers. For a run that proves something, not for one that is
/// timed.
void startCounting(Connection& connection);

/// What was counted; tables without a row are left out.
RowCounts countedRows(Connection& connection);

/// Where two differ, a line each: `table: 3 inserted, 1 updated against 3 inserted, 2 updated`.
QStringList differences(const RowCounts& a, const RowCounts& b);

} // namespace counterfoil
