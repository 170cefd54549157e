// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulation/fault_plan.h"
#include "models/base/clock.h"

#include <functional>
#include <map>

namespace counterfoil {

/// What all parts of a run share: time, what comes next, what goes wrong, and a record of what happened.
class SimulatedWorld {
public:
    SimulatedWorld(quint64 seed, std::optional<FaultSet> only);

    ManualClock clock;
    FaultPlan faults;

    UtcTime now() const { return clock.now(); }
    /// Events of one moment happen in the order in which they were asked for.
    void at(UtcTime time, std::function<void()> event);
    void after(Duration delay, std::function<void()> event) { at(now() + delay, std::move(event)); }
    /// None if nothing is to come.
    UtcTime nextEvent() const;
    /// Moves the clock to the next event, unless it is there already, and lets it happen.
    void runNext();

    /// Every line goes into the hash; with a sink it is handed on as well.
    void note(const QString& line);
    void setSink(std::function<void(const QString&)> sink) { m_sink = std::move(sink); }
    quint64 traceHash() const { return m_hash; }

private:
    std::multimap<UtcTime, std::function<void()>> m_events;
    quint64 m_hash;
    std::function<void(const QString&)> m_sink;
};

/// A machine's clock that isn't quite right.
class SkewedClock final : public Clock {
public:
    explicit SkewedClock(const Clock& truth) : m_truth(truth) {}
    UtcTime now() const override { return m_truth.now() + m_skew; }
    void setSkew(Duration skew) { m_skew = skew; }

private:
    const Clock& m_truth;
    Duration m_skew;
};

} // namespace counterfoil
