// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/operators/command_actions.h"

namespace counterfoil {

/// The worker's side of commands: previews those that were handed in, and carries out those that are queued, each exactly once. Used on the
/// connection's thread.
class CommandRunner {
public:
    CommandRunner(Connection& connection, const Clock& clock, IdSource& ids, const CommandActions& actions) : m_connection(connection), m_clock(clock), m_ids(ids), m_actions(actions) {}

    /// Does what waits, up to `limit` of it; returns how many. Errors: the database's, when nothing can be written at all. What goes wrong with
    /// one command is its result.
    Result<int> runDue(int limit);

    /// Says what a requested command would do: it is done in a unit of work that isn't committed. Ends as previewed, or as refused with the
    /// reason. Errors: the database's.
    Result<void> preview(CommandId command);

    /// Carries out a queued command if it does exactly what was previewed, in one transaction with its status and audit row: done. Else
    /// stale, or failed if a rule forbids it by now. Errors: the database's; it is tried again then.
    Result<void> execute(CommandId command);

private:
    Result<void> finish(CommandId command, CommandStatus from, CommandStatus to, const QString& why);

    Connection& m_connection;
    const Clock& m_clock;
    IdSource& m_ids;
    const CommandActions& m_actions;
};

} // namespace counterfoil
