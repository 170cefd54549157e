// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

namespace counterfoil {

/// Reads a time of an imported file. `format` is empty or `iso` for ISO 8601 (see UtcTime::fromIso), or a format as
/// QDateTime has it, taken as UTC; with ` offset` at its end, the text ends in an offset from UTC: `-0400`, `+02:00`, `Z`.
/// Errors: MalformedInput (also for times before 1970).
Result<UtcTime> parseImportTime(const QString& text, const QString& format);

} // namespace counterfoil
