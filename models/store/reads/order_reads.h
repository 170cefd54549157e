// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"

#include <QStringList>

#include <vector>

namespace counterfoil {

/// Which orders a list shows. Empty fields don't restrict.
struct OrderFilter {
    QStringList states;
    /// Buyer's name (beginning, or any part among the newest customers), e-mail or external reference.
    QString buyer;
    /// Placed at or after / before.
    UtcTime placedFrom;
    UtcTime placedTo;
    /// Order number (whole or beginning), any id of the order or of its parts, gateway reference, or what `buyer` finds.
    QString freeText;

    bool isEmpty() const { return *this == OrderFilter(); }
    friend bool operator==(const OrderFilter&, const OrderFilter&) = default;
};

/// Only orders that an index serves.
enum class OrderSort { Id, PlacedAt };

struct OrderListing {
    OrderFilter filter;
    OrderSort sort = OrderSort::Id;
    bool descending = true;
    friend bool operator==(const OrderListing&, const OrderListing&) = default;
};

struct StateCount {
    QString state;
    qint64 count = 0;
};

/// The key of a row under a sort: (id, 0) or (placed at, id).
RowKey orderKey(const Order& order, OrderSort sort);

/// Errors of all reads: those of Connection, DatabaseCorrupt.
Result<std::vector<Order>> orderPage(Connection& connection, const OrderListing& listing, const PageRequest& request);
Result<qint64> orderCount(Connection& connection, const OrderFilter& filter);
/// How many rows of the listing stand in front of the key.
Result<qint64> orderCountBefore(Connection& connection, const OrderListing& listing, RowKey key);
/// The keys of every `stride`-th row behind `after` (or the beginning), at most `strides` of them: anchors for jumps.
Result<std::vector<RowKey>> orderAnchors(Connection& connection, const OrderListing& listing, std::optional<RowKey> after, int stride, int strides);

/// Orders per state, from the index alone; largest first.
Result<std::vector<StateCount>> stateCounts(Connection& connection);

} // namespace counterfoil
