// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/invariants.h"

namespace counterfoil {

/// The states in which orders end, by the published workflows. Errors: WorkflowInvalid, and the database's.
Result<std::vector<FinalState>> finalStates(Connection& connection);

/// Checks every invariant of a database, with the final states that its published workflows name. Changes nothing.
/// With anchors (audit_anchor.h) the audit chain is compared with them too.
/// Errors: WorkflowInvalid, ConfigurationInvalid (an anchor of another environment's database), and the database's.
Result<Verification> verifyDatabase(Connection& connection, const std::vector<AuditHead>& anchors = {});

} // namespace counterfoil
