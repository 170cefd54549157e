// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/command_reads.h"
#include "models/tables/value_table.h"

namespace counterfoil {

enum class CommandColumn { Kind, Status, Subject, Amount, Reason, RequestedBy, RequestedAt, Approvals, Result, Count };

/// Commands of people. Columns: CommandColumn.
class CommandsTable : public ValueTable<CommandRow> {
    Q_OBJECT

public:
    explicit CommandsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const CommandRow& row, int column) const override;
    RowIdentity identityOf(const CommandRow& row) const override;
};

} // namespace counterfoil
