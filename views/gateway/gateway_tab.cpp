// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/gateway_tab.h"

#include "models/tables/roles.h"

namespace counterfoil {

void GatewayTab::connectList(PagedList* list, DetailPane* details)
{
    const auto open = [this](OrderId order) { context().navigator.openOrder(order); };
    connect(list->table(), &QAbstractItemView::activated, this, [list, open](const QModelIndex& index) {
        const OrderId order(index.data(OrderIdRole).toLongLong());
        order.isNone() ? list->table()->showRow(index) : open(order);
    });
    connect(list->table(), &DataTable::orderRequested, this, open);
    connect(details, &DetailPane::orderRequested, this, open);
    connect(list, &PagedList::countChanged, this, [this, list] { Q_EMIT countChanged(list->countText()); });
}

} // namespace counterfoil
