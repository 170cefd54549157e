// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulation/fault_plan.h"
#include "models/store/connection.h"

#include <QStringList>

#include <functional>

namespace counterfoil {

struct SimulationOptions {
    quint64 seed = 1;
    int payments = 20;
    /// Of the seed's faults only these.
    std::optional<FaultSet> only;
    /// Gets every line of the record of what happened.
    std::function<void(const QString&)> trace;
};

struct SimulationOutcome {
    /// Empty if everything was as it should be. Each begins with a word for its kind and a colon.
    QStringList violations;
    /// The faults that happened.
    FaultSet faults;
    /// The same for the same seed and options.
    quint64 traceHash = 0;
    qint64 commits = 0;
    /// How often the books were checked behind a commit.
    qint64 checks = 0;
    int ordersPlaced = 0;
    int ordersPaid = 0;
};

/// Runs a small shop with the real engine, stores (SQLite in memory), checkout, TCC and job runner of one to three workers under one seed and
/// a virtual clock against a model of the gateway (20-engine, 70-quality). First everything goes wrong, then it heals and has a
/// day to come to its end; then the books, the gateway and the shop have to agree. Errors: the database's, before it begins.
Result<SimulationOutcome> simulate(const SimulationOptions& options);

/// The same on a database that was migrated and has the order workflow, and nothing else in it.
Result<SimulationOutcome> simulateOn(Connection& connection, const SimulationOptions& options);

/// Leaves out faults of a failing run for as long as a violation of the first one's kind remains. Returns the run with the fewest faults
/// that was found in `runsMax` tries.
Result<SimulationOutcome> shrink(const SimulationOptions& failing, const SimulationOutcome& outcome, int runsMax = 300);

} // namespace counterfoil
