// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/order_items_tree.h"

#include "models/tables/format.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr quintptr topLevel = 0;

Cell discountCell(const Money& merchant, const Money& platform)
{
    // The database keeps each within the order's goods; a sum beyond 64 bits cannot come from it.
    return Cell::money(merchant.plus(platform).value_or(merchant));
}

QString nameOf(const SubOrderView& view)
{
    const QStringList parts{view.merchantName, view.warehouseName};
    QStringList shown;
    std::ranges::copy_if(parts, std::back_inserter(shown), [](const QString& part) { return !part.isEmpty(); });
    return shown.isEmpty() ? stateLabel(toString(view.subOrder.fulfilment)) : shown.join(QStringLiteral(" · "));
}

Cell subOrderCell(const SubOrderView& view, int column)
{
    const SubOrder& subOrder = view.subOrder;
    switch (static_cast<ItemColumn>(column)) {
    case ItemColumn::Name: return Cell::plain(nameOf(view));
    case ItemColumn::Sku: return Cell::id(subOrder.trackingNo);
    case ItemColumn::Amount: return Cell::money(subOrder.goods);
    case ItemColumn::Discount: return discountCell(subOrder.merchantDiscount, subOrder.platformDiscount);
    case ItemColumn::Shipping: return Cell::money(subOrder.shipping);
    case ItemColumn::Commission: return Cell::money(subOrder.commission);
    case ItemColumn::Quantity:
    case ItemColumn::UnitPrice:
    case ItemColumn::Count: break;
    }
    return {};
}

Cell itemCell(const OrderItem& item, int column)
{
    switch (static_cast<ItemColumn>(column)) {
    case ItemColumn::Name: return Cell::plain(item.specification.isEmpty() ? item.productName : item.productName + QStringLiteral(" · ") + item.specification);
    case ItemColumn::Sku: return Cell::id(item.skuCode);
    case ItemColumn::Quantity: return Cell::count(item.quantity);
    case ItemColumn::UnitPrice: return Cell::money(item.unitPrice);
    case ItemColumn::Amount: return Cell::money(item.amount);
    case ItemColumn::Discount: return discountCell(item.merchantDiscount, item.platformDiscount);
    case ItemColumn::Shipping: return Cell::money(item.shipping);
    case ItemColumn::Commission:
    case ItemColumn::Count: break;
    }
    return {};
}

} // namespace

OrderItemsTree::OrderItemsTree(QObject* parent) : QAbstractItemModel(parent) {}

bool OrderItemsTree::sameParts(const std::vector<Branch>& branches) const
{
    return std::ranges::equal(branches, m_branches, [](const Branch& a, const Branch& b) {
        return a.view.subOrder.id == b.view.subOrder.id && std::ranges::equal(a.items, b.items, {}, &OrderItem::id, &OrderItem::id);
    });
}

void OrderItemsTree::setOrder(const OrderDetail& detail)
{
    std::vector<Branch> branches;
    for (const SubOrderView& view : detail.subOrders) {
        Branch& branch = branches.emplace_back(Branch{view, {}});
        std::ranges::copy_if(detail.items, std::back_inserter(branch.items), [&](const OrderItem& item) { return item.subOrder == view.subOrder.id; });
    }
    if (!sameParts(branches)) {
        beginResetModel();
        m_branches = std::move(branches);
        endResetModel();
        return;
    }
    m_branches = std::move(branches);
    const int last = columnCount() - 1;
    for (int row = 0; row < rowCount(); ++row) {
        const QModelIndex top = index(row, 0);
        Q_EMIT dataChanged(top, index(row, last));
        if (const int items = rowCount(top); items > 0) {
            Q_EMIT dataChanged(index(0, 0, top), index(items - 1, last, top));
        }
    }
}

QModelIndex OrderItemsTree::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : topLevel);
}

QModelIndex OrderItemsTree::parent(const QModelIndex& child) const
{
    return child.isValid() && child.internalId() != topLevel ? createIndex(static_cast<int>(child.internalId() - 1), 0, topLevel) : QModelIndex();
}

int OrderItemsTree::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return static_cast<int>(m_branches.size());
    }
    const bool isBranch = parent.internalId() == topLevel && parent.column() == 0;
    return isBranch ? static_cast<int>(m_branches[static_cast<std::size_t>(parent.row())].items.size()) : 0;
}

int OrderItemsTree::columnCount(const QModelIndex&) const
{
    return static_cast<int>(ItemColumn::Count);
}

QVariant OrderItemsTree::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (index.internalId() == topLevel) {
        const SubOrderView& view = m_branches[static_cast<std::size_t>(index.row())].view;
        const RowIdentity identity{view.subOrder.id.toText(), view.subOrder.id.value(), view.subOrder.order.value()};
        const QVariant answer = identity.data(role);
        return answer.isValid() ? answer : subOrderCell(view, index.column()).data(role);
    }
    const OrderItem& item = m_branches[static_cast<std::size_t>(index.internalId() - 1)].items[static_cast<std::size_t>(index.row())];
    const QVariant answer = RowIdentity{item.id.toText(), item.id.value(), item.order.value()}.data(role);
    return answer.isValid() ? answer : itemCell(item, index.column()).data(role);
}

QVariant OrderItemsTree::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<ItemColumn>(section)) {
    case ItemColumn::Name: return tr("Item");
    case ItemColumn::Sku: return tr("SKU / tracking");
    case ItemColumn::Quantity: return tr("Quantity");
    case ItemColumn::UnitPrice: return tr("Unit price");
    case ItemColumn::Amount: return tr("Amount");
    case ItemColumn::Discount: return tr("Discount");
    case ItemColumn::Shipping: return tr("Shipping");
    case ItemColumn::Commission: return tr("Commission");
    case ItemColumn::Count: break;
    }
    return {};
}

} // namespace counterfoil
