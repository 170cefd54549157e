// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"
#include "models/store/invariants.h"

namespace counterfoil {

/// The names of the invariants that checkAuditChain() adds to those which are queries; `audit_anchor` only where anchors are given.
QStringList auditInvariantNames();

/// Goes along the audit chain, and compares it with anchors: heads that were kept outside. Violations come in the order of the chain, so that
/// the first is the first broken link; what a seal's own row can't name has its position, as `seal 17`. Rows that wait for their seal are no
/// violation while no worker runs, nor where no chain has been begun.
///
/// Who owns the database can make the whole chain anew, or cut its end off: that is only seen against an anchor. Runs in the caller's
/// transaction, adds its outcomes and its summary. Errors: those of Connection.
Result<void> checkAuditChain(Connection& connection, std::vector<AuditHead> anchors, Verification& verification);

} // namespace counterfoil
