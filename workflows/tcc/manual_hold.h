// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/ledger.h"

namespace counterfoil {

/// Freezes part of an account's available money until a moment or until somebody releases it, and adds the job that ends it then. The account
/// is loaded. Errors: those of post().
Result<HoldId> freezeManually(UnitOfWork& work, const AccountRef& account, const Money& amount, UtcTime until, const QString& key);

/// Gives back what is left of an open manual hold; the hold is loaded. Errors: those of post() and consumeHold().
Result<void> releaseManualHold(UnitOfWork& work, HoldId hold, const QString& key);

} // namespace counterfoil
