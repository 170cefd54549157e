// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/invariants.h"
#include "workflows/engine/job_factory.h"

namespace counterfoil {

/// What nobody would come upon by working (50-operators, "Cases").
struct WatchFindings {
    /// Orders that nothing will ever move: the first violationsShownMax.
    std::vector<OrderId> stuck;
    /// Other invariants that don't hold.
    std::vector<InvariantOutcome> broken;

    bool isEmpty() const { return stuck.empty() && broken.empty(); }
};

/// StuckOrders looks at what isn't final and is quick; Everything reads the whole database.
enum class WatchDepth { StuckOrders, Everything };

/// Looks in one consistent view, and takes no lock. Errors: WorkflowInvalid, and the database's.
Result<WatchFindings> lookForTrouble(Connection& reader, WatchDepth depth);

/// Opens a case for each finding whose cause has none, in one transaction: `order_stuck`, unless something moves the order by now, and
/// `invariant_broken`. Returns how many were opened. Errors: the database's; nothing was opened then.
Result<int> openWatchCases(Connection& writer, const Clock& clock, IdSource& ids, const WatchFindings& findings);

} // namespace counterfoil
