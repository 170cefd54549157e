// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/process_tables.h"

#include <span>

namespace counterfoil {

/// How many jobs are looked for: those that need no network, and those that do.
struct JobPlaces {
    int local = 0;
    int remote = 0;
};

/// Due jobs, local ones first. Of each lane: the longest due first, and then those whose lease has run out, which get up to half of the
/// places however many jobs are due: neither may starve the other. Inside a transaction; on PostgreSQL the rows are locked (of those due, as
/// many as there are places) and those that others hold are skipped.
Result<std::vector<Job>> findDueJobs(Connection& connection, UtcTime now, JobPlaces places);

/// The rows of these jobs as they are now, locked.
Result<std::vector<Job>> loadJobs(Connection& connection, std::span<const JobId> jobs);

/// Extends leases that are still ours (same owner, still leased).
Result<int> renewLeases(Connection& connection, const QString& owner, std::span<const JobId> jobs, UtcTime until);

/// When the next job will be due or the next lease runs out; none if nothing waits.
Result<UtcTime> nextJobDue(Connection& connection);

/// How many jobs are not done: 0 means that everything that had to happen has happened. Those due after `horizon` don't count.
Result<qint64> unfinishedJobs(Connection& connection, UtcTime horizon);

} // namespace counterfoil
