// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/process_tables.h"

#include <span>

namespace counterfoil {

/// Jobs that need no network, jobs that do.
enum class JobLane { Local, Remote };

/// Due jobs of one lane, the longest due first, and then those whose lease has run out, which get up to half of the places however many
/// jobs are due: neither may starve the other. Inside a transaction; on PostgreSQL the rows are locked and those that others hold are
/// skipped. At most `limit`.
Result<std::vector<Job>> findDueJobs(Connection& connection, JobLane lane, UtcTime now, int limit);

/// The rows of these jobs as they are now, locked.
Result<std::vector<Job>> loadJobs(Connection& connection, std::span<const JobId> jobs);

/// Extends leases that are still ours (same owner, still leased).
Result<int> renewLeases(Connection& connection, const QString& owner, std::span<const JobId> jobs, UtcTime until);

/// When the next job will be due or the next lease runs out; none if nothing waits.
Result<UtcTime> nextJobDue(Connection& connection);

/// How many jobs are not done: 0 means that everything that had to happen has happened. Those due after `horizon` don't count.
Result<qint64> unfinishedJobs(Connection& connection, UtcTime horizon);

} // namespace counterfoil
