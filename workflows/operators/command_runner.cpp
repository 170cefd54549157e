// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/operators/command_runner.h"

#include "models/base/text.h"
#include "models/store/command_store.h"

namespace counterfoil {

namespace {

const QString worker = QStringLiteral("worker");

/// What a command does, as far as approvers agree to it: the changes, and what they start from.
struct Effect {
    ChangeSet changes;
    QString content;
    QString basis;
};

Effect effectOf(UnitOfWork& work, const OperatorCommand& command)
{
    Effect effect{work.changes(), {}, {}};
    effect.content = contentHash(effect.changes);
    // The order counts even where only what belongs to it changes.
    const Order* order = work.orders.find(command.order);
    effect.basis = sha256Hex((basisHash(effect.changes) + QStringLiteral(" order %1").arg(order ? order->rowVersion : 0)).toUtf8());
    return effect;
}

/// The database's trouble is nobody's answer.
bool isTransient(ErrorCode code)
{
    return classify(code) == ErrorClass::Transient;
}

void end(UnitOfWork& work, OperatorCommand& command, CommandStatus status, const QString& why)
{
    const CommandStatus before = command.status;
    command.status = status;
    command.result = why.left(2000);
    command.finishedAt = work.now();
    command.filedSubject.clear();
    ++command.rowVersion;
    work.audit(worker, QStringLiteral("command.") + toString(status), command.id.toText(), toString(before), toString(status), command.result);
}

} // namespace

Result<int> CommandRunner::runDue(int limit)
{
    CF_ASSIGN(const std::vector<DueCommand> due, dueCommands(m_connection, limit));
    for (const DueCommand& command : due) {
        CF_TRY(command.status == CommandStatus::Queued ? execute(command.id) : preview(command.id));
    }
    return static_cast<int>(due.size());
}

Result<void> CommandRunner::preview(CommandId id)
{
    Result<Effect> effect;
    {
        UnitOfWork work(m_connection, m_clock, m_ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadCommand(id));
        const OperatorCommand* row = work.commands.find(id);
        if (!row || row->status != CommandStatus::Requested) {
            return {};
        }
        const OperatorCommand command = *row;
        const Result<void> performed = m_actions.perform(work, command);
        if (!performed && isTransient(performed.error().code)) {
            return performed;
        }
        effect = performed ? Result<Effect>(effectOf(work, command)) : Result<Effect>(passOn(performed));
    }
    if (!effect) {
        return finish(id, CommandStatus::Requested, CommandStatus::Refused, effect.error().text());
    }
    if (effect->changes.rows.empty()) {
        return finish(id, CommandStatus::Requested, CommandStatus::Refused, QStringLiteral("event_not_accepted: nothing would change"));
    }
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_TRY(work.loadCommand(id));
    const OperatorCommand* row = work.commands.find(id);
    if (!row || row->status != CommandStatus::Requested) {
        return {};
    }
    OperatorCommand& command = work.commands.edit(id);
    command.status = CommandStatus::Previewed;
    command.preview = toJsonText(effect->changes);
    command.previewSha256 = effect->content;
    command.basisSha256 = effect->basis;
    command.previewedAt = work.now();
    ++command.rowVersion;
    work.audit(worker, QStringLiteral("command.previewed"), id.toText(), toString(CommandStatus::Requested), toString(CommandStatus::Previewed), {});
    return work.commit();
}

Result<void> CommandRunner::execute(CommandId id)
{
    QString why;
    CommandStatus outcome = CommandStatus::Failed;
    {
        UnitOfWork work(m_connection, m_clock, m_ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadCommand(id));
        const OperatorCommand* row = work.commands.find(id);
        if (!row || row->status != CommandStatus::Queued) {
            return {};
        }
        const OperatorCommand command = *row;
        const Result<void> performed = m_actions.perform(work, command);
        if (!performed && isTransient(performed.error().code)) {
            return performed;
        }
        if (performed) {
            const Effect effect = effectOf(work, command);
            if (effect.content == command.previewSha256 && effect.basis == command.basisSha256) {
                work.audit(actorOf(command.requestedBy), QStringLiteral("command.") + toString(command.kind), command.order.isNone() ? QString::number(command.subject) : command.order.toText(),
                           {}, command.amount.isZero() ? QString() : command.amount.toText(), command.reason);
                end(work, work.commands.edit(id), CommandStatus::Done, {});
                return work.commit();
            }
            outcome = CommandStatus::Stale;
            why = QStringLiteral("version_conflict: something has changed since the preview");
        } else {
            why = performed.error().text();
        }
    }
    return finish(id, CommandStatus::Queued, outcome, why);
}

Result<void> CommandRunner::finish(CommandId id, CommandStatus from, CommandStatus to, const QString& why)
{
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_TRY(work.loadCommand(id));
    const OperatorCommand* row = work.commands.find(id);
    if (!row || row->status != from) {
        return {};
    }
    end(work, work.commands.edit(id), to, why);
    return work.commit();
}

} // namespace counterfoil
