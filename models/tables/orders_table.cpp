// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/orders_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(OrderColumn::Count);

PageSource sourceOf(const OrderListing& listing)
{
    PageSource source;
    source.page = [listing](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto orders, orderPage(connection, listing, request));
        return pagedRows(std::move(orders), [&](const Order& order) { return orderKey(order, listing.sort); });
    };
    source.count = [filter = listing.filter](Connection& connection) { return orderCount(connection, filter); };
    source.countBefore = [listing](Connection& connection, RowKey key) { return orderCountBefore(connection, listing, key); };
    source.anchors = [listing](Connection& connection, std::optional<RowKey> after, int stride, int strides) {
        return orderAnchors(connection, listing, after, stride, strides);
    };
    source.before = [descending = listing.descending](RowKey a, RowKey b) { return descending ? a > b : a < b; };
    // Orders are never deleted and new ones have the highest ids; only a state can take one out of a list.
    source.rowsStay = listing.sort == OrderSort::Id && listing.filter.isEmpty();
    return source;
}

} // namespace

OrdersTable::OrdersTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent)
{
}

void OrdersTable::setListing(const OrderListing& listing)
{
    m_listing = listing;
    setSource(sourceOf(listing));
}

void OrdersTable::setFilter(const OrderFilter& filter)
{
    OrderListing listing = m_listing;
    listing.filter = filter;
    setListing(listing);
}

QVariant OrdersTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<OrderColumn>(section)) {
    case OrderColumn::Id: return tr("Id");
    case OrderColumn::OrderNo: return tr("Order");
    case OrderColumn::PlacedAt: return tr("Placed");
    case OrderColumn::Buyer: return tr("Buyer");
    case OrderColumn::Channel: return tr("Channel");
    case OrderColumn::State: return tr("State");
    case OrderColumn::Funding: return tr("Paid by");
    case OrderColumn::Payable: return tr("Payable");
    case OrderColumn::Paid: return tr("Paid");
    case OrderColumn::Refunded: return tr("Refunded");
    case OrderColumn::UpdatedAt: return tr("Updated");
    case OrderColumn::Count: break;
    }
    return {};
}

bool OrdersTable::isSortable(int column)
{
    return column == static_cast<int>(OrderColumn::Id) || column == static_cast<int>(OrderColumn::PlacedAt);
}

void OrdersTable::sort(int column, Qt::SortOrder order)
{
    if (!isSortable(column)) {
        return;
    }
    OrderListing listing = m_listing;
    listing.sort = column == static_cast<int>(OrderColumn::Id) ? OrderSort::Id : OrderSort::PlacedAt;
    listing.descending = order == Qt::DescendingOrder;
    if (listing != m_listing) {
        setListing(listing);
    }
}

OrderId OrdersTable::orderAt(int row) const
{
    const Order* const order = rowValue(row);
    return order ? order->id : OrderId();
}

const Order* OrdersTable::rowValue(int row) const
{
    const PagedRowPtr value = row >= 0 && row < rowCount() ? rowAt(row) : nullptr;
    return value ? &valueOf<Order>(*value) : nullptr;
}

bool OrdersTable::isMoney(int column) const
{
    return column == static_cast<int>(OrderColumn::Payable) || column == static_cast<int>(OrderColumn::Paid) || column == static_cast<int>(OrderColumn::Refunded);
}

Cell OrdersTable::cellOf(const PagedRow& row, int column) const
{
    const Order& order = valueOf<Order>(row);
    switch (static_cast<OrderColumn>(column)) {
    case OrderColumn::Id: return Cell::id(order.id.toText());
    case OrderColumn::OrderNo: return Cell::id(order.orderNo);
    case OrderColumn::PlacedAt: return Cell::at(order.placedAt);
    case OrderColumn::Buyer: return Cell::plain(order.buyerName);
    case OrderColumn::Channel: return Cell::plain(order.channel);
    case OrderColumn::State: return Cell::named(order.state);
    case OrderColumn::Funding: return Cell::named(toString(order.funding));
    case OrderColumn::Payable: return Cell::money(order.payable);
    case OrderColumn::Paid: return Cell::money(order.paid);
    case OrderColumn::Refunded: return Cell::money(order.refunded);
    case OrderColumn::UpdatedAt: return Cell::at(order.updatedAt);
    case OrderColumn::Count: break;
    }
    return {};
}

RowIdentity OrdersTable::identityOf(const PagedRow& row) const
{
    const OrderId id = valueOf<Order>(row).id;
    return {id.toText(), id.value(), id.value()};
}

} // namespace counterfoil
