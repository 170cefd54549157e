// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/callbacks_table.h"

namespace counterfoil {

CallbacksTable::CallbacksTable(QObject* parent)
    : ValueTable<GatewayCallback>({tr("Received"), tr("Type"), tr("State"), tr("About"), tr("Remark"), tr("Event")}, parent)
{
}

Cell CallbacksTable::cellOf(const GatewayCallback& callback, int column) const
{
    switch (static_cast<CallbackColumn>(column)) {
    case CallbackColumn::ReceivedAt: return Cell::at(callback.receivedAt);
    case CallbackColumn::Type: return Cell::plain(callback.type);
    case CallbackColumn::State: return Cell::named(toString(callback.state));
    case CallbackColumn::ObjectRef: return Cell::id(callback.objectRef);
    case CallbackColumn::Note: return Cell::plain(callback.note);
    case CallbackColumn::EventId: return Cell::id(callback.eventId);
    case CallbackColumn::Count: break;
    }
    return {};
}

RowIdentity CallbacksTable::identityOf(const GatewayCallback& callback) const
{
    return {callback.id.toText(), callback.id.value(), callback.order.value()};
}

} // namespace counterfoil
