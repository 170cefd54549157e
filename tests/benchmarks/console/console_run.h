// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"

#include <QString>

#include <vector>

namespace counterfoil {

/// One figure of the benchmark, in milliseconds or MiB, and the most that it may be.
struct ConsoleFigure {
    QString what;
    double value = 0;
    double most = 0;
    bool isKept() const { return value >= 0 && value <= most; }
};

/// Works at the console over this database as an agent does, by mouse and keyboard: the queue, a claim, its end, the orders and their end.
/// Every value is the worst of `rounds`; one that never came is negative.
std::vector<ConsoleFigure> runConsole(const DatabaseUrl& database, int rounds);

} // namespace counterfoil
