// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace counterfoil {

/// What somebody tries through psql, and what becomes of it for a login of each role: `ok` or the SQLSTATE. 42501 is PostgreSQL's "insufficient
/// privilege"; class CF is our functions' (see `refuse` in resources/migrations/0008_roles.postgresql.sql):
/// CF001 malformed_input, CF002 too_large, CF004 missing_field, CF005 invalid_id, CF007 unknown_currency, CF009 forbidden, CF010 not_found,
/// CF011 already_exists_different, CF012 in_progress, CF013 deadline_passed, CF014 event_not_accepted.
///
/// Words in braces stand for the fixture's: `{me}` the login, `{theirs}` a refund of somebody else that waits for approval, `{mine}` one of one's own,
/// `{their_draft}` and `{my_draft}` commands that were previewed and not filed, `{case}` one that nobody has, `{my_case}`, `{their_case}`, `{closed_case}`,
/// `{sha}` the hash of every preview, `{verifier}` that of a password, `{pid}` a session of the tables' owner.
struct Privilege {
    const char* words;
    const char* sql;
    /// support, supervisor, finance, administrator, auditor, worker
    const char* outcomes;
    /// What psql prints where the outcome is ok; none: whatever it is.
    const char* says = nullptr;
};

std::vector<Privilege> privileges();

} // namespace counterfoil
