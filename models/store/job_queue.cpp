// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/job_queue.h"

#include <algorithm>
#include <array>

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

RowReader readInto(qint64& value)
{
    return [&value](const Row& row) -> Result<void> {
        value = row.isNull(0) ? 0 : row.integer(0);
        return {};
    };
}

} // namespace

Result<std::vector<Job>> findDueJobs(Connection& connection, UtcTime now, JobPlaces places)
{
    // The kinds stand in the text, as in the conditions of the indexes that serve these.
    struct Lane {
        int places;
        QString ready;
        QString lost;
        std::vector<Job> jobs;
        std::vector<Job> again;
    };
    std::array lanes{
        Lane{places.local, QStringLiteral("WHERE state = 'ready' AND due_at <= ? AND kind NOT IN ('gateway_send', 'gateway_poll') ORDER BY due_at, id LIMIT ? {skip_locked}"),
             QStringLiteral("WHERE state = 'leased' AND lease_until <= ? AND kind NOT IN ('gateway_send', 'gateway_poll') ORDER BY lease_until, id LIMIT ? {skip_locked}"), {}, {}},
        Lane{places.remote, QStringLiteral("WHERE state = 'ready' AND due_at <= ? AND kind IN ('gateway_send', 'gateway_poll') ORDER BY due_at, id LIMIT ? {skip_locked}"),
             QStringLiteral("WHERE state = 'leased' AND lease_until <= ? AND kind IN ('gateway_send', 'gateway_poll') ORDER BY lease_until, id LIMIT ? {skip_locked}"), {}, {}}};
    StatementBatch batch(connection);
    for (Lane& lane : lanes) {
        if (lane.places > 0) {
            // A dead worker's payments must not wait until a backlog is gone; a job that is its worker's death must not come before all others.
            batch.query(tableText<Job>().select + lane.lost, {bound(now), bound((lane.places + 1) / 2)}, appendTo(lane.again));
            batch.query(tableText<Job>().select + lane.ready, {bound(now), bound(lane.places)}, appendTo(lane.jobs));
        }
    }
    CF_TRY(batch.finish());
    std::vector<Job> found;
    for (Lane& lane : lanes) {
        lane.jobs.resize(std::min(lane.jobs.size(), static_cast<size_t>(lane.places) - lane.again.size()));
        std::ranges::move(lane.jobs, std::back_inserter(found));
        std::ranges::move(lane.again, std::back_inserter(found));
    }
    return found;
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
    qint64 due = 0;
    qint64 lease = 0;
    StatementBatch batch(connection);
    batch.query(QStringLiteral("SELECT min(due_at) FROM job WHERE state = 'ready'"), {}, readInto(due));
    batch.query(QStringLiteral("SELECT min(lease_until) FROM job WHERE state = 'leased'"), {}, readInto(lease));
    CF_TRY(batch.finish());
    return UtcTime(due == 0 ? lease : lease == 0 ? due : std::min(due, lease));
}

Result<qint64> unfinishedJobs(Connection& connection, UtcTime horizon)
{
    qint64 count = 0;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT count(*) FROM job WHERE state = 'leased' OR (state = 'ready' AND due_at <= ?)"), {bound(horizon)}, readInto(count)));
    return count;
}

} // namespace counterfoil
