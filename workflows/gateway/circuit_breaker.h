// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <mutex>
#include <optional>

namespace counterfoil {

struct CircuitBreakerOptions {
    /// This many failures in a row open the circuit.
    int failuresToOpen = 10;
    /// How long nothing is sent after opening; doubles each time a trial fails, up to pauseMax.
    Duration pauseFirst = Duration::seconds(5);
    Duration pauseMax = Duration::minutes(2);
    /// Trials at once after the first single trial succeeded. When they all succeeded everything is let through.
    int trialsMax = 4;
};

/// Keeps a gateway that is down from being called, and lets the calls back in at a bounded pace: one, then a few, then all
/// (30-gateway). Holds no timer and does no I/O; time comes from the clock. Any thread.
class CircuitBreaker {
public:
    enum class State { Closed, Open, HalfOpen };
    /// Success: the gateway answered, whatever it said. Failure: transport failure or 5xx. Neutral: says nothing about its health.
    enum class Verdict { Success, Failure, Neutral };

    /// The right to send one request. Each is given back with report() exactly once.
    class Permit {
        friend class CircuitBreaker;
        explicit Permit(int generation) : m_generation(generation) {}
        int m_generation;
    };

    CircuitBreaker(CircuitBreakerOptions options, const Clock& clock);

    /// None while open, or while the trials of the half-open state are under way.
    std::optional<Permit> tryAcquire();
    /// A permit given out before the circuit last opened changes nothing: its request tells of the time before.
    void report(Permit permit, Verdict verdict);

    /// Half-open as soon as the pause is over.
    State state() const;
    /// How many permits could be had now; as good as endless while closed.
    int freePermits() const;
    /// What is left of the pause; zero unless open.
    Duration pauseLeft() const;

private:
    // With m_mutex held.
    State stateNow() const;
    Duration pauseLeftNow() const;
    void open();

    const CircuitBreakerOptions m_options;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    State m_state = State::Closed;
    int m_generation = 0;
    int m_failuresInRow = 0;
    UtcTime m_openedAt;
    Duration m_pause;
    int m_trialsAtOnce = 1;
    int m_trialsUnderWay = 0;
    int m_trialsSucceeded = 0;
};

} // namespace counterfoil
