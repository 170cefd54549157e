// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/operator_functions.h"
#include "models/store/unit_of_work.h"

namespace counterfoil {

/// What people do with cases (50-operators, "Cases"). Every call is one transaction with its note and audit row; a case has one owner, and only
/// its owner moves it, but for claim(), escalate() and note(). On PostgreSQL functions of the database do it, as for CommandDesk. Used on the
/// connection's thread.
///
/// Errors of every call: NotFound, EventNotAccepted (the case is resolved), Forbidden (somebody else's, or an auditor), and the database's.
class CaseDesk {
public:
    CaseDesk(Connection& connection, const Clock& clock, IdSource& ids) : m_connection(connection), m_clock(clock), m_ids(ids) {}

    /// Of two at once one gets it. Claiming what is one's own changes nothing. Errors also: InProgress (who has it is in the detail).
    Result<void> claim(const QString& login, CaseId id);
    Result<void> release(const QString& login, CaseId id);
    /// To somebody who may work. Errors also: NotFound for the other.
    Result<void> handOver(const QString& login, CaseId id, const QString& to, const QString& text);
    /// Out of the queue until then. Errors also: DeadlinePassed (not ahead).
    Result<void> snooze(const QString& login, CaseId id, UtcTime until, const QString& text);
    /// One severity up, and due at once.
    Result<void> escalate(const QString& login, CaseId id, const QString& text);
    /// Errors also: MissingField (nothing said).
    Result<void> note(const QString& login, CaseId id, const QString& text);
    /// Errors also: MissingField (no reason).
    Result<void> resolve(const QString& login, CaseId id, const QString& reason);

private:
    struct Change {
        CaseNoteKind kind;
        QString text;
        bool ownerOnly = true;
    };
    bool isByFunctions() const;
    Result<void> call(OperatorFunction function, CaseId id, const QVariantList& values, const QString& login);
    template<class Function>
    Result<void> change(const QString& login, CaseId id, const Change& what, Function edit);

    Connection& m_connection;
    const Clock& m_clock;
    IdSource& m_ids;
};

} // namespace counterfoil
