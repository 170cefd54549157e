// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/commands_table.h"

#include "models/tables/format.h"

namespace counterfoil {

CommandsTable::CommandsTable(QObject* parent)
    : ValueTable({tr("Command"), tr("Status"), tr("Order"), tr("Amount"), tr("Reason"), tr("Asked for by"), tr("Asked for"), tr("Approvals"), tr("Result")}, parent)
{
}

Cell CommandsTable::cellOf(const CommandRow& row, int column) const
{
    const OperatorCommand& command = row.command;
    switch (static_cast<CommandColumn>(column)) {
    case CommandColumn::Kind: return Cell::plain(stateLabel(toString(command.kind)));
    case CommandColumn::Status: return Cell::named(toString(command.status));
    case CommandColumn::Subject: return Cell::id(row.orderNo);
    case CommandColumn::Amount: return command.amount.isZero() ? Cell() : Cell::money(command.amount);
    case CommandColumn::Reason: return Cell::plain(command.reason);
    case CommandColumn::RequestedBy: return Cell::plain(command.requestedBy);
    case CommandColumn::RequestedAt: return Cell::at(command.requestedAt);
    case CommandColumn::Approvals: return Cell::plain(command.approvalsNeeded == 0 ? tr("none needed") : tr("%1 of %2").arg(row.approvals).arg(command.approvalsNeeded));
    case CommandColumn::Result: return Cell::plain(command.result);
    case CommandColumn::Count: break;
    }
    return {};
}

RowIdentity CommandsTable::identityOf(const CommandRow& row) const
{
    return {row.command.id.toText(), row.command.id.value(), row.command.order.value()};
}

} // namespace counterfoil
