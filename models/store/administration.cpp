// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"

#include "models/base/text.h"

#include <set>

namespace counterfoil {

Result<std::vector<StoredWorkflow>> publishedWorkflows(Connection& connection)
{
    std::vector<StoredWorkflow> found;
    CF_TRY(connection.query(QStringLiteral("SELECT workflow, revision, scxml FROM workflow_revision WHERE status = 'published' ORDER BY workflow, revision"), {},
                            [&](const Row& row) -> Result<void> {
                                found.push_back({row.text(0), static_cast<int>(row.integer(1)), row.text(2)});
                                return {};
                            }));
    return found;
}

Result<QString> workflowMaker(Connection& connection, const QString& workflow)
{
    QString maker;
    CF_TRY(connection.query(QStringLiteral("SELECT made_by FROM workflow_revision WHERE workflow = ? AND status = 'published' ORDER BY revision"), {workflow},
                            [&](const Row& row) -> Result<void> {
                                maker = row.text(0);
                                return {};
                            }));
    return maker;
}

Result<int> publishWorkflow(Connection& connection, const QString& workflow, const QString& scxml, const QString& madeBy, UtcTime now)
{
    int newest = 0;
    QString sha;
    CF_TRY(connection.query(QStringLiteral("SELECT revision, sha256 FROM workflow_revision WHERE workflow = ? ORDER BY revision"), {workflow}, [&](const Row& row) -> Result<void> {
        newest = static_cast<int>(row.integer(0));
        sha = row.text(1);
        return {};
    }));
    const QString ours = sha256Hex(scxml.toUtf8());
    if (newest > 0 && sha == ours) {
        return newest;
    }
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO workflow_revision (workflow, revision, status, scxml, sha256, made_by, created_at) VALUES (?, ?, 'published', ?, ?, ?, ?)"),
                              {workflow, bound(newest + 1), scxml, ours, madeBy, bound(now)}));
    return newest + 1;
}

Result<QString> setting(Connection& connection, const QString& name)
{
    QString value;
    CF_TRY(connection.query(QStringLiteral("SELECT value FROM setting WHERE name = ?"), {name}, [&](const Row& row) -> Result<void> {
        value = row.text(0);
        return {};
    }));
    return value;
}

Result<void> setSetting(Connection& connection, const QString& name, const QString& value)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"), {name, value}));
    return {};
}

Result<void> beat(Connection& connection, const Heartbeat& heartbeat)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES (?, ?, ?, ?, ?) "
                                             "ON CONFLICT (worker) DO UPDATE SET node = excluded.node, started_at = excluded.started_at, "
                                             "beat_at = excluded.beat_at, callback_url = excluded.callback_url"),
                              {heartbeat.worker, bound(heartbeat.node), bound(heartbeat.startedAt), bound(heartbeat.beatAt), bound(heartbeat.callbackUrl)}));
    return {};
}

Result<int> claimNode(Connection& connection, Heartbeat heartbeat)
{
    constexpr int nodeMax = 999;
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
    if (connection.kind() == DatabaseKind::Postgresql) {
        // It can't be prepared.
        CF_TRY(connection.executeScript(QStringLiteral("LOCK TABLE worker_heartbeat IN EXCLUSIVE MODE")));
    }
    std::set<qint64> taken;
    CF_TRY(connection.query(QStringLiteral("SELECT node FROM worker_heartbeat WHERE worker <> ? AND beat_at > ?"), {heartbeat.worker, bound(heartbeat.beatAt - Duration::minutes(1))},
                            [&](const Row& row) -> Result<void> {
                                taken.insert(row.integer(0));
                                return {};
                            }));
    heartbeat.node = 1;
    while (taken.contains(heartbeat.node)) {
        ++heartbeat.node;
    }
    if (heartbeat.node > nodeMax) {
        return fail(ErrorCode::Internal, QStringLiteral("%1 workers run already").arg(nodeMax));
    }
    CF_TRY(beat(connection, heartbeat));
    CF_TRY(transaction.commit());
    return heartbeat.node;
}

Result<int> endIdleSessions(Connection& connection, Duration idleFor)
{
    if (connection.kind() != DatabaseKind::Postgresql) {
        return 0;
    }
    int ended = 0;
    const auto asked = connection.queryAll(QStringLiteral("SELECT public.end_idle_sessions(?)"), {bound(idleFor.micros())}, [&ended](const Row& row) -> Result<void> {
        ended = static_cast<int>(row.integer(0));
        return {};
    });
    if (!asked && asked.error().code != ErrorCode::Forbidden) {
        return passOn(asked);
    }
    return ended;
}

Result<void> addApiToken(Connection& connection, ApiTokenId id, const QString& tokenSha256, const QString& label, const QString& scope, UtcTime now)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO api_token (id, token_sha256, label, scope, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, NULL)"),
                              {bound(id), tokenSha256, label, scope, bound(now)}));
    return {};
}

Result<std::optional<QString>> apiTokenLabel(Connection& connection, const QString& tokenSha256, const QString& scope)
{
    std::optional<QString> label;
    CF_TRY(connection.query(QStringLiteral("SELECT label FROM api_token WHERE token_sha256 = ? AND scope = ? AND revoked_at IS NULL"), {tokenSha256, scope}, [&](const Row& row) -> Result<void> {
        label = row.text(0);
        return {};
    }));
    return label;
}

Result<void> addCallbackRefusal(Connection& connection, qint64 id, const QString& reason, qint64 sizeBytes, const QString& peer, UtcTime now)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO callback_refusal (id, at, reason, size_bytes, peer) VALUES (?, ?, ?, ?, ?)"),
                              {bound(id), bound(now), reason, bound(sizeBytes), peer}));
    return {};
}

} // namespace counterfoil
