// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/status_reads.h"

#include "models/store/reads/lookups.h"
#include "models/store/table_of.h"

namespace counterfoil {

namespace {

Result<void> readQueue(Connection& connection, UtcTime now, QueueDepth& queue)
{
    qint64 ready = 0;
    // The same list as the partial index has, so that it serves the count.
    CF_TRY(connection.query(QStringLiteral("SELECT state, count(*) FROM job WHERE state IN ('ready', 'leased', 'parked') GROUP BY state"), {},
                            [&](const Row& row) -> Result<void> {
                                const QString state = row.text(0);
                                (state == u"ready" ? ready : state == u"leased" ? queue.leased : queue.parked) = row.integer(1);
                                return {};
                            }));
    CF_ASSIGN(queue.readyDue, integer(connection, QStringLiteral("SELECT count(*) FROM job WHERE state = 'ready' AND due_at <= ?"), {bound(now)}));
    queue.readyFuture = ready - queue.readyDue;
    return {};
}

} // namespace

Result<SystemStatus> systemStatus(Connection& connection, UtcTime now)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    SystemStatus status;
    status.databaseKind = connection.kind();
    CF_TRY(connection.query(QStringLiteral("SELECT worker, node, started_at, beat_at, callback_url FROM worker_heartbeat ORDER BY beat_at DESC LIMIT 50"), {},
                            [&](const Row& row) -> Result<void> {
                                status.workers.push_back({row.text(0), static_cast<int>(row.integer(1)), row.time(2), row.time(3), row.text(4)});
                                return {};
                            }));
    CF_TRY(readQueue(connection, now, status.queue));
    CF_TRY(connection.query(QStringLiteral("SELECT severity, count(*) FROM intervention_case WHERE state = 'open' GROUP BY severity"), {},
                            [&](const Row& row) -> Result<void> {
                                status.openCases += row.integer(1);
                                status.criticalCases += row.text(0) == u"critical" ? row.integer(1) : 0;
                                return {};
                            }));
    CF_ASSIGN(status.databaseBytes,
              integer(connection,
                      connection.kind() == DatabaseKind::Sqlite ? QStringLiteral("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
                                                                : QStringLiteral("SELECT pg_database_size(current_database())"),
                      {}));
    CF_TRY(connection.query(QStringLiteral("SELECT value FROM setting WHERE name = 'environment'"), {}, [&](const Row& row) -> Result<void> {
        status.environment = row.text(0);
        return {};
    }));
    CF_TRY(view.commit());
    return status;
}

Result<BusinessSummary> businessSummary(Connection& connection)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    BusinessSummary summary;
    CF_TRY(connection.query(QStringLiteral("SELECT state, count(*) AS n, currency, CAST(sum(payable) AS bigint), CAST(sum(paid) AS bigint), "
                                           "CAST(sum(refunded) AS bigint) FROM orders GROUP BY state, currency ORDER BY n DESC, state, currency"),
                            {}, [&](const Row& row) -> Result<void> {
                                StateSum& sum = summary.states.emplace_back();
                                Currency currency;
                                detail::Read read{row};
                                read("state", sum.state);
                                read("count", sum.orders);
                                read("currency", currency);
                                read("payable", sum.payable);
                                read("paid", sum.paid);
                                read("refunded", sum.refunded);
                                return read.outcome;
                            }));
    CF_ASSIGN(summary.balances, kindTotals(connection));
    CF_TRY(view.commit());
    return summary;
}

} // namespace counterfoil
