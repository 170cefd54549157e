// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <vector>

namespace counterfoil {

enum class SearchKind { Order, Account, Customer, Merchant };

/// One thing found. `id` is the id of the order, account, customer or merchant to open, as a value and as people paste it.
struct SearchHit {
    SearchKind kind = SearchKind::Order;
    qint64 id = 0;
    QString idText;
    QString title;
    QString subtitle;
};

/// Finds what a person typed into the global search: a pasted id of any kind (leads to its order or account), an order number,
/// the beginning of a buyer's name, e-mail or external reference, a merchant's name, a gateway reference, an exact amount
/// (`1261.96`, `1,261.96 USD`: orders that cost it or charged a card with it, newest first), a card's last four digits. Every part is served by an index or
/// looks at a bounded number of rows; at most `limit` hits, the surest first. An empty text finds nothing.
Result<std::vector<SearchHit>> findAnything(Connection& connection, const QString& text, int limit = 30);

} // namespace counterfoil
