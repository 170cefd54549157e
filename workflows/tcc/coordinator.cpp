// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/coordinator.h"

#include "models/base/planted_bug.h"
#include "models/base/text.h"
#include "workflows/tcc/accounts_participant.h"
#include "workflows/tcc/coupons_participant.h"
#include "workflows/tcc/fence.h"
#include "workflows/tcc/refund_participant.h"
#include "workflows/tcc/stock_participant.h"

#include <QJsonDocument>

namespace counterfoil {

namespace {

BranchCall callOf(const TccTransaction& tcc, const TccBranch& branch)
{
    return {tcc.gid, branch.n, tcc.order, tcc.transaction, QJsonDocument::fromJson(branch.args.toUtf8()).object()};
}

std::vector<std::pair<TccId, int>> branchesOf(UnitOfWork& work, TccId gid)
{
    return work.branches.keysIn(gid, [](const TccBranch&) { return true; });
}

} // namespace

TccCoordinator::TccCoordinator(Duration settlementDelay)
{
    m_participants.push_back(std::make_unique<CouponsParticipant>());
    m_participants.push_back(std::make_unique<StockParticipant>());
    m_participants.push_back(std::make_unique<AccountsParticipant>(settlementDelay));
    m_participants.push_back(std::make_unique<RefundParticipant>());
}

const TccParticipant& TccCoordinator::participant(Participant kind) const
{
    for (const auto& participant : m_participants) {
        if (participant->kind() == kind) {
            return *participant;
        }
    }
    assertionFailed("a participant that nobody plays");
}

TccId TccCoordinator::registerTransaction(UnitOfWork& work, const TccDraft& draft) const
{
    TccTransaction tcc;
    tcc.gid = work.ids().next<TccId>();
    tcc.businessKey = draft.businessKey;
    tcc.order = draft.order;
    tcc.transaction = draft.transaction;
    tcc.requestSha256 = draft.requestSha256;
    tcc.tryDeadline = draft.tryDeadline;
    tcc.createdAt = work.now();
    work.tccs.add(tcc);
    int n = 0;
    for (const BranchDraft& branch : draft.branches) {
        TccBranch row;
        row.gid = tcc.gid;
        row.n = ++n;
        row.participant = branch.participant;
        row.args = QString::fromUtf8(branch.args);
        row.argsSha256 = sha256Hex(branch.args);
        work.branches.add(row);
    }
    return tcc.gid;
}

Result<void> TccCoordinator::tryAll(UnitOfWork& work, TccId gid) const
{
    const TccTransaction& tcc = work.tccs.at(gid);
    if (tcc.decision != TccDecision::Trying) {
        return fail(ErrorCode::EventNotAccepted, QStringLiteral("%1 is %2 already").arg(gid.toText(), toString(tcc.decision)));
    }
    CF_TRY(work.needFull(tcc.order));
    for (const auto& key : branchesOf(work, gid)) {
        TccBranch& branch = work.branches.edit(key);
        ++branch.attempt;
        const Result<void> tried = fencedTry(work, participant(branch.participant), branch, callOf(tcc, branch), tcc.tryDeadline);
        branch.phase = tried ? BranchPhase::Tried : BranchPhase::Refused;
        if (!tried) {
            branch.lastError = tried.error().text().left(500);
            return tried;
        }
    }
    return {};
}

bool TccCoordinator::isReserved(UnitOfWork& work, TccId gid) const
{
    return work.tccs.at(gid).decision == TccDecision::Trying
        && !work.branches.findIn(gid, [](const TccBranch& branch) { return branch.phase != BranchPhase::Tried; });
}

Result<void> TccCoordinator::decide(UnitOfWork& work, TccId gid, TccDecision decision, const QString& by, const QString& reason) const
{
    require(decision == TccDecision::Confirming || decision == TccDecision::Cancelling, "a decision is to confirm or to cancel");
    const bool confirming = decision == TccDecision::Confirming;
    const TccTransaction& known = work.tccs.at(gid);
    if (isPlanted(PlantedBug::DecisionWithoutCompare)) {
        work.tccs.edit(gid).decision = decision;
        return {};
    }
    if (known.decision == decision || known.decision == (confirming ? TccDecision::Confirmed : TccDecision::Cancelled)) {
        return {};
    }
    if (known.decision != TccDecision::Trying) {
        return fail(ErrorCode::EventNotAccepted, QStringLiteral("%1 is %2, a decision never flips").arg(gid.toText(), toString(known.decision)));
    }
    CF_TRY(work.needFull(known.order));
    if (confirming && !isReserved(work, gid)) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 is to be confirmed without every try").arg(gid.toText()));
    }
    TccTransaction& tcc = work.tccs.edit(gid);
    tcc.decision = decision;
    tcc.decidedAt = work.now();
    tcc.decidedBy = by;
    tcc.cancelReason = confirming ? QString() : reason;
    ++tcc.epoch;
    return {};
}

Result<void> TccCoordinator::driveBranch(UnitOfWork& work, const TccTransaction& tcc, const TccBranch& branch) const
{
    const TccParticipant& who = participant(branch.participant);
    return tcc.decision == TccDecision::Confirming ? fencedConfirm(work, who, callOf(tcc, branch))
                                                   : fencedCancel(work, who, branch, callOf(tcc, branch), tcc.tryDeadline);
}

Result<bool> TccCoordinator::drive(UnitOfWork& work, TccId gid) const
{
    const TccTransaction& tcc = work.tccs.at(gid);
    if (tcc.isFinal()) {
        return true;
    }
    require(tcc.decision != TccDecision::Trying, "phase two follows a decision");
    CF_TRY(work.needFull(tcc.order));
    const BranchPhase done = tcc.decision == TccDecision::Confirming ? BranchPhase::Confirmed : BranchPhase::Cancelled;
    Result<bool> outcome = true;
    for (const auto& key : branchesOf(work, gid)) {
        TccBranch& branch = work.branches.edit(key);
        if (branch.phase == done) {
            continue;
        }
        ++branch.attempt;
        if (const Result<void> driven = driveBranch(work, tcc, branch); !driven) {
            branch.lastError = driven.error().text().left(500);
            outcome = std::unexpected<Error>(driven.error());
            continue;
        }
        branch.phase = done;
        branch.doneAt = work.now();
    }
    if (outcome) {
        TccTransaction& finished = work.tccs.edit(gid);
        finished.decision = tcc.decision == TccDecision::Confirming ? TccDecision::Confirmed : TccDecision::Cancelled;
        ++finished.epoch;
    }
    return outcome;
}

} // namespace counterfoil
