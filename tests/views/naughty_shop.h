// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// A shop in which every text comes from somebody who means harm: one order, buyer, seller, case, command, job, request, callback and
/// audit row for each string, and one order that has all of them at once. Ids count up with the strings.
struct NaughtyShop {
    static constexpr qint64 fullOrder = 5'000;
    static constexpr qint64 firstOrder = 10'000;
    static constexpr qint64 firstCustomer = 20'000;
    static constexpr qint64 firstMerchant = 30'000;
    static constexpr qint64 firstAccount = 40'000;
    static constexpr qint64 firstCase = 50'000;
    static constexpr qint64 firstCommand = 60'000;
};

/// The Big List of Naughty Strings (tests/views/naughty), and hostileText().
std::vector<QString> naughtyStrings();

Result<void> fillNaughtyShop(Connection& connection, const std::vector<QString>& strings, UtcTime now);

} // namespace counterfoil
