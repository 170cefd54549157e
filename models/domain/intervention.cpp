// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/intervention.h"

#include <cstdlib>

namespace counterfoil {

Duration serviceLevel(CaseSeverity severity, const Money& amount)
{
    const int hours = severity == CaseSeverity::Critical ? 1 : severity == CaseSeverity::Warning ? 4 : 24;
    qint64 unit = 1;
    for (int i = 0; i < amount.currency().minorDigits(); ++i) {
        unit *= 10;
    }
    const qint64 units = std::abs(amount.minor() / unit);
    const int share = units >= 10'000 ? 4 : units >= 1'000 ? 3 : units >= 100 ? 2 : 1;
    return Duration::minutes(hours * 60 / share);
}

} // namespace counterfoil
