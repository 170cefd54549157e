// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qt>

namespace counterfoil {

/// What every table and tree of the console answers besides Qt::DisplayRole (plain text), Qt::TextAlignmentRole,
/// Qt::ToolTipRole (never set: views escape their own) and Qt::AccessibleTextRole.
enum TableRole {
    /// A value that sorts as the column should: qlonglong or QString.
    SortKeyRole = Qt::UserRole + 1,
    /// Money, for columns that are an amount.
    AmountRole,
    /// The name of a state as stored (`awaiting_payment`), for badge columns. DisplayRole has the word a person reads.
    StateRole,
    /// Microseconds since 1970 UTC as qlonglong; absent for none.
    TimeRole,
    /// The row's id as people see it (`ord_…`), in every column of the row.
    IdRole,
    /// The row's id as a number (qlonglong), in every column.
    IdValueRole,
    /// The id of the order the row belongs to, as a number; absent for none.
    OrderIdRole,
    /// true for cells that are shown in the monospace font.
    MonospaceRole,
    /// true while the row is not read yet: paint a placeholder.
    LoadingRole,
};

} // namespace counterfoil
