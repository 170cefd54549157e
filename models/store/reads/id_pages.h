// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/lookups.h"
#include "models/store/reads/page.h"

#include <optional>

namespace counterfoil {

/// A list that stands in the order of its table's ids, newest first: what the pages, counts and anchors of such lists have in common.
/// A row's key is (id, 0).
struct IdList {
    QString table;
    Condition condition;
};

/// A piece of a statement with the values that it binds.
struct BoundText {
    QString text;
    QVariantList values;
};

/// The statement that finds the ids of a page's rows, to stand in `WHERE x.id IN (…)`. Skipped rows are passed in the key's index.
BoundText idsOfPage(IdList list, const PageRequest& request);

/// Errors of all: those of Connection.
Result<qint64> idCount(Connection& connection, const IdList& list);
/// How many rows of the list stand in front of the key, which are the newer ones.
Result<qint64> idCountBefore(Connection& connection, IdList list, RowKey key);
/// As orderAnchors().
Result<std::vector<RowKey>> idAnchors(Connection& connection, IdList list, std::optional<RowKey> after, int stride, int strides);

/// How far back a condition is looked for that no index serves.
inline constexpr int newestLookedAt = 100'000;
/// Adds the term that leaves the newest `newestLookedAt` rows of the list's table, so that what is rare is found or missed in bounded time.
Result<void> keepNewest(Connection& connection, IdList& list);

} // namespace counterfoil
