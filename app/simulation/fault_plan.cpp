// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/fault_plan.h"

#include <array>

namespace counterfoil {

namespace {

/// How many of a thousand opportunities go wrong where the kind is at work in a seed. What happens often has many opportunities.
constexpr std::array<std::pair<FaultKind, int>, faultKindCount> perMille{{
    {FaultKind::CrashBeforeCommit, 8},      {FaultKind::CrashAfterCommit, 8},      {FaultKind::CrashBetweenEffects, 25},
    {FaultKind::WorkerPause, 60},           {FaultKind::PauseBeforeSend, 25},      {FaultKind::ClockJump, 15},
    {FaultKind::TwoWorkers, 750},           {FaultKind::ThreeWorkers, 700},        {FaultKind::DatabaseBusy, 10},
    {FaultKind::SerializationFailure, 12},  {FaultKind::CommitAnswerLost, 8},      {FaultKind::RequestNotSent, 40},
    {FaultKind::RequestLost, 40},           {FaultKind::RequestLate, 40},          {FaultKind::AnswerLost, 60},
    {FaultKind::AnswerLate, 40},            {FaultKind::ErrorBeforeEffect, 40},    {FaultKind::ErrorAfterEffect, 40},
    {FaultKind::Declined, 80},              {FaultKind::ActionRequired, 120},       {FaultKind::Processing, 150},
    {FaultKind::WrongAmount, 70},           {FaultKind::WrongCurrency, 70},        {FaultKind::PartialCapture, 90},
    {FaultKind::MoneyAfterCancel, 700},     {FaultKind::CallbackLost, 150},        {FaultKind::CallbackLate, 80},
    {FaultKind::CallbackDuplicated, 100},   {FaultKind::CallbackReordered, 100},   {FaultKind::CallbackForged, 60},
    {FaultKind::CallbackStale, 60},         {FaultKind::CallbackWrongAmount, 30},  {FaultKind::CallbackWrongCurrency, 30},
    {FaultKind::ClientRetry, 100},          {FaultKind::CancelRacesSuccess, 160},  {FaultKind::DeadlineRacesCapture, 500},
    {FaultKind::StockRace, 100},            {FaultKind::CouponRace, 250},          {FaultKind::RefundRacesRefund, 120},
    {FaultKind::RefundRacesSettlement, 120}, {FaultKind::RefundPending, 300},      {FaultKind::RefundFailed, 400},
}};

/// SplitMix64: every number follows from its place alone.
quint64 mix(quint64 value)
{
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

quint64 numberAt(quint64 seed, quint64 sequence, quint64 place)
{
    return mix(mix(mix(seed) ^ sequence) ^ place);
}

constexpr quint64 faultSequences = 1000;
constexpr quint64 activitySequence = 999;
/// In every seed a third of the kinds of faults is left out: what hides behind another fault is seen in the seeds without that one.
constexpr quint64 restingOf = 3;

} // namespace

QString FaultAt::toText() const
{
    return QStringLiteral("%1#%2").arg(toString(kind)).arg(ordinal);
}

Result<FaultAt> FaultAt::parse(QStringView text)
{
    const qsizetype mark = text.indexOf(u'#');
    bool isNumber = false;
    const int ordinal = text.mid(mark + 1).toInt(&isNumber);
    if (mark < 0 || !isNumber || ordinal < 1) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("'%1' is not a fault: kind#number is expected").arg(text.left(60)));
    }
    CF_ASSIGN(const FaultKind kind, parseEnum<FaultKind>(text.left(mark)));
    return FaultAt{kind, ordinal};
}

FaultPlan::FaultPlan(quint64 seed, std::optional<FaultSet> only)
    : m_seed(seed), m_only(std::move(only)), m_opportunities(faultKindCount), m_perMille(faultKindCount), m_draws(static_cast<std::size_t>(Stream::Outcome) + 1)
{
    for (const auto& [kind, chance] : perMille) {
        const auto index = static_cast<std::size_t>(kind);
        const bool isCrew = kind == FaultKind::TwoWorkers || kind == FaultKind::ThreeWorkers;
        const bool rests = !isCrew && numberAt(seed, activitySequence, index) % restingOf == 0;
        m_perMille[index] = rests ? 0 : chance;
    }
}

bool FaultPlan::fires(FaultKind kind)
{
    const auto index = static_cast<std::size_t>(kind);
    const FaultAt place{kind, ++m_opportunities[index]};
    if (m_healed || (m_only && !m_only->contains(place))) {
        return false;
    }
    const quint64 number = numberAt(m_seed, faultSequences + index, static_cast<quint64>(place.ordinal));
    if (static_cast<int>(number % 1000) >= m_perMille[index]) {
        return false;
    }
    m_fired.insert(place);
    return true;
}

qint64 FaultPlan::draw(Stream stream, qint64 bound)
{
    require(bound > 0, "a choice has at least one outcome");
    const auto index = static_cast<std::size_t>(stream);
    return static_cast<qint64>(numberAt(m_seed, index, ++m_draws[index]) % static_cast<quint64>(bound));
}

} // namespace counterfoil
