// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"

namespace counterfoil {

/// One change by a person or program: append-only, written in the transaction of its effect.
struct AuditEvent {
    AuditEventId id;
    UtcTime at;
    /// `worker`, `api:<token label>`, `import:<file>`, `cli`, or a person's login.
    QString actor;
    /// `order.created`, `order.transition`, `account.recharged`, …
    QString action;
    QString subject;
    QString before;
    QString after;
    QString reason;
};

} // namespace counterfoil
