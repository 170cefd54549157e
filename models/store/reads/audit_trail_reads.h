// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"

#include <vector>

namespace counterfoil {

/// Which rows of the audit trail a list shows. Empty fields don't restrict.
struct AuditFilter {
    /// Who: `worker`, a login; or all of a kind, with a colon at its end: `api:`, `import:`.
    QString actor;
    /// The beginning of an action: `order.`, `refund.requested`.
    QString action;
    /// What it was done to: an id as people see it, in any spelling that is forgiven, or an order's number.
    QString subject;
    /// At or after / before.
    UtcTime from;
    UtcTime to;

    bool isEmpty() const { return *this == AuditFilter(); }
    friend bool operator==(const AuditFilter&, const AuditFilter&) = default;
};

/// One row with what its subject leads to.
struct AuditDetail {
    AuditEvent event;
    /// The order that the subject is or is part of; none if it is about something else.
    OrderId order;
    QString orderNo;
    /// The account, where the subject leads to one and not to an order.
    AccountId account;
};

/// Newest first, key (id, 0). Actors and actions of every payment (`worker`, `api:…`, `import:…`, `order.created`, `order.transition`,
/// `settlement.released`), which no index serves, are looked for among the newest `newestLookedAt` rows unless a subject or a time is given.
/// Times are found by the ids, which grow with them (10-domain): a row whose own time is more than an hour off is missed.
/// Errors of all reads: those of Connection, DatabaseCorrupt.
Result<std::vector<AuditEvent>> auditPage(Connection& connection, const AuditFilter& filter, const PageRequest& request);
Result<qint64> auditCount(Connection& connection, const AuditFilter& filter);
Result<qint64> auditCountBefore(Connection& connection, const AuditFilter& filter, RowKey key);
/// As orderAnchors().
Result<std::vector<RowKey>> auditAnchors(Connection& connection, const AuditFilter& filter, std::optional<RowKey> after, int stride, int strides);
/// Errors also: NotFound.
Result<AuditDetail> auditDetail(Connection& connection, AuditEventId id);

} // namespace counterfoil
