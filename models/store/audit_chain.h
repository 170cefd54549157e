// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"
#include "models/store/connection.h"

namespace counterfoil {

// The audit chain (50-operators, Audit). Rows of audit_event are inserted by anybody and sealed a moment later: each gets a row of audit_seal
// with the next position. With `n(x)` for 8 bytes, big-endian, and `t(x)` for n(length) and the UTF-8 text,
//
//   row_sha256   = SHA-256(t("counterfoil audit row 1"), t(name), t(value) of each column in the order of TableOf<AuditEvent>)
//   chain_sha256 = SHA-256(t("counterfoil audit chain 1"), chain_sha256 before, row_sha256, n(position), n(event_id), n(sealed_at))
//
// where hashes inside are their 32 bytes, those before the first are zeros, and a whole number's value is its decimal digits. A column that
// comes later is left out where it is NULL or empty, so that rows from before keep their hashes. The chain takes in a row by its hash: what
// is sealed behind a row that was changed or lost can still be checked.

/// The hash of an audit row whose columns, as TableOf<AuditEvent> has them, begin at column `from` of this answer. As it is stored: nothing
/// is made of its bytes before.
QByteArray auditRowSha256(const Row& row, int from);

/// The hash of the chain up to this seal, whose own chain_sha256 isn't looked at. Hashes in lower-case hex; `before` that of the seal before,
/// empty for the first.
QString chainSha256(const QString& before, const AuditSeal& seal);

/// Where the chain ends, with the database's environment. Errors: those of Connection.
Result<AuditHead> auditHead(Connection& connection);

} // namespace counterfoil
