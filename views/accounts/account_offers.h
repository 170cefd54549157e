// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "views/desk/command_offer.h"

namespace counterfoil {

/// Freeze and Adjust.
std::vector<CommandOffer> accountOffers(const AccountRow& account);
/// Unfreeze and ReleaseSettlement of one of its open holds; null for none chosen.
std::vector<CommandOffer> holdOffers(const AccountRow& account, const HoldRow* hold);

} // namespace counterfoil
