// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/job_queue.h"

#include <algorithm>

namespace counterfoil {

namespace {

QVariant idValues(const Connection& connection, std::span<const JobId> jobs)
{
    std::vector<qint64> values;
    values.reserve(jobs.size());
    for (const JobId job : jobs) {
        values.push_back(job.value());
    }
    return connection.idList(values);
}

Result<qint64> single(Connection& connection, const QString& sql, const QVariantList& values)
{
    qint64 value = 0;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        value = row.isNull(0) ? 0 : row.integer(0);
        return {};
    }));
    return value;
}

} // namespace

Result<std::vector<Job>> findDueJobs(Connection& connection, JobLane lane, UtcTime now, int limit)
{
    const bool local = lane == JobLane::Local;
    const QString ready = local
        ? QStringLiteral("WHERE state = 'ready' AND due_at <= ? AND kind NOT IN ('gateway_send', 'gateway_poll') ORDER BY due_at, id LIMIT ? {skip_locked}")
        : QStringLiteral("WHERE state = 'ready' AND due_at <= ? AND kind IN ('gateway_send', 'gateway_poll') ORDER BY due_at, id LIMIT ? {skip_locked}");
    const QString lost = local
        ? QStringLiteral("WHERE state = 'leased' AND lease_until <= ? AND kind NOT IN ('gateway_send', 'gateway_poll') ORDER BY lease_until, id LIMIT ? {skip_locked}")
        : QStringLiteral("WHERE state = 'leased' AND lease_until <= ? AND kind IN ('gateway_send', 'gateway_poll') ORDER BY lease_until, id LIMIT ? {skip_locked}");
    // A dead worker's payments must not wait until a backlog is gone; a job that is its worker's death must not come before all others.
    CF_ASSIGN(std::vector<Job> again, selectRows<Job>(connection, lost, {bound(now), bound((limit + 1) / 2)}));
    CF_ASSIGN(std::vector<Job> jobs, selectRows<Job>(connection, ready, {bound(now), bound(limit - static_cast<int>(again.size()))}));
    std::ranges::move(again, std::back_inserter(jobs));
    return jobs;
}

Result<std::vector<Job>> loadJobs(Connection& connection, std::span<const JobId> jobs)
{
    return selectRows<Job>(connection, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), {idValues(connection, jobs)});
}

Result<int> renewLeases(Connection& connection, const QString& owner, std::span<const JobId> jobs, UtcTime until)
{
    return connection.execute(QStringLiteral("UPDATE job SET lease_until = ? WHERE lease_owner = ? AND state = 'leased' AND id {ids}"),
                              {bound(until), owner, idValues(connection, jobs)});
}

Result<UtcTime> nextJobDue(Connection& connection)
{
    CF_ASSIGN(const qint64 due, single(connection, QStringLiteral("SELECT min(due_at) FROM job WHERE state = 'ready'"), {}));
    CF_ASSIGN(const qint64 lease, single(connection, QStringLiteral("SELECT min(lease_until) FROM job WHERE state = 'leased'"), {}));
    return UtcTime(due == 0 ? lease : lease == 0 ? due : std::min(due, lease));
}

Result<qint64> unfinishedJobs(Connection& connection, UtcTime horizon)
{
    return single(connection, QStringLiteral("SELECT count(*) FROM job WHERE state = 'leased' OR (state = 'ready' AND due_at <= ?)"), {bound(horizon)});
}

} // namespace counterfoil
