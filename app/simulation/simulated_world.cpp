// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulated_world.h"

namespace counterfoil {

namespace {

/// 2026-03-02T09:00:00Z, a Monday morning.
constexpr UtcTime beginning{1'772'442'000'000'000};

// FNV-1a
constexpr quint64 hashStart = 0xCBF29CE484222325ULL;
constexpr quint64 hashPrime = 0x100000001B3ULL;

} // namespace

SimulatedWorld::SimulatedWorld(quint64 seed, std::optional<FaultSet> only) : clock(beginning), faults(seed, std::move(only)), m_hash(hashStart) {}

void SimulatedWorld::at(UtcTime time, std::function<void()> event)
{
    m_events.emplace(std::max(time, now()), std::move(event));
}

UtcTime SimulatedWorld::nextEvent() const
{
    return m_events.empty() ? UtcTime() : m_events.begin()->first;
}

void SimulatedWorld::runNext()
{
    require(!m_events.empty(), "there is something to come");
    const auto first = m_events.begin();
    const auto event = std::move(first->second);
    clock.set(std::max(now(), first->first));
    m_events.erase(first);
    event();
}

void SimulatedWorld::note(const QString& line)
{
    const QString stamped = QStringLiteral("%1 %2").arg(now().micros()).arg(line);
    for (const QChar letter : stamped) {
        m_hash = (m_hash ^ letter.unicode()) * hashPrime;
    }
    if (m_sink) {
        m_sink(QStringLiteral("%1  %2").arg(now().toIso(), line));
    }
}

} // namespace counterfoil
