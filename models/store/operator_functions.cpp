// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/operator_functions.h"

namespace counterfoil {

namespace {

QString textOf(OperatorFunction function)
{
    switch (function) {
    case OperatorFunction::CommandRequest:
        return QStringLiteral("SELECT public.command_request(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)::text");
    case OperatorFunction::CommandFile:
        return QStringLiteral("SELECT public.command_file(?, ?, ?, ?)");
    case OperatorFunction::CommandApprove:
        return QStringLiteral("SELECT public.command_approve(?, ?, ?, ?, ?)");
    case OperatorFunction::CommandReject:
        return QStringLiteral("SELECT public.command_reject(?, ?, ?, ?)::text");
    case OperatorFunction::CommandWithdraw:
        return QStringLiteral("SELECT public.command_withdraw(?, ?, ?)::text");
    case OperatorFunction::CaseClaim:
        return QStringLiteral("SELECT public.case_claim(?, ?, ?)::text");
    case OperatorFunction::CaseRelease:
        return QStringLiteral("SELECT public.case_release(?, ?, ?)::text");
    case OperatorFunction::CaseHandOver:
        return QStringLiteral("SELECT public.case_hand_over(?, ?, ?, ?, ?)::text");
    case OperatorFunction::CaseSnooze:
        return QStringLiteral("SELECT public.case_snooze(?, ?, ?, ?, ?)::text");
    case OperatorFunction::CaseEscalate:
        return QStringLiteral("SELECT public.case_escalate(?, ?, ?, ?)::text");
    case OperatorFunction::CaseNote:
        return QStringLiteral("SELECT public.case_note(?, ?, ?, ?)::text");
    case OperatorFunction::CaseResolve:
        return QStringLiteral("SELECT public.case_resolve(?, ?, ?, ?)::text");
    case OperatorFunction::PersonAdd:
        return QStringLiteral("SELECT public.person_add(?, ?, ?, ?, nullif(?, ''), ?, ?)::text");
    case OperatorFunction::PersonSetRole:
        return QStringLiteral("SELECT public.person_set_role(?, ?, ?, ?)::text");
    case OperatorFunction::PersonSetDisabled:
        return QStringLiteral("SELECT public.person_set_disabled(?, ?::bigint = 1, ?, ?)::text");
    case OperatorFunction::PersonSetPassword:
        return QStringLiteral("SELECT public.person_set_password(?, ?, nullif(?, ''), ?, ?)::text");
    }
    assertionFailed("a function of no kind");
}

} // namespace

Result<QString> callFunction(Connection& connection, OperatorFunction function, const QVariantList& values)
{
    QString answer;
    CF_TRY(connection.queryAll(textOf(function), values, [&answer](const Row& row) -> Result<void> {
        answer = row.text(0);
        return {};
    }));
    return answer;
}

} // namespace counterfoil
