// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"

#include <compare>
#include <optional>
#include <set>
#include <vector>

namespace counterfoil {

/// What a simulation does to the program, and the situations it brings about.
enum class FaultKind {
    // The worker's process
    CrashBeforeCommit = 0,
    CrashAfterCommit = 1,
    CrashBetweenEffects = 2,
    WorkerPause = 3,
    PauseBeforeSend = 4,
    ClockJump = 5,
    TwoWorkers = 6,
    ThreeWorkers = 7,
    // The database
    DatabaseBusy = 8,
    SerializationFailure = 9,
    CommitAnswerLost = 10,
    // Requests to the gateway
    RequestNotSent = 11,
    RequestLost = 12,
    RequestLate = 13,
    AnswerLost = 14,
    AnswerLate = 15,
    ErrorBeforeEffect = 16,
    ErrorAfterEffect = 17,
    // What the gateway makes of them
    Declined = 18,
    ActionRequired = 19,
    Processing = 20,
    WrongAmount = 21,
    WrongCurrency = 22,
    PartialCapture = 23,
    MoneyAfterCancel = 24,
    // Callbacks
    CallbackLost = 25,
    CallbackLate = 26,
    CallbackDuplicated = 27,
    CallbackReordered = 28,
    CallbackForged = 29,
    CallbackStale = 30,
    CallbackWrongAmount = 31,
    CallbackWrongCurrency = 32,
    // Who races whom
    ClientRetry = 33,
    CancelRacesSuccess = 34,
    DeadlineRacesCapture = 35,
    StockRace = 36,
    CouponRace = 37,
    RefundRacesRefund = 38,
    RefundRacesSettlement = 39,
    // What becomes of refunds
    RefundPending = 40,
    RefundFailed = 41,
};
CF_ENUM_NAMES(FaultKind, {FaultKind::CrashBeforeCommit, "crash_before_commit"}, {FaultKind::CrashAfterCommit, "crash_after_commit"},
              {FaultKind::CrashBetweenEffects, "crash_between_effects"}, {FaultKind::WorkerPause, "worker_pause"}, {FaultKind::PauseBeforeSend, "pause_before_send"},
              {FaultKind::ClockJump, "clock_jump"}, {FaultKind::TwoWorkers, "two_workers"}, {FaultKind::ThreeWorkers, "three_workers"},
              {FaultKind::DatabaseBusy, "database_busy"}, {FaultKind::SerializationFailure, "serialization_failure"}, {FaultKind::CommitAnswerLost, "commit_answer_lost"},
              {FaultKind::RequestNotSent, "request_not_sent"}, {FaultKind::RequestLost, "request_lost"}, {FaultKind::RequestLate, "request_late"},
              {FaultKind::AnswerLost, "answer_lost"}, {FaultKind::AnswerLate, "answer_late"}, {FaultKind::ErrorBeforeEffect, "error_before_effect"},
              {FaultKind::ErrorAfterEffect, "error_after_effect"}, {FaultKind::Declined, "declined"}, {FaultKind::ActionRequired, "action_required"},
              {FaultKind::Processing, "processing"}, {FaultKind::WrongAmount, "wrong_amount"}, {FaultKind::WrongCurrency, "wrong_currency"},
              {FaultKind::PartialCapture, "partial_capture"}, {FaultKind::MoneyAfterCancel, "money_after_cancel"}, {FaultKind::CallbackLost, "callback_lost"},
              {FaultKind::CallbackLate, "callback_late"}, {FaultKind::CallbackDuplicated, "callback_duplicated"}, {FaultKind::CallbackReordered, "callback_reordered"},
              {FaultKind::CallbackForged, "callback_forged"}, {FaultKind::CallbackStale, "callback_stale"}, {FaultKind::CallbackWrongAmount, "callback_wrong_amount"},
              {FaultKind::CallbackWrongCurrency, "callback_wrong_currency"}, {FaultKind::ClientRetry, "client_retry"},
              {FaultKind::CancelRacesSuccess, "cancel_races_success"}, {FaultKind::DeadlineRacesCapture, "deadline_races_capture"},
              {FaultKind::StockRace, "stock_race"}, {FaultKind::CouponRace, "coupon_race"},
              {FaultKind::RefundRacesRefund, "refund_races_refund"}, {FaultKind::RefundRacesSettlement, "refund_races_settlement"},
              {FaultKind::RefundPending, "refund_pending"}, {FaultKind::RefundFailed, "refund_failed"});

inline constexpr std::size_t faultKindCount = EnumNames<FaultKind>::names.size();

/// The n-th opportunity for a fault of one kind in a run, from 1.
struct FaultAt {
    FaultKind kind = FaultKind::CrashBeforeCommit;
    int ordinal = 0;

    friend auto operator<=>(const FaultAt&, const FaultAt&) = default;

    /// `answer_lost#3`
    QString toText() const;
    /// Errors: MalformedInput, UnknownValue.
    static Result<FaultAt> parse(QStringView text);
};

using FaultSet = std::set<FaultAt>;

/// What a seed brings: which faults happen and every other choice of a run. Each kind of fault and each stream of choices counts by
/// itself, so that leaving a fault out changes the others as little as can be: that makes a failing run's list of faults shrink.
class FaultPlan {
public:
    /// With `only`, of the seed's faults just those happen.
    explicit FaultPlan(quint64 seed, std::optional<FaultSet> only = std::nullopt);

    /// To be asked at every opportunity.
    bool fires(FaultKind kind);
    /// From here on nothing goes wrong.
    void heal() { m_healed = true; }
    bool isHealed() const { return m_healed; }

    /// What is chosen by chance; every stream has a sequence of its own.
    enum class Stream { Basket, Arrival, Latency, Choice, Delay, Skew, Outcome };
    /// Uniformly 0 to bound − 1.
    qint64 draw(Stream stream, qint64 bound);
    qint64 between(Stream stream, qint64 from, qint64 to) { return from + draw(stream, to - from + 1); }

    const FaultSet& fired() const { return m_fired; }

private:
    quint64 m_seed;
    std::optional<FaultSet> m_only;
    FaultSet m_fired;
    std::vector<int> m_opportunities;
    std::vector<int> m_perMille;
    std::vector<quint64> m_draws;
    bool m_healed = false;
};

} // namespace counterfoil
