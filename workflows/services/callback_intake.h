// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/connection.h"
#include "workflows/gateway/callback_verifier.h"

namespace counterfoil {

/// A callback whose signature was good.
struct VerifiedCallback {
    CallbackEvent event;
    /// The raw body; valid UTF-8.
    QByteArray body;
};

/// Stores callbacks and the jobs that apply them, in one transaction; one that is known already is dropped. Per callback: true if it
/// was new. Errors: the database's; nothing was stored then.
Result<std::vector<bool>> storeCallbacks(Connection& connection, const Clock& clock, IdSource& ids, std::span<const VerifiedCallback> callbacks);

} // namespace counterfoil
