// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/intervention.h"
#include "models/domain/job.h"
#include "models/domain/order.h"
#include "models/domain/transaction.h"
#include "models/store/connection.h"
#include "models/store/reads/command_reads.h"
#include "models/store/reads/page.h"

#include <optional>
#include <vector>

namespace counterfoil {

/// A case with the number of its order.
struct CaseRow {
    InterventionCase item;
    /// Empty for a case without an order.
    QString orderNo;
};

/// Which cases a queue shows. What rests (snoozed) is in Resting only.
struct CaseFilter {
    enum class View { Todo, Mine, Open, Resting, Resolved };
    /// Todo: nobody's, and one's own.
    View view = View::Todo;
    QString login;
    /// What counts as resting.
    UtcTime now;
    friend bool operator==(const CaseFilter&, const CaseFilter&) = default;
};

/// Open cases, critical ones first and then the oldest first, at most `limit`.
Result<std::vector<CaseRow>> openCases(Connection& connection, int limit);

/// What was opened since somebody looked last.
struct NewCases {
    /// The newest case of all; none if there is no case.
    CaseId newest;
    /// Open critical ones that are newer than `since`, newest first.
    std::vector<CaseRow> critical;
};

/// Without `since`, only the newest.
Result<NewCases> newCriticalCases(Connection& connection, std::optional<CaseId> since, int limit);

/// In the order in which they are due.
Result<std::vector<CaseRow>> casePage(Connection& connection, const CaseFilter& filter, const PageRequest& request);
Result<qint64> caseCount(Connection& connection, const CaseFilter& filter);
Result<qint64> caseCountBefore(Connection& connection, const CaseFilter& filter, RowKey key);
RowKey caseKey(const InterventionCase& item);

/// Everything about one case.
struct CaseDetail {
    InterventionCase item;
    std::vector<CaseNote> notes;
    std::vector<CommandRow> commands;
    /// Empty for a case without an order: the order, its payment and what waits to be done for it.
    std::optional<Order> order;
    std::vector<PaymentTransaction> transactions;
    std::vector<Job> jobs;
    /// Resolved ones of the same kind, newest first: how it was done before.
    std::vector<InterventionCase> similar;
};

/// Errors: NotFound, and the database's.
Result<CaseDetail> caseDetail(Connection& connection, CaseId id);

} // namespace counterfoil
