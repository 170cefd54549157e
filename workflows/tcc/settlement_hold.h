// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/ledger.h"

namespace counterfoil {

/// A merchant's share that stays frozen until `draft.releaseAt`, and the job that releases it then. See openHold().
HoldId holdForSettlement(UnitOfWork& work, const HoldDraft& draft);

/// Gives a merchant what is left of an open settlement hold; the hold is loaded. Errors: those of post() and consumeHold().
Result<void> releaseSettlementHold(UnitOfWork& work, HoldId hold, const QString& actor);

} // namespace counterfoil
