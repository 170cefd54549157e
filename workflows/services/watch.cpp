// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/watch.h"

#include "workflows/engine/order_engine.h"
#include "workflows/services/verification.h"

#include <algorithm>

namespace counterfoil {

namespace {

const QString stuckInvariant = QStringLiteral("order_not_stuck");

Result<void> addStuck(const InvariantOutcome& outcome, WatchFindings& findings)
{
    for (const Violation& violation : outcome.violations) {
        CF_ASSIGN(const OrderId order, OrderId::parse(violation.id));
        findings.stuck.push_back(order);
    }
    return {};
}

/// As the invariant says it, on the loaded rows.
bool hasSomethingToMoveIt(const UnitOfWork& work, const Order& order)
{
    const auto moves = [&order](const Job& job) {
        return job.order == order.id && job.kind != JobKind::SettlementRelease && (job.kind != JobKind::OrderTimer || OrderEngine::isTimerCurrent(order, job.payload));
    };
    return work.jobs.findIf(moves) != nullptr || work.cases.findIf([&order](const InterventionCase& item) { return item.order == order.id; }) != nullptr;
}

QString brokenKey(const InvariantOutcome& outcome)
{
    return QStringLiteral("invariant:%1").arg(outcome.name);
}

QString wordsOf(const InvariantOutcome& outcome)
{
    const Violation& first = outcome.violations.front();
    const QString others = outcome.count > 1 ? QStringLiteral(", and %1 more").arg(outcome.count - 1) : QString();
    return QStringLiteral("%1 does not hold. %2 In %3: %4%5.").arg(outcome.name, outcome.promise, first.id, first.detail, others);
}

} // namespace

Result<WatchFindings> lookForTrouble(Connection& reader, WatchDepth depth)
{
    WatchFindings findings;
    if (depth == WatchDepth::StuckOrders) {
        CF_ASSIGN(const auto ends, finalStates(reader));
        CF_ASSIGN(const auto broken, brokenInvariants(reader, {stuckInvariant}, ends));
        for (const InvariantOutcome& outcome : broken) {
            CF_TRY(addStuck(outcome, findings));
        }
        return findings;
    }
    CF_ASSIGN(Verification verification, verifyDatabase(reader));
    for (InvariantOutcome& outcome : verification.outcomes) {
        if (outcome.name == stuckInvariant) {
            CF_TRY(addStuck(outcome, findings));
        } else if (!outcome.holds()) {
            findings.broken.push_back(std::move(outcome));
        }
    }
    return findings;
}

Result<int> openWatchCases(Connection& writer, const Clock& clock, IdSource& ids, const WatchFindings& findings)
{
    if (findings.isEmpty()) {
        return 0;
    }
    UnitOfWork work(writer, clock, ids);
    CF_TRY(work.begin());
    CF_TRY(work.loadOrders(std::set(findings.stuck.begin(), findings.stuck.end()), OrderDepth::Header));
    std::set<QString> causes;
    for (const InvariantOutcome& outcome : findings.broken) {
        causes.insert(brokenKey(outcome));
    }
    CF_TRY(work.loadCases(causes));
    const auto before = work.cases.all().size();
    for (const OrderId id : findings.stuck) {
        const Order* order = work.orders.find(id);
        if (order && !hasSomethingToMoveIt(work, *order)) {
            openCase(work, {QStringLiteral("order_stuck"), CaseSeverity::Critical, id, QStringLiteral("order_stuck:%1").arg(id.value()),
                            QStringLiteral("%1 is %2, and no job, timer or case will ever move it.").arg(order->orderNo, order->state)});
        }
    }
    for (const InvariantOutcome& outcome : findings.broken) {
        openCase(work, {QStringLiteral("invariant_broken"), CaseSeverity::Critical, {}, brokenKey(outcome), wordsOf(outcome)});
    }
    const int opened = static_cast<int>(work.cases.all().size() - before);
    if (opened > 0) {
        CF_TRY(work.commit());
    }
    return opened;
}

} // namespace counterfoil
