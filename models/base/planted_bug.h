// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"

#ifdef COUNTERFOIL_PLANTED_BUGS
#include <atomic>
#endif

namespace counterfoil {

/// Mistakes that a payment core is prone to, built in on purpose: the simulation has to find each of them, or it proves nothing.
/// Only builds with tests have them; in a release isPlanted() is the constant false and their code is gone.
enum class PlantedBug {
    None = 0,
    /// A repeated request gets an idempotency key of its own.
    NewKeyPerRetry = 1,
    /// A confirmation without an answer counts as a decline.
    TimeoutIsFailure = 2,
    /// The order's event log isn't asked whether an event was applied, nor the gateway's refunds whether money went back.
    NoDedupe = 3,
    /// Callbacks count whoever signed them.
    NoSignatureCheck = 4,
    /// An answer is applied although its lease was lost.
    NoFencing = 5,
    /// What happens after the end of a payment overwrites its end.
    TerminalStateOverwritten = 6,
    /// Postings are written in a transaction behind that of their cause.
    LedgerApart = 7,
    /// The gateway's amount and currency aren't compared with what was asked.
    AmountUnchecked = 8,
    /// A late word about an earlier state opens a payment again.
    StaleReopen = 9,
    /// A participant forgets what it did as soon as it is done.
    FencePurgedEarly = 10,
    /// A decision overwrites the one before.
    DecisionWithoutCompare = 11,
    /// A hold that was released stays as it was.
    HoldReleasedTwice = 12,
    /// What doesn't divide evenly belongs to nobody.
    RemainderDropped = 13,
    /// A coupon's limit is compared with what was read before the lock.
    CouponLimitBeforeLock = 14,
    /// Cancelling takes reserved stock away as if it had been sold.
    StockConfirmedOnCancel = 15,
    /// A payment is cancelled while its request may still reach the gateway.
    CancelWithoutAsking = 16,
};
CF_ENUM_NAMES(PlantedBug, {PlantedBug::None, "none"}, {PlantedBug::NewKeyPerRetry, "new_key_per_retry"}, {PlantedBug::TimeoutIsFailure, "timeout_is_failure"},
              {PlantedBug::NoDedupe, "no_dedupe"}, {PlantedBug::NoSignatureCheck, "no_signature_check"}, {PlantedBug::NoFencing, "no_fencing"},
              {PlantedBug::TerminalStateOverwritten, "terminal_state_overwritten"}, {PlantedBug::LedgerApart, "ledger_apart"},
              {PlantedBug::AmountUnchecked, "amount_unchecked"}, {PlantedBug::StaleReopen, "stale_reopen"}, {PlantedBug::FencePurgedEarly, "fence_purged_early"},
              {PlantedBug::DecisionWithoutCompare, "decision_without_compare"}, {PlantedBug::HoldReleasedTwice, "hold_released_twice"},
              {PlantedBug::RemainderDropped, "remainder_dropped"}, {PlantedBug::CouponLimitBeforeLock, "coupon_limit_before_lock"},
              {PlantedBug::StockConfirmedOnCancel, "stock_confirmed_on_cancel"}, {PlantedBug::CancelWithoutAsking, "cancel_without_asking"});

#ifdef COUNTERFOIL_PLANTED_BUGS
inline std::atomic<PlantedBug> plantedBug{PlantedBug::None};
inline bool isPlanted(PlantedBug bug)
{
    return plantedBug.load(std::memory_order_relaxed) == bug;
}
/// Process-wide, from here on.
inline void plant(PlantedBug bug)
{
    plantedBug = bug;
}
#else
constexpr bool isPlanted(PlantedBug)
{
    return false;
}
#endif

} // namespace counterfoil
