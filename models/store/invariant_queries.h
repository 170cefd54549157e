// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace counterfoil {

/// One invariant as a query that gives a row per violation: the prefix of the id's kind, the id, and what is wrong.
/// `{texts}`, at most once, stands for the final states as `workflow/revision/state`.
struct InvariantQuery {
    const char* name;
    const char* promise;
    const char* sql;
};

std::span<const InvariantQuery> ledgerInvariants();
std::span<const InvariantQuery> orderInvariants();
std::span<const InvariantQuery> processInvariants();
std::span<const InvariantQuery> refundInvariants();
std::span<const InvariantQuery> referenceInvariants();

} // namespace counterfoil
