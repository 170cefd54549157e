// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"
#include "models/store/reads/account_reads.h"
#include "models/store/reads/order_reads.h"

namespace counterfoil {

struct WorkerStatus {
    QString worker;
    int node = 0;
    UtcTime startedAt;
    UtcTime beatAt;
    QString callbackUrl;

    Duration age(UtcTime now) const { return now - beatAt; }
    /// Its last beat is at most 15 s old.
    bool isAlive(UtcTime now) const { return age(now) <= Duration::seconds(15); }
};

struct QueueDepth {
    qint64 readyDue = 0;
    qint64 readyFuture = 0;
    qint64 leased = 0;
    qint64 parked = 0;
};

struct SystemStatus {
    /// Newest beat first.
    std::vector<WorkerStatus> workers;
    QueueDepth queue;
    qint64 openCases = 0;
    qint64 criticalCases = 0;
    DatabaseKind databaseKind = DatabaseKind::Sqlite;
    qint64 databaseBytes = 0;
    /// `sandbox` or `live`; empty if the database doesn't say.
    QString environment;
};

/// What the status bar shows. Cheap: counts by partial index.
Result<SystemStatus> systemStatus(Connection& connection, UtcTime now);

/// Orders of one state and currency.
struct StateSum {
    QString state;
    qint64 orders = 0;
    Money payable;
    Money paid;
    Money refunded;
};

struct BusinessSummary {
    std::vector<StateSum> states;
    std::vector<KindTotal> balances;
};

/// Orders by state with sums, balances by kind. Reads every order once: for summaries, not for polling.
Result<BusinessSummary> businessSummary(Connection& connection);

} // namespace counterfoil
