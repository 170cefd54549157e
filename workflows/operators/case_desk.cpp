// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/operators/case_desk.h"

#include "models/store/command_store.h"
#include "workflows/operators/command_actions.h"

namespace counterfoil {

namespace {

constexpr qsizetype textMax = 4000;

Result<Person> worker(Connection& connection, const QString& login)
{
    CF_ASSIGN(const Person person, findPerson(connection, login));
    const bool mayWork = !person.isDisabled() && person.role != Role::Auditor;
    return mayWork ? Result<Person>(person) : fail(ErrorCode::Forbidden, QStringLiteral("%1 may not work on cases").arg(login));
}

Result<void> needText(const QString& text)
{
    return text.trimmed().isEmpty() ? fail(ErrorCode::MissingField, QStringLiteral("a text")) : Result<void>();
}

} // namespace

bool CaseDesk::isByFunctions() const
{
    return m_connection.kind() == DatabaseKind::Postgresql;
}

/// `values` are those between the case and who acts.
Result<void> CaseDesk::call(OperatorFunction function, CaseId id, const QVariantList& values, const QString& login)
{
    CF_TRY(callFunction(m_connection, function, QVariantList{bound(id)} + values + QVariantList{login, bound(m_clock.now())}));
    return {};
}

template<class Function>
Result<void> CaseDesk::change(const QString& login, CaseId id, const Change& what, Function edit)
{
    if (what.text.size() > textMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("a text of %1 characters").arg(what.text.size()));
    }
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_TRY(worker(m_connection, login));
    CF_TRY(work.loadCase(id));
    const InterventionCase* known = work.cases.find(id);
    if (!known) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no case %1").arg(id.toText()));
    }
    if (known->state != CaseState::Open) {
        return fail(ErrorCode::EventNotAccepted, QStringLiteral("%1 is resolved").arg(id.toText()));
    }
    if (what.ownerOnly && known->owner != login) {
        return fail(ErrorCode::Forbidden, known->owner.isEmpty() ? QStringLiteral("claim the case first") : QStringLiteral("%1 works on it").arg(known->owner));
    }
    const QString before = known->owner;
    InterventionCase& row = work.cases.edit(id);
    CF_TRY(edit(work, row));
    ++row.rowVersion;
    work.caseNotes.add({m_ids.next<CaseNoteId>(), id, work.now(), login, what.kind, what.text.trimmed()});
    work.audit(actorOf(login), QStringLiteral("case.") + toString(what.kind), id.toText(), before, row.owner, what.text.trimmed());
    return work.commit();
}

Result<void> CaseDesk::claim(const QString& login, CaseId id)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseClaim, id, {}, login);
    }
    const auto claimed = change(login, id, {CaseNoteKind::Claimed, {}, false}, [&login](UnitOfWork& work, InterventionCase& row) -> Result<void> {
        if (row.owner == login) {
            return fail(ErrorCode::Cancelled);
        }
        if (!row.owner.isEmpty()) {
            return fail(ErrorCode::InProgress, row.owner);
        }
        row.owner = login;
        row.claimedAt = work.now();
        row.snoozedUntil = UtcTime();
        return {};
    });
    return !claimed && claimed.error().code == ErrorCode::Cancelled ? Result<void>() : claimed;
}

Result<void> CaseDesk::release(const QString& login, CaseId id)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseRelease, id, {}, login);
    }
    return change(login, id, {CaseNoteKind::Released, {}}, [](UnitOfWork&, InterventionCase& row) -> Result<void> {
        row.owner.clear();
        row.claimedAt = UtcTime();
        return {};
    });
}

Result<void> CaseDesk::handOver(const QString& login, CaseId id, const QString& to, const QString& text)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseHandOver, id, {to, bound(text)}, login);
    }
    return change(login, id, {CaseNoteKind::HandedOver, text}, [&](UnitOfWork& work, InterventionCase& row) -> Result<void> {
        CF_ASSIGN(const Person other, worker(m_connection, to));
        row.owner = other.login;
        row.claimedAt = work.now();
        return {};
    });
}

Result<void> CaseDesk::snooze(const QString& login, CaseId id, UtcTime until, const QString& text)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseSnooze, id, {bound(until), bound(text)}, login);
    }
    return change(login, id, {CaseNoteKind::Snoozed, text}, [until](UnitOfWork& work, InterventionCase& row) -> Result<void> {
        if (until <= work.now()) {
            return fail(ErrorCode::DeadlinePassed, QStringLiteral("a case rests until a moment ahead"));
        }
        row.snoozedUntil = until;
        return {};
    });
}

Result<void> CaseDesk::escalate(const QString& login, CaseId id, const QString& text)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseEscalate, id, {bound(text)}, login);
    }
    return change(login, id, {CaseNoteKind::Escalated, text, false}, [](UnitOfWork& work, InterventionCase& row) -> Result<void> {
        row.severity = row.severity == CaseSeverity::Info ? CaseSeverity::Warning : CaseSeverity::Critical;
        row.dueAt = std::min(row.dueAt, work.now());
        row.snoozedUntil = UtcTime();
        return {};
    });
}

Result<void> CaseDesk::note(const QString& login, CaseId id, const QString& text)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseNote, id, {bound(text)}, login);
    }
    CF_TRY(needText(text));
    return change(login, id, {CaseNoteKind::Note, text, false}, [](UnitOfWork&, InterventionCase&) -> Result<void> { return {}; });
}

Result<void> CaseDesk::resolve(const QString& login, CaseId id, const QString& reason)
{
    if (isByFunctions()) {
        return call(OperatorFunction::CaseResolve, id, {bound(reason)}, login);
    }
    CF_TRY(needText(reason));
    return change(login, id, {CaseNoteKind::Resolved, reason}, [&](UnitOfWork& work, InterventionCase& row) -> Result<void> {
        row.state = CaseState::Resolved;
        row.resolvedAt = work.now();
        row.resolvedBy = login;
        row.resolution = reason.trimmed();
        return {};
    });
}

} // namespace counterfoil
