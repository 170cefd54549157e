// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/operators/command_desk.h"

#include "models/base/text.h"
#include "models/store/command_store.h"
#include "models/store/operator_functions.h"
#include "models/store/unit_of_work.h"
#include "workflows/operators/command_actions.h"

namespace counterfoil {

namespace {

constexpr qsizetype reasonMax = 1000;
constexpr int rerunsMax = 3;

Result<Person> activePerson(Connection& connection, const QString& login)
{
    CF_ASSIGN(const Person person, findPerson(connection, login));
    return person.isDisabled() ? Result<Person>(fail(ErrorCode::Forbidden, QStringLiteral("%1 may not work here any more").arg(login))) : person;
}

Result<QString> checkedReason(const QString& text)
{
    const QString reason = text.trimmed();
    if (reason.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("a reason"));
    }
    return reason.size() > reasonMax ? Result<QString>(fail(ErrorCode::TooLarge, QStringLiteral("a reason of %1 characters").arg(reason.size()))) : reason;
}

std::unexpected<Error> notNow(const OperatorCommand& command)
{
    return fail(ErrorCode::EventNotAccepted, QStringLiteral("%1 is %2").arg(command.id.toText(), toString(command.status)));
}

/// Runs `change` on a locked command in a transaction of its own; tried again if another writer was in the way.
template<class Change>
auto withCommand(Connection& connection, const Clock& clock, IdSource& ids, CommandId id, Change change) -> decltype(change(std::declval<UnitOfWork&>(), std::declval<OperatorCommand&>()))
{
    const auto once = [&]() -> decltype(change(std::declval<UnitOfWork&>(), std::declval<OperatorCommand&>())) {
        UnitOfWork work(connection, clock, ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadCommand(id));
        if (!work.commands.find(id)) {
            return fail(ErrorCode::NotFound, QStringLiteral("there is no command %1").arg(id.toText()));
        }
        OperatorCommand& command = work.commands.edit(id);
        ++command.rowVersion;
        auto outcome = change(work, command);
        CF_TRY(outcome);
        CF_TRY(work.commit());
        return outcome;
    };
    auto outcome = once();
    for (int i = 0; i < rerunsMax && !outcome && (outcome.error().code == ErrorCode::SerializationFailure || outcome.error().code == ErrorCode::VersionConflict); ++i) {
        outcome = once();
    }
    return outcome;
}

void auditChange(UnitOfWork& work, const QString& login, const QString& action, CommandStatus before, const OperatorCommand& command, const QString& reason)
{
    work.audit(actorOf(login), QStringLiteral("command.") + action, command.id.toText(), toString(before), toString(command.status), reason);
}

Result<CommandStatus> statusFrom(const Result<QString>& answer)
{
    return answer ? parseEnum<CommandStatus>(*answer) : Result<CommandStatus>(passOn(answer));
}

} // namespace

bool CommandDesk::isByFunctions() const
{
    return m_connection.kind() == DatabaseKind::Postgresql;
}

Result<CommandId> CommandDesk::request(const QString& login, const CommandRequest& wanted)
{
    CF_ASSIGN(const QString reason, checkedReason(wanted.reason));
    if (isByFunctions()) {
        CF_ASSIGN(const QString id, callFunction(m_connection, OperatorFunction::CommandRequest,
                                                 {toString(wanted.kind), bound(wanted.order), bound(wanted.subject), bound(wanted.intervention), wanted.amount.currency().code(),
                                                  bound(wanted.amount.minor()), toJsonText(wanted.arguments), reason, login, bound(m_clock.now())}));
        return CommandId(id.toLongLong());
    }
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_ASSIGN(const Person person, activePerson(m_connection, login));
    CF_ASSIGN(const CommandRules rules, loadCommandRules(m_connection, wanted.kind, wanted.amount.currency()));
    if (!rules.mayRequest(person.role)) {
        return fail(ErrorCode::Forbidden, QStringLiteral("%1 may not ask for %2").arg(toString(person.role), toString(wanted.kind)));
    }
    OperatorCommand command;
    command.id = m_ids.next<CommandId>();
    command.kind = wanted.kind;
    command.order = wanted.order;
    command.subject = wanted.subject;
    command.intervention = wanted.intervention;
    command.currency = wanted.amount.currency();
    command.amount = wanted.amount;
    command.arguments = toJsonText(wanted.arguments);
    command.reason = reason;
    command.requestedBy = person.login;
    command.requestedRole = person.role;
    command.requestedAt = work.now();
    command.approvalsNeeded = rules.approvalsFor(wanted.amount);
    work.commands.add(command);
    work.audit(actorOf(login), QStringLiteral("command.requested"), command.id.toText(), {}, toString(command.kind), reason);
    CF_TRY(work.commit());
    return command.id;
}

Result<CommandStatus> CommandDesk::file(const QString& login, CommandId id, const QString& previewSha256)
{
    if (isByFunctions()) {
        return statusFrom(callFunction(m_connection, OperatorFunction::CommandFile, {bound(id), previewSha256, login, bound(m_clock.now())}));
    }
    const auto filed = withCommand(m_connection, m_clock, m_ids, id, [&](UnitOfWork& work, OperatorCommand& command) -> Result<CommandStatus> {
        CF_ASSIGN(const Person person, activePerson(m_connection, login));
        if (command.requestedBy != person.login) {
            return fail(ErrorCode::Forbidden, QStringLiteral("only who asked for it may file it"));
        }
        if (command.status != CommandStatus::Previewed || command.previewSha256 != previewSha256) {
            return notNow(command);
        }
        if (work.now() - command.previewedAt > previewLife) {
            return fail(ErrorCode::DeadlinePassed, QStringLiteral("the preview is older than a day"));
        }
        command.status = command.approvalsNeeded > 0 ? CommandStatus::AwaitingApproval : CommandStatus::Queued;
        command.filedAt = work.now();
        command.filedSubject = command.subjectKey();
        auditChange(work, login, QStringLiteral("filed"), CommandStatus::Previewed, command, command.reason);
        return command.status;
    });
    if (!filed && filed.error().code == ErrorCode::ConstraintViolated) {
        return fail(ErrorCode::InProgress, QStringLiteral("another command about the same thing is under way"));
    }
    return filed;
}

Result<CommandStatus> CommandDesk::approve(const QString& login, CommandId id, const QString& previewSha256, const QString& note)
{
    if (isByFunctions()) {
        return statusFrom(callFunction(m_connection, OperatorFunction::CommandApprove, {bound(id), previewSha256, bound(note), login, bound(m_clock.now())}));
    }
    return withCommand(m_connection, m_clock, m_ids, id, [&](UnitOfWork& work, OperatorCommand& command) -> Result<CommandStatus> {
        CF_ASSIGN(const Person person, activePerson(m_connection, login));
        CF_ASSIGN(const CommandRules rules, loadCommandRules(m_connection, command.kind, command.currency));
        if (command.requestedBy == person.login) {
            return fail(ErrorCode::Forbidden, QStringLiteral("nobody approves their own command"));
        }
        if (!rules.mayApprove(person.role)) {
            return fail(ErrorCode::Forbidden, QStringLiteral("%1 may not approve %2").arg(toString(person.role), toString(command.kind)));
        }
        if (command.status != CommandStatus::AwaitingApproval || command.previewSha256 != previewSha256) {
            return notNow(command);
        }
        int level = 1;
        for (const CommandApproval& approval : work.approvals.of(id)) {
            if (approval.approver == person.login) {
                return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("%1 has approved it already").arg(login));
            }
            ++level;
        }
        work.approvals.add({id, level, person.login, previewSha256, work.now()});
        if (level >= command.approvalsNeeded) {
            command.status = CommandStatus::Queued;
            command.decidedBy = person.login;
            command.decidedAt = work.now();
            command.decisionNote = note.left(reasonMax);
        }
        auditChange(work, login, QStringLiteral("approved"), CommandStatus::AwaitingApproval, command, note.left(reasonMax));
        return command.status;
    });
}

Result<void> CommandDesk::reject(const QString& login, CommandId id, const QString& note)
{
    CF_ASSIGN(const QString reason, checkedReason(note));
    if (isByFunctions()) {
        CF_TRY(callFunction(m_connection, OperatorFunction::CommandReject, {bound(id), reason, login, bound(m_clock.now())}));
        return {};
    }
    return withCommand(m_connection, m_clock, m_ids, id, [&](UnitOfWork& work, OperatorCommand& command) -> Result<void> {
        CF_ASSIGN(const Person person, activePerson(m_connection, login));
        CF_ASSIGN(const CommandRules rules, loadCommandRules(m_connection, command.kind, command.currency));
        if (command.requestedBy == person.login || !rules.mayApprove(person.role)) {
            return fail(ErrorCode::Forbidden, QStringLiteral("%1 may not decide about it").arg(login));
        }
        if (command.status != CommandStatus::AwaitingApproval) {
            return notNow(command);
        }
        command.status = CommandStatus::Rejected;
        command.decidedBy = person.login;
        command.decidedAt = work.now();
        command.decisionNote = reason;
        command.finishedAt = work.now();
        command.filedSubject.clear();
        auditChange(work, login, QStringLiteral("rejected"), CommandStatus::AwaitingApproval, command, reason);
        return {};
    });
}

Result<void> CommandDesk::withdraw(const QString& login, CommandId id)
{
    if (isByFunctions()) {
        CF_TRY(callFunction(m_connection, OperatorFunction::CommandWithdraw, {bound(id), login, bound(m_clock.now())}));
        return {};
    }
    return withCommand(m_connection, m_clock, m_ids, id, [&](UnitOfWork& work, OperatorCommand& command) -> Result<void> {
        CF_ASSIGN(const Person person, activePerson(m_connection, login));
        if (command.requestedBy != person.login) {
            return fail(ErrorCode::Forbidden, QStringLiteral("only who asked for it may withdraw it"));
        }
        if (isFinal(command.status)) {
            return notNow(command);
        }
        const CommandStatus before = command.status;
        command.status = CommandStatus::Withdrawn;
        command.finishedAt = work.now();
        command.filedSubject.clear();
        auditChange(work, login, QStringLiteral("withdrawn"), before, command, {});
        return {};
    });
}

} // namespace counterfoil
