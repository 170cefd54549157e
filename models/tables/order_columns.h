// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

enum class OrderColumn { Id, OrderNo, PlacedAt, Buyer, Channel, State, Funding, Payable, Paid, Refunded, UpdatedAt, Count };

} // namespace counterfoil
