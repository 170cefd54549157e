// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

enum class AccountColumn { Owner, Kind, Available, Frozen, Total, Billed, Currency, Status, Id, Count };

enum class HoldColumn { CreatedAt, Age, Reason, OrderNo, Cause, Amount, Remaining, EndsAt, Id, Count };

} // namespace counterfoil
