// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// What people change on PostgreSQL, they change through functions of the database that act as who is signed in
/// (resources/migrations/0008_roles.postgresql.sql); on SQLite the same rules are followed by the program.
enum class OperatorFunction {
    CommandRequest,
    CommandFile,
    CommandApprove,
    CommandReject,
    CommandWithdraw,
    CaseClaim,
    CaseRelease,
    CaseHandOver,
    CaseSnooze,
    CaseEscalate,
    CaseNote,
    CaseResolve,
    PersonAdd,
    PersonSetRole,
    PersonSetDisabled,
    PersonSetPassword,
};

/// Calls it in a transaction of its own and returns its answer as text. The values are those of its parameters; the last two are who acts and when.
/// A person's session acts as that person and now: another login is Forbidden, another time is not heard. PostgreSQL only.
/// Errors: what the function refuses with, Forbidden (the session may not call it), and the database's.
Result<QString> callFunction(Connection& connection, OperatorFunction function, const QVariantList& values);

} // namespace counterfoil
