// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"
#include "models/store/connection.h"

namespace counterfoil {

/// The most rows that AuditChainState counts.
inline constexpr qint64 unsealedCountedMax = 10'000;

/// How far the audit chain has come.
struct AuditChainState {
    AuditHead head;
    /// Rows that wait for their seal, of those that aren't more than a minute older than the newest sealed one; unsealedCountedMax means that
    /// many or more.
    qint64 unsealed = 0;
    /// The time of the oldest of them; none if there is none.
    UtcTime oldestUnsealed;

    Duration oldestAge(UtcTime now) const { return oldestUnsealed.isNone() ? Duration() : now - oldestUnsealed; }
};

/// Cheap, however long the chain is: whether every row has its seal, and whether they are right, is said by verifyInvariants() only.
Result<AuditChainState> auditChainState(Connection& connection);

} // namespace counterfoil
