// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <compare>
#include <optional>

namespace counterfoil {

/// Where a row stands in its list's order: the sorted column, then what makes it unique (0 if the first is).
struct RowKey {
    qint64 first = 0;
    qint64 second = 0;
    friend constexpr auto operator<=>(const RowKey&, const RowKey&) = default;
};

/// A piece of an ordered list, asked for by key so that its cost doesn't grow with its depth. The rows always come in the list's
/// order.
struct PageRequest {
    /// Start beside this row; none: at the list's beginning (or its end, when backward).
    std::optional<RowKey> anchor;
    /// The row with the anchor's key belongs to the page.
    bool inclusive = false;
    /// Take the rows in front of the anchor.
    bool backward = false;
    /// Rows to leave out, counted from the anchor in the direction of the page; they are skipped in the index alone.
    qint64 skip = 0;
    int limit = 100;
};

} // namespace counterfoil
