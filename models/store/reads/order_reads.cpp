// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/order_reads.h"

#include "models/store/order_tables.h"
#include "models/store/reads/lookups.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int customersMax = 500;

/// Finds the few things a free text can mean first, so that the list's own condition is served by indexes.
Result<void> addFreeText(Connection& connection, const QString& text, Condition& condition)
{
    CF_ASSIGN(const Landing landing, landingOf(connection, text));
    if (!landing.order.isNone()) {
        condition.add(QStringLiteral("id = ?"), {bound(landing.order)});
        return {};
    }
    if (!landing.customer.isNone()) {
        condition.add(QStringLiteral("customer_id = ?"), {bound(landing.customer)});
        return {};
    }
    CF_ASSIGN(const OrderId referred, orderOfGatewayRef(connection, text));
    if (!referred.isNone()) {
        condition.add(QStringLiteral("id = ?"), {bound(referred)});
        return {};
    }
    CF_ASSIGN(const std::vector<qint64> customers, customersLike(connection, text, customersMax));
    const QString term = joined({u'(' + prefixTerm(connection.kind(), QStringLiteral("order_no")), QStringLiteral("OR customer_id {ids})")});
    condition.add(term, prefixValues(connection.kind(), text) << connection.idList(customers));
    return {};
}

Result<Condition> conditionOf(Connection& connection, const OrderFilter& filter)
{
    Condition condition;
    condition.addOneOf(QStringLiteral("state"), filter.states);
    if (!filter.placedFrom.isNone()) {
        condition.add(QStringLiteral("placed_at >= ?"), {bound(filter.placedFrom)});
    }
    if (!filter.placedTo.isNone()) {
        condition.add(QStringLiteral("placed_at < ?"), {bound(filter.placedTo)});
    }
    if (const QString buyer = filter.buyer.trimmed(); !buyer.isEmpty()) {
        CF_ASSIGN(const std::vector<qint64> customers, customersLike(connection, buyer, customersMax));
        condition.add(QStringLiteral("customer_id {ids}"), {connection.idList(customers)});
    }
    if (const QString text = filter.freeText.trimmed(); !text.isEmpty()) {
        CF_TRY(addFreeText(connection, text, condition));
    }
    return condition;
}

/// The term that keeps the rows on one side of a key.
void addBeyond(Condition& condition, OrderSort sort, RowKey key, bool below, bool inclusive)
{
    const QString compare = joined({below ? QStringLiteral("<") : QStringLiteral(">"), inclusive ? QStringLiteral("=") : QString()}).remove(u' ');
    if (sort == OrderSort::Id) {
        condition.add(joined({QStringLiteral("id"), compare, QStringLiteral("?")}), {bound(key.first)});
    } else {
        condition.add(joined({QStringLiteral("(placed_at, id)"), compare, QStringLiteral("(?, ?)")}), {bound(key.first), bound(key.second)});
    }
}

QString orderBy(OrderSort sort, bool descending)
{
    if (sort == OrderSort::Id) {
        return descending ? QStringLiteral("ORDER BY id DESC") : QStringLiteral("ORDER BY id");
    }
    return descending ? QStringLiteral("ORDER BY placed_at DESC, id DESC") : QStringLiteral("ORDER BY placed_at, id");
}

} // namespace

RowKey orderKey(const Order& order, OrderSort sort)
{
    return sort == OrderSort::Id ? RowKey{order.id.value(), 0} : RowKey{order.placedAt.micros(), order.id.value()};
}

Result<std::vector<Order>> orderPage(Connection& connection, const OrderListing& listing, const PageRequest& request)
{
    CF_ASSIGN(Condition condition, conditionOf(connection, listing.filter));
    const bool descending = listing.descending != request.backward;
    if (request.anchor) {
        addBeyond(condition, listing.sort, *request.anchor, descending, request.inclusive);
    }
    // Ids first: skipped rows are passed in an index, and only the page's own rows are read.
    const QString order = orderBy(listing.sort, descending);
    const QString text = joined({QStringLiteral("WHERE id IN (SELECT id FROM orders"), condition.where(), order, QStringLiteral("LIMIT ? OFFSET ?)"), order});
    CF_ASSIGN(std::vector<Order> rows, selectRows<Order>(connection, text, condition.values << bound(request.limit) << bound(request.skip)));
    if (request.backward) {
        std::ranges::reverse(rows);
    }
    return rows;
}

Result<qint64> orderCount(Connection& connection, const OrderFilter& filter)
{
    CF_ASSIGN(const Condition condition, conditionOf(connection, filter));
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM orders"), condition.where()}), condition.values);
}

Result<qint64> orderCountBefore(Connection& connection, const OrderListing& listing, RowKey key)
{
    CF_ASSIGN(Condition condition, conditionOf(connection, listing.filter));
    addBeyond(condition, listing.sort, key, !listing.descending, false);
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM orders"), condition.where()}), condition.values);
}

Result<std::vector<RowKey>> orderAnchors(Connection& connection, const OrderListing& listing, std::optional<RowKey> after, int stride, int strides)
{
    CF_ASSIGN(Condition condition, conditionOf(connection, listing.filter));
    if (after) {
        addBeyond(condition, listing.sort, *after, listing.descending, false);
    }
    const QString order = orderBy(listing.sort, listing.descending);
    const QString key = listing.sort == OrderSort::Id ? QStringLiteral("id AS a, 0 AS b") : QStringLiteral("placed_at AS a, id AS b");
    const QString sql = joined({QStringLiteral("SELECT a, b FROM (SELECT"), key, QStringLiteral(", row_number() OVER ("), order,
                                QStringLiteral(") AS n FROM orders"), condition.where(), order, QStringLiteral("LIMIT ?) AS walked WHERE n % ? = 0 ORDER BY n")});
    std::vector<RowKey> keys;
    CF_TRY(connection.query(sql, condition.values << bound(qint64{stride} * strides) << bound(stride), [&](const Row& row) -> Result<void> {
        keys.push_back({row.integer(0), row.integer(1)});
        return {};
    }));
    return keys;
}

Result<std::vector<StateCount>> stateCounts(Connection& connection)
{
    std::vector<StateCount> counts;
    CF_TRY(connection.query(QStringLiteral("SELECT state, count(*) AS n FROM orders GROUP BY state ORDER BY n DESC, state"), {},
                            [&](const Row& row) -> Result<void> {
                                counts.push_back({row.text(0), row.integer(1)});
                                return {};
                            }));
    return counts;
}

} // namespace counterfoil
