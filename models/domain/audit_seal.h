// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"

namespace counterfoil {

/// The link of the audit chain that an audit row has got (models/store/audit_chain.h): append-only, one for each row.
struct AuditSeal {
    /// From 1, without gaps.
    qint64 position = 0;
    AuditEventId event;
    /// SHA-256 in lower-case hex: of the row, and of the chain up to here.
    QString rowSha256;
    QString chainSha256;
    UtcTime sealedAt;
};

/// Where the audit chain ends; kept outside of the database it is an anchor, against which a cut tail is seen.
struct AuditHead {
    /// 0 if nothing is sealed yet.
    qint64 position = 0;
    QString chainSha256;
    UtcTime sealedAt;
    /// The database's: `sandbox` or `live`.
    QString environment;

    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

} // namespace counterfoil
