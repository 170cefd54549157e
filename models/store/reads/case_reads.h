// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit.h"
#include "models/store/connection.h"

#include <vector>

namespace counterfoil {

/// A case with the number of its order.
struct CaseRow {
    InterventionCase item;
    /// Empty for a case without an order.
    QString orderNo;
};

/// Open cases, critical ones first and then the oldest first, at most `limit`.
Result<std::vector<CaseRow>> openCases(Connection& connection, int limit);

} // namespace counterfoil
