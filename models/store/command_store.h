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

/// Oldest first, without those that somebody's session has locked just now.
Result<std::vector<DueCommand>> dueCommands(Connection& connection, int limit);

/// The person with this login. Errors: NotFound, and the database's.
Result<Person> findPerson(Connection& connection, const QString& login);

/// Stands for a password's hash where the database itself checks who somebody is, by a login of its own. It fits no password.
inline constexpr QLatin1StringView checkedByDatabase("*");

/// Who this session is signed in as, where the database checks it: PostgreSQL, if its user is a person of this database. None for an owner's tools,
/// a worker, and on SQLite.
Result<std::optional<Person>> sessionPerson(Connection& connection);

/// Everybody by login, as a person's session may see it: without password_hash, failed_logins and locked_until. PostgreSQL only.
Result<std::vector<Person>> colleagues(Connection& connection);

} // namespace counterfoil
