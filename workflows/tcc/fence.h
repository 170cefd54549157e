// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// The participant's side of TCC (20-engine, the table of calls and fences): repeats, empty cancels and late tries are told apart by
/// a fence row written with the effect.
///
/// Try: none → apply, or DeadlinePassed after the try deadline; tried with the same arguments → fine, other arguments → Integrity;
/// confirmed → fine; cancelled or tombstone → TryRefused.
Result<void> fencedTry(UnitOfWork& work, const TccParticipant& participant, const TccBranch& branch, const BranchCall& call, UtcTime tryDeadline);

/// Confirm: tried → apply; confirmed → fine; anything else → Integrity.
Result<void> fencedConfirm(UnitOfWork& work, const TccParticipant& participant, const BranchCall& call);

/// Cancel: none → a tombstone (empty cancel); tried → undo; cancelled or tombstone → fine; confirmed → Integrity.
Result<void> fencedCancel(UnitOfWork& work, const TccParticipant& participant, const TccBranch& branch, const BranchCall& call, UtcTime tryDeadline);

} // namespace counterfoil
