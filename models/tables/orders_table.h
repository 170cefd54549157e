// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_reads.h"
#include "models/tables/order_columns.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

/// Orders, newest first unless asked otherwise. Columns: OrderColumn.
class OrdersTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit OrdersTable(ReadExecutor& executor, QObject* parent = nullptr);

    const OrderListing& listing() const { return m_listing; }
    /// Begins at the top, also when nothing changed the first time.
    void setListing(const OrderListing& listing);
    void setFilter(const OrderFilter& filter);

    bool isMoney(int column) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Offered where an index serves it: Id and PlacedAt. Others are ignored.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    static bool isSortable(int column);

    /// None while the row isn't there.
    OrderId orderAt(int row) const;
    /// For export and copy: null while the row isn't there.
    const Order* rowValue(int row) const;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;

private:
    OrderListing m_listing;
};

} // namespace counterfoil
