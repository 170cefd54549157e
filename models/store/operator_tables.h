// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/operator_command.h"
#include "models/store/table_of.h"

// How people and their commands map to their tables (resources/migrations).

namespace counterfoil {

template<>
struct TableOf<Person> {
    static constexpr const char* name = "person";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Person& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("login", row.login);
        v("name", row.name);
        v("role", row.role);
        v("password_hash", row.passwordHash);
        v("failed_logins", row.failedLogins);
        v("locked_until", row.lockedUntil);
        v("disabled_at", row.disabledAt);
        v("created_at", row.createdAt);
    }
};

template<>
struct TableOf<OperatorCommand> {
    static constexpr const char* name = "operator_command";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "row_version";
    static auto key(const OperatorCommand& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("kind", row.kind);
        v("order_id", row.order);
        v("subject_id", row.subject);
        v("case_id", row.intervention);
        v("currency", row.currency);
        v("amount", row.amount);
        v("arguments", row.arguments);
        v("reason", row.reason);
        v("requested_by", row.requestedBy);
        v("requested_role", row.requestedRole);
        v("requested_at", row.requestedAt);
        v("status", row.status);
        v("preview", row.preview);
        v("preview_sha256", row.previewSha256);
        v("basis_sha256", row.basisSha256);
        v("previewed_at", row.previewedAt);
        v("approvals_needed", row.approvalsNeeded);
        v("filed_at", row.filedAt);
        v("subject_key", row.filedSubject);
        v("decided_by", row.decidedBy);
        v("decided_at", row.decidedAt);
        v("decision_note", row.decisionNote);
        v("finished_at", row.finishedAt);
        v("result", row.result);
        v("row_version", row.rowVersion);
    }
};

template<>
struct TableOf<CommandApproval> {
    static constexpr const char* name = "command_approval";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const CommandApproval& row) { return std::pair(row.command, row.level); }
    static auto group(const CommandApproval& row) { return row.command; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("command_id", row.command);
        v("level", row.level);
        v("approver", row.approver);
        v("preview_sha256", row.previewSha256);
        v("at", row.at);
    }
};

} // namespace counterfoil
