// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"
#include "models/store/connection.h"

#include <vector>

namespace counterfoil {

/// One row that breaks an invariant: the id people see (`acc_…`, `ord_…`) and what is wrong with it.
struct Violation {
    QString id;
    QString detail;
};

struct InvariantOutcome {
    /// Stable, in lower snake case: `entry_balanced`.
    QString name;
    /// What it promises, as a sentence.
    QString promise;
    /// The first violationsShownMax, by id.
    std::vector<Violation> violations;
    /// Of all violating rows.
    qint64 count = 0;

    bool holds() const { return count == 0; }
};

/// What rounding lines to whole minor units added (positive) or took in total: no violation, but it should stay near zero.
struct RoundingTotal {
    Currency currency;
    qint64 items = 0;
    qint64 micros = 0;
};

/// How far the audit chain has come.
struct AuditSummary {
    qint64 sealed = 0;
    /// Its end: 0 and empty if nothing is sealed.
    qint64 position = 0;
    QString headSha256;
    /// Rows that wait for their seal, and the time of the oldest.
    qint64 unsealed = 0;
    UtcTime oldestUnsealed;
    /// Sealed rows that are an hour older than one which was sealed before them: no violation, but a clock was wrong, or they were dated back.
    qint64 late = 0;
    AuditEventId firstLate;
};

struct Verification {
    std::vector<InvariantOutcome> outcomes;
    std::vector<RoundingTotal> rounding;
    AuditSummary audit;
    qint64 orders = 0;
    qint64 accounts = 0;
    qint64 entries = 0;
    qint64 postings = 0;

    bool holds() const;
};

/// A state in which an order of this workflow's revision has ended. The store can't read workflows, so the caller says them.
struct FinalState {
    QString workflow;
    int revision = 0;
    QString state;
};

inline constexpr std::size_t violationsShownMax = 20;

/// The names of all invariants that are always checked, in the order in which they are.
QStringList invariantNames();

/// Checks every invariant of 10-domain in one consistent view; changes nothing and takes no lock. The same SQL runs on both
/// databases. Errors: those of Connection.
///
/// What can't be proven from the rows is left out: the order of entries that several workers made within their clocks' difference.
/// So the running balance is checked without it: behind each of a bucket's postings must be the balance before another one
/// or the account's present balance, whatever their order.
/// With anchors (heads of the audit chain that were kept outside) there is one more outcome, `audit_anchor`.
/// Errors also: Cancelled, between two invariants, on a thread that is asked to stop.
Result<Verification> verifyInvariants(Connection& connection, const std::vector<FinalState>& finalStates, const std::vector<AuditHead>& anchors = {});

/// Checks only those of these names; some of them ask for the final states. Returns those that don't hold.
Result<std::vector<InvariantOutcome>> brokenInvariants(Connection& connection, const QStringList& names, const std::vector<FinalState>& finalStates = {});

/// Two numbers: one changes with every commit that posts money or takes a step of a hold, the other with every one that decides a TCC
/// transaction. For who looks at the books again and again.
struct BooksVersion {
    qint64 money = 0;
    qint64 decisions = 0;
};
Result<BooksVersion> booksVersion(Connection& connection);

} // namespace counterfoil
