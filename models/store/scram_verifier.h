// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

namespace counterfoil {

/// What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5802), under a salt of its own: the password itself never reaches the server or its log.
/// Errors: Internal (no memory).
Result<QString> scramVerifier(const QString& password);

} // namespace counterfoil
