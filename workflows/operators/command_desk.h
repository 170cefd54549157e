// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/connection.h"
#include "models/domain/operator_command.h"

namespace counterfoil {

/// What a person asks for.
struct CommandRequest {
    CommandKind kind = CommandKind::AskGateway;
    OrderId order;
    qint64 subject = 0;
    CaseId intervention;
    Money amount;
    CommandArguments arguments;
    QString reason;
};

/// Where people hand in commands and decide about those of others (50-operators). Every call is one transaction with its audit row. Rules are
/// asked each time, by the person's role as the database has it. On PostgreSQL all of it is done by functions of the database (OperatorFunction), which
/// don't let a person's session act as somebody else; on SQLite it is done here. Used on the connection's thread.
///
/// Errors of every call: Forbidden (the role doesn't allow it, or the person is disabled), NotFound, and the database's.
class CommandDesk {
public:
    CommandDesk(Connection& connection, const Clock& clock, IdSource& ids) : m_connection(connection), m_clock(clock), m_ids(ids) {}

    /// Hands a command in; the worker previews it next. Errors also: MissingField (no reason), InvalidText, TooLarge.
    Result<CommandId> request(const QString& login, const CommandRequest& wanted);

    /// Its maker has seen the preview with this hash and wants it: waits for approvals now, or for the worker. Errors also: EventNotAccepted
    /// (there is no preview, or another one by now), InProgress (another command about the same thing is under way), DeadlinePassed (the
    /// preview is older than a day).
    Result<CommandStatus> file(const QString& login, CommandId command, const QString& previewSha256);

    /// Somebody else agrees to exactly this preview. Errors also: EventNotAccepted (it doesn't wait for approval, or for that of another
    /// preview), AlreadyExistsDifferent (this person has approved it before).
    Result<CommandStatus> approve(const QString& login, CommandId command, const QString& previewSha256, const QString& note);

    /// Somebody who might approve it says no. Errors also: EventNotAccepted, MissingField (no reason).
    Result<void> reject(const QString& login, CommandId command, const QString& note);

    /// Its maker takes it back. Errors also: EventNotAccepted (too late).
    Result<void> withdraw(const QString& login, CommandId command);

private:
    bool isByFunctions() const;

    Connection& m_connection;
    const Clock& m_clock;
    IdSource& m_ids;
};

/// A preview says what would happen now; after this long nobody may rely on it.
inline constexpr Duration previewLife = Duration::days(1);

} // namespace counterfoil
