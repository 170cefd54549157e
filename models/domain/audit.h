// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/named_enum.h"

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

enum class CaseSeverity { Info = 0, Warning = 1, Critical = 2 };
CF_ENUM_NAMES(CaseSeverity, {CaseSeverity::Info, "info"}, {CaseSeverity::Warning, "warning"}, {CaseSeverity::Critical, "critical"});

enum class CaseState { Open = 0, Resolved = 1 };
CF_ENUM_NAMES(CaseState, {CaseState::Open, "open"}, {CaseState::Resolved, "resolved"});

/// Something a person has to decide. One per cause: `dedupeKey` is unique among open cases.
struct InterventionCase {
    CaseId id;
    /// `amount_conflict`, `late_success`, `job_parked`, `job_escalated`, `unknown_payment`, `order_review`, …
    QString kind;
    CaseSeverity severity = CaseSeverity::Warning;
    OrderId order;
    QString dedupeKey;
    QString detail;
    CaseState state = CaseState::Open;
    UtcTime openedAt;
    UtcTime resolvedAt;
};

} // namespace counterfoil
