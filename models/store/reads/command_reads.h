// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/change_set.h"
#include "models/domain/operator_command.h"
#include "models/store/connection.h"

#include <QMap>

#include <vector>

namespace counterfoil {

/// A command with what a person has to know to decide about it.
struct CommandView {
    OperatorCommand command;
    std::vector<CommandApproval> approvals;
    /// Empty for one that isn't about an order.
    QString orderNo;
    /// What it would do, or did; empty while it isn't worked out.
    ChangeSet changes;
    /// Whose the accounts among the changes are, by their key.
    QMap<QString, QString> accountOwners;
};

/// Errors: NotFound, MalformedInput (a stored preview that can't be read), and the database's.
Result<CommandView> commandView(Connection& connection, CommandId id);

/// A command with the number of its order.
struct CommandRow {
    OperatorCommand command;
    QString orderNo;
    int approvals = 0;
};

/// Which commands a list shows.
struct CommandListing {
    enum class Kind { WaitingForOthers, MadeBy, OfOrder, OfCase };
    Kind kind = Kind::WaitingForOthers;
    /// WaitingForOthers: those of this person and those that this person has approved are left out. MadeBy: only this person's.
    QString login;
    OrderId order;
    CaseId intervention;
};

/// Waiting ones oldest first, others newest first; at most `limit`. Without their previews. Errors: the database's.
Result<std::vector<CommandRow>> commandRows(Connection& connection, const CommandListing& listing, int limit);

} // namespace counterfoil
