// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/fence.h"

#include "models/base/planted_bug.h"

namespace counterfoil {

namespace {

std::unexpected<Error> impossible(const BranchCall& call, const char* what)
{
    return fail(ErrorCode::Integrity, QStringLiteral("%1 branch %2: %3").arg(call.gid.toText()).arg(call.n).arg(QLatin1String(what)));
}

} // namespace

Result<void> fencedTry(UnitOfWork& work, const TccParticipant& participant, const TccBranch& branch, const BranchCall& call, UtcTime tryDeadline)
{
    if (const TccFence* fence = work.fences.find({call.gid, call.n})) {
        switch (fence->state) {
        case FenceState::Tried:
            return fence->argsSha256 == branch.argsSha256 ? Result<void>() : Result<void>(impossible(call, "tried again with other arguments"));
        case FenceState::Confirmed:
            return {};
        case FenceState::Cancelled:
        case FenceState::Tombstone:
            return fail(ErrorCode::TryRefused, QStringLiteral("a late try of %1").arg(call.gid.toText()));
        }
    }
    if (work.now() > tryDeadline) {
        return fail(ErrorCode::DeadlinePassed, QStringLiteral("the try deadline of %1 has passed").arg(call.gid.toText()));
    }
    CF_TRY(participant.reserve(work, call));
    work.fences.add({call.gid, call.n, FenceState::Tried, branch.argsSha256, tryDeadline});
    return {};
}

Result<void> fencedConfirm(UnitOfWork& work, const TccParticipant& participant, const BranchCall& call)
{
    const TccFence* fence = work.fences.find({call.gid, call.n});
    if (!fence) {
        return impossible(call, "confirmed without a try");
    }
    if (fence->state == FenceState::Confirmed) {
        return {};
    }
    if (fence->state != FenceState::Tried) {
        return impossible(call, "confirmed after a cancel");
    }
    CF_TRY(participant.confirm(work, call));
    if (!isPlanted(PlantedBug::FencePurgedEarly)) {
        work.fences.edit({call.gid, call.n}).state = FenceState::Confirmed;
    }
    return {};
}

Result<void> fencedCancel(UnitOfWork& work, const TccParticipant& participant, const TccBranch& branch, const BranchCall& call, UtcTime tryDeadline)
{
    const TccFence* fence = work.fences.find({call.gid, call.n});
    if (!fence) {
        work.fences.add({call.gid, call.n, FenceState::Tombstone, branch.argsSha256, tryDeadline});
        return {};
    }
    if (fence->state == FenceState::Confirmed) {
        return impossible(call, "cancelled after a confirm");
    }
    if (fence->state != FenceState::Tried) {
        return {};
    }
    CF_TRY(participant.cancel(work, call));
    work.fences.edit({call.gid, call.n}).state = FenceState::Cancelled;
    return {};
}

} // namespace counterfoil
