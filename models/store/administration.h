// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/connection.h"

#include <optional>

namespace counterfoil {

/// One revision of a workflow as stored.
struct StoredWorkflow {
    QString workflow;
    int revision = 0;
    QString scxml;
};

/// Every published revision.
Result<std::vector<StoredWorkflow>> publishedWorkflows(Connection& connection);

/// Publishes a text as the workflow's next revision unless its newest has the same text; returns the revision.
Result<int> publishWorkflow(Connection& connection, const QString& workflow, const QString& scxml, const QString& madeBy, UtcTime now);

/// Who published the workflow's newest revision; empty if there is none.
Result<QString> workflowMaker(Connection& connection, const QString& workflow);

/// Settings are small facts about the database itself: `environment` is `sandbox` or `live`.
Result<QString> setting(Connection& connection, const QString& name);
Result<void> setSetting(Connection& connection, const QString& name, const QString& value);

/// Shows that a worker lives; one row per worker.
struct Heartbeat {
    QString worker;
    int node = 0;
    UtcTime startedAt;
    UtcTime beatAt;
    QString callbackUrl;
};
Result<void> beat(Connection& connection, const Heartbeat& heartbeat);

/// Takes a node (1 to 999, see IdSource) that no other worker has which beat within the last minute, and beats with it.
/// Errors: Internal if all are taken, and the database's.
Result<int> claimNode(Connection& connection, Heartbeat heartbeat);

/// Ends sessions of this database that have sat idle in a transaction for longer than this: they hold their locks, and keep old rows from being
/// cleaned up; and those of people that keep a change uncommitted for as long. The tables' owner ends them for a worker (end_idle_sessions in
/// resources/migrations): those that it may not see or end are left alone, without an error. Returns how many were ended; on SQLite there are none.
Result<int> endIdleSessions(Connection& connection, Duration idleFor);

/// Tokens of the HTTP interface are stored as SHA-256 only.
Result<void> addApiToken(Connection& connection, ApiTokenId id, const QString& tokenSha256, const QString& label, const QString& scope, UtcTime now);
Result<std::optional<QString>> apiTokenLabel(Connection& connection, const QString& tokenSha256, const QString& scope);

/// What a refused callback leaves behind.
Result<void> addCallbackRefusal(Connection& connection, qint64 id, const QString& reason, qint64 sizeBytes, const QString& peer, UtcTime now);

} // namespace counterfoil
