// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/money.h"

#include <vector>

namespace counterfoil {

/// A place on an axis and what stands there.
struct AxisTick {
    qint64 at = 0;
    QString label;
    friend bool operator==(const AxisTick&, const AxisTick&) = default;
};

/// Round amounts, in minor units, from the last one at or below `low` to the first one at or above `high`: two at least, `most` + 1 at most.
std::vector<AxisTick> moneyTicks(qint64 low, qint64 high, Currency currency, int most);

/// Round moments of this machine's time zone between the two, in microseconds, `most` at most; may be none.
std::vector<AxisTick> timeTicks(UtcTime from, UtcTime to, int most);

} // namespace counterfoil
