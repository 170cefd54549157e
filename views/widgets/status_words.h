// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/status_reads.h"
#include "views/theme/theme.h"

namespace counterfoil {

/// One fact of the system in words, with its tone: for the status bar and the overview.
struct StatusWords {
    QString text;
    QString details;
    Icon icon = Icon::Info;
    Tone tone = Tone::Neutral;
};
StatusWords workerWords(const SystemStatus& status, UtcTime now);
StatusWords queueWords(const SystemStatus& status);
StatusWords caseWords(const SystemStatus& status);

} // namespace counterfoil
