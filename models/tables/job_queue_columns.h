// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

enum class JobQueueColumn { DueAt, When, Kind, OrderNo, State, Attempts, Error, Worker, CreatedAt, Id, Count };

} // namespace counterfoil
