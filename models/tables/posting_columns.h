// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

/// Of one account (PostingsTable).
enum class PostingColumn { At, Kind, OrderNo, Bucket, Amount, BalanceAfter, Entry, Count };

/// Of one order (OrderPostingsTable).
enum class OrderPostingColumn { At, Kind, Account, Bucket, Amount, BalanceAfter, Entry, Count };

} // namespace counterfoil
