// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/words.h"
#include "workflows/gateway/callback_forensics.h"

namespace counterfoil {

/// One step of an explanation: what was looked at, how it stands, and what that means.
struct ForensicStep {
    Look look;
    QString title;
    QString text;
};

/// The answer in a sentence, and what to do.
ForensicStep verdictWords(const CallbackForensics& found);
/// The steps to it, in the order in which a worker takes them, then what would make it right.
std::vector<ForensicStep> forensicSteps(const CallbackForensics& found, Duration tolerance);

} // namespace counterfoil
