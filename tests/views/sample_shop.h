// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// Ids of the sample shop that tests ask for.
struct SampleShop {
    static constexpr qint64 ordinaryOrder = 9'000;
    static constexpr qint64 conflictedOrder = 9'001;
    static constexpr qint64 hostileOrder = 9'002;
    static constexpr qint64 merchantAccount = 103;
    static constexpr qint64 walletAccount = 104;
};

/// Fills a database with `orders` orders of all states, accounts, postings, holds, exchanges, callbacks, jobs and cases: enough for
/// every page of the console. One order is a full story, one is in conflict with an open case, one is full of hostile text.
Result<void> fillSampleShop(Connection& connection, int orders, UtcTime now);

/// Text that tries rich text, bidi controls and 100,000 combining marks.
QString hostileText();

} // namespace counterfoil
