// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"
#include "views/orders/state_path.h"
#include "views/widgets/timeline.h"

namespace counterfoil {

// What an order's rows say, put into words and drawings. Pure functions.

/// The stops of its way: the states entered, in order, then what lies ahead on the ordinary way.
std::vector<StateStop> stopsOf(const OrderDetail& detail, UtcTime now);

/// Events, callbacks and cases together, newest first.
std::vector<TimelineEntry> timelineOf(const OrderDetail& detail);

/// "Goods 271.96 − discount 10.00 + shipping 0.00 · card 261.96 USD".
QString moneyRemark(const Order& order);

} // namespace counterfoil
