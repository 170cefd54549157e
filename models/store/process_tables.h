// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit.h"
#include "models/domain/audit_seal.h"
#include "models/domain/gateway.h"
#include "models/domain/intervention.h"
#include "models/domain/job.h"
#include "models/domain/tcc.h"
#include "models/store/table_of.h"

// How gateway, TCC, job, case and audit values map to their tables (resources/migrations).

namespace counterfoil {

template<>
struct TableOf<GatewayExchange> {
    static constexpr const char* name = "gateway_exchange";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const GatewayExchange& row) { return row.id; }
    static auto group(const GatewayExchange& row) { return row.transaction; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("order_id", row.order);
        v("transaction_id", row.transaction);
        v("operation", row.operation);
        v("idempotency_key", row.idempotencyKey);
        v("state", row.state);
        v("attempt", row.attempt);
        v("http_status", row.httpStatus);
        v("currency", row.currency);
        v("amount", row.amount);
        v("gateway_ref", row.gatewayRef);
        v("error_code", row.errorCode);
        v("created_at", row.createdAt);
        v("sent_at", row.sentAt);
        v("answered_at", row.answeredAt);
    }
};

template<>
struct TableOf<ExchangePayload> {
    static constexpr const char* name = "gateway_payload";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const ExchangePayload& row) { return std::pair(row.exchange, row.attempt); }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("exchange_id", row.exchange);
        v("attempt", row.attempt);
        v("request", row.request);
        v("answer", row.answer);
        v("http_status", row.httpStatus);
        v("outcome", row.outcome);
        v("sent_at", row.sentAt);
        v("elapsed_micros", row.elapsedMicros);
    }
};

template<>
struct TableOf<GatewayCallback> {
    static constexpr const char* name = "gateway_callback";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const GatewayCallback& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("gateway", row.gateway);
        v("event_id", row.eventId);
        v("type", row.type);
        v("object_ref", row.objectRef);
        v("order_id", row.order);
        v("state", row.state);
        v("note", row.note);
        v("received_at", row.receivedAt);
        v("applied_at", row.appliedAt);
    }
};

template<>
struct TableOf<CallbackBody> {
    static constexpr const char* name = "gateway_callback_body";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const CallbackBody& row) { return row.callback; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("callback_id", row.callback);
        v("body", row.body);
    }
};

template<>
struct TableOf<TccTransaction> {
    static constexpr const char* name = "tcc_transaction";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "epoch";
    static auto key(const TccTransaction& row) { return row.gid; }
    static auto group(const TccTransaction& row) { return row.transaction; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("gid", row.gid);
        v("business_key", row.businessKey);
        v("order_id", row.order);
        v("transaction_id", row.transaction);
        v("request_sha256", row.requestSha256);
        v("decision", row.decision);
        v("try_deadline", row.tryDeadline);
        v("created_at", row.createdAt);
        v("decided_at", row.decidedAt);
        v("decided_by", row.decidedBy);
        v("cancel_reason", row.cancelReason);
        v("epoch", row.epoch);
    }
};

template<>
struct TableOf<TccBranch> {
    static constexpr const char* name = "tcc_branch";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const TccBranch& row) { return std::pair(row.gid, row.n); }
    static auto group(const TccBranch& row) { return row.gid; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("gid", row.gid);
        v("n", row.n);
        v("participant", row.participant);
        v("args", row.args);
        v("args_sha256", row.argsSha256);
        v("phase", row.phase);
        v("attempt", row.attempt);
        v("last_error", row.lastError);
        v("done_at", row.doneAt);
    }
};

template<>
struct TableOf<TccFence> {
    static constexpr const char* name = "tcc_fence";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const TccFence& row) { return std::pair(row.gid, row.n); }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("gid", row.gid);
        v("n", row.n);
        v("state", row.state);
        v("args_sha256", row.argsSha256);
        v("try_deadline", row.tryDeadline);
    }
};

template<>
struct TableOf<Job> {
    static constexpr const char* name = "job";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "epoch";
    static auto key(const Job& row) { return row.id; }
    static auto group(const Job& row) { return row.dedupeKey; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("kind", row.kind);
        v("order_id", row.order);
        v("subject_id", row.subject);
        v("dedupe_key", row.dedupeKey);
        v("payload", row.payload);
        v("due_at", row.dueAt);
        v("attempt", row.attempt);
        v("state", row.state);
        v("lease_owner", row.leaseOwner);
        v("lease_until", row.leaseUntil);
        v("epoch", row.epoch);
        v("last_error_class", row.lastErrorClass);
        v("last_error", row.lastError);
        v("first_failed_at", row.firstFailedAt);
        v("created_at", row.createdAt);
    }
};

template<>
struct TableOf<InterventionCase> {
    static constexpr const char* name = "intervention_case";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "row_version";
    static auto key(const InterventionCase& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("kind", row.kind);
        v("severity", row.severity);
        v("order_id", row.order);
        v("dedupe_key", row.dedupeKey);
        v("detail", row.detail);
        v("state", row.state);
        v("opened_at", row.openedAt);
        v("resolved_at", row.resolvedAt);
        v("owner", row.owner);
        v("claimed_at", row.claimedAt);
        v("snoozed_until", row.snoozedUntil);
        v("due_at", row.dueAt);
        v("currency", row.currency);
        v("amount", row.amount);
        v("resolved_by", row.resolvedBy);
        v("resolution", row.resolution);
        v("row_version", row.rowVersion);
    }
};

template<>
struct TableOf<CaseNote> {
    static constexpr const char* name = "case_note";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const CaseNote& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("case_id", row.intervention);
        v("at", row.at);
        v("author", row.author);
        v("kind", row.kind);
        v("text", row.text);
    }
};

template<>
struct TableOf<AuditEvent> {
    static constexpr const char* name = "audit_event";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const AuditEvent& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("at", row.at);
        v("actor", row.actor);
        v("action", row.action);
        v("subject", row.subject);
        v("before_text", row.before);
        v("after_text", row.after);
        v("reason", row.reason);
    }
};

template<>
struct TableOf<AuditSeal> {
    static constexpr const char* name = "audit_seal";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const AuditSeal& row) { return row.position; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("position", row.position);
        v("event_id", row.event);
        v("row_sha256", row.rowSha256);
        v("chain_sha256", row.chainSha256);
        v("sealed_at", row.sealedAt);
    }
};

} // namespace counterfoil
