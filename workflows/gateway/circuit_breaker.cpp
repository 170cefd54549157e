// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/circuit_breaker.h"

#include <algorithm>
#include <limits>

namespace counterfoil {

CircuitBreaker::CircuitBreaker(CircuitBreakerOptions options, const Clock& clock) : m_options(options), m_clock(clock)
{
    require(options.failuresToOpen > 0 && options.trialsMax > 0, "a circuit breaker needs positive limits");
}

CircuitBreaker::State CircuitBreaker::state() const
{
    const std::scoped_lock lock(m_mutex);
    return stateNow();
}

CircuitBreaker::State CircuitBreaker::stateNow() const
{
    return m_state == State::Open && pauseLeftNow() == Duration() ? State::HalfOpen : m_state;
}

int CircuitBreaker::freePermits() const
{
    const std::scoped_lock lock(m_mutex);
    switch (stateNow()) {
    case State::Closed:
        return std::numeric_limits<int>::max();
    case State::Open:
        return 0;
    case State::HalfOpen:
        // Right after the pause nothing has been tried yet.
        return m_state == State::HalfOpen ? std::max(0, m_trialsAtOnce - m_trialsUnderWay - m_trialsSucceeded) : 1;
    }
    assertionFailed("a circuit in no state");
}

Duration CircuitBreaker::pauseLeft() const
{
    const std::scoped_lock lock(m_mutex);
    return pauseLeftNow();
}

Duration CircuitBreaker::pauseLeftNow() const
{
    if (m_state != State::Open) {
        return {};
    }
    // A clock that was set back must not keep the circuit open for longer than one pause.
    const Duration passed = std::max(Duration(), m_clock.now() - m_openedAt);
    return Duration(std::max<qint64>(0, m_pause.micros() - passed.micros()));
}

std::optional<CircuitBreaker::Permit> CircuitBreaker::tryAcquire()
{
    const std::scoped_lock lock(m_mutex);
    if (m_state == State::Open) {
        if (m_clock.now() < m_openedAt) {
            m_openedAt = m_clock.now();
        }
        if (pauseLeftNow() > Duration()) {
            return std::nullopt;
        }
        m_state = State::HalfOpen;
        m_trialsAtOnce = 1;
        m_trialsUnderWay = 0;
        m_trialsSucceeded = 0;
    }
    if (m_state == State::HalfOpen) {
        if (m_trialsUnderWay + m_trialsSucceeded >= m_trialsAtOnce) {
            return std::nullopt;
        }
        ++m_trialsUnderWay;
    }
    return Permit(m_generation);
}

void CircuitBreaker::report(Permit permit, Verdict verdict)
{
    const std::scoped_lock lock(m_mutex);
    if (permit.m_generation != m_generation || m_state == State::Open) {
        return;
    }
    if (m_state == State::HalfOpen) {
        --m_trialsUnderWay;
        if (verdict == Verdict::Failure) {
            m_pause = std::min(m_options.pauseMax, Duration(m_pause.micros() * 2));
            open();
        } else if (verdict == Verdict::Success && ++m_trialsSucceeded >= m_trialsAtOnce) {
            m_trialsSucceeded = 0;
            if (m_trialsAtOnce >= m_options.trialsMax) {
                m_state = State::Closed;
                m_failuresInRow = 0;
                ++m_generation;
            }
            m_trialsAtOnce = m_options.trialsMax;
        }
        return;
    }
    if (verdict == Verdict::Success) {
        m_failuresInRow = 0;
    } else if (verdict == Verdict::Failure && ++m_failuresInRow >= m_options.failuresToOpen) {
        m_pause = m_options.pauseFirst;
        open();
    }
}

void CircuitBreaker::open()
{
    m_state = State::Open;
    m_openedAt = m_clock.now();
    m_failuresInRow = 0;
    ++m_generation;
}

} // namespace counterfoil
