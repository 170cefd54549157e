// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/ledger.h"

namespace counterfoil {

/// A merchant's share that stays frozen until `draft.releaseAt`, and the job that releases it then. See openHold().
HoldId holdForSettlement(UnitOfWork& work, const HoldDraft& draft);

} // namespace counterfoil
