// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id.h"

#include <vector>

namespace counterfoil {

/// An event for an order. `key` makes it happen once: the same key on the same order is dropped.
struct OrderEventInput {
    QString event;
    QString key;
    QString actor;
    QString cause;
};

/// What commands and gateway reports lead to. Applied by the engine in the same unit of work.
using FollowUps = std::vector<OrderEventInput>;

} // namespace counterfoil
