// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/operator_tables.h"

namespace counterfoil {

/// What the rules say of one kind of command (tables command_permission and command_policy).
struct CommandRules {
    std::vector<CommandPermission> permissions;
    /// The policy of the currency, or the one for those that aren't named. None: nothing is known, and everything needs two.
    std::optional<CommandPolicy> policy;

    bool mayRequest(Role role) const;
    bool mayApprove(Role role) const;
    int approvalsFor(const Money& amount) const;
};

/// Errors: the database's.
Result<CommandRules> loadCommandRules(Connection& connection, CommandKind kind, Currency currency);

/// Who may ask for what: all of it, for a screen.
Result<std::vector<CommandPermission>> loadPermissions(Connection& connection);

/// A command that waits for the worker: to be previewed if it is requested, to be carried out if it is queued.
struct DueCommand {
    CommandId id;
    CommandStatus status = CommandStatus::Requested;
};

/// Oldest first.
Result<std::vector<DueCommand>> dueCommands(Connection& connection, int limit);

/// The person with this login. Errors: NotFound, and the database's.
Result<Person> findPerson(Connection& connection, const QString& login);

} // namespace counterfoil
