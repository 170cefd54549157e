// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"
#include "models/tables/cell.h"
#include "models/tables/detail_columns.h"

#include <QAbstractItemModel>

namespace counterfoil {

/// An order's sub-orders and, beneath each, its items. Columns: ItemColumn.
class OrderItemsTree : public QAbstractItemModel {
    Q_OBJECT

public:
    explicit OrderItemsTree(QObject* parent = nullptr);

    /// Keeps what is expanded and selected as long as the order's parts are the same (they don't change once it is placed).
    void setOrder(const OrderDetail& detail);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Branch {
        SubOrderView view;
        std::vector<OrderItem> items;
    };
    bool sameParts(const std::vector<Branch>& branches) const;

    std::vector<Branch> m_branches;
};

} // namespace counterfoil
