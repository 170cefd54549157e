// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/gateway.h"
#include "models/tables/value_table.h"

namespace counterfoil {

enum class CallbackColumn { ReceivedAt, Type, State, ObjectRef, Note, EventId, Count };

/// The gateway's callbacks about one order. Columns: CallbackColumn.
class CallbacksTable : public ValueTable<GatewayCallback> {
    Q_OBJECT
public:
    explicit CallbacksTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const GatewayCallback& callback, int column) const override;
    RowIdentity identityOf(const GatewayCallback& callback) const override;
};

} // namespace counterfoil
