// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <compare>

namespace counterfoil {

/// A span of time in microseconds.
class Duration {
public:
    constexpr Duration() = default;
    explicit constexpr Duration(qint64 micros) : m_micros(micros) {}
    static constexpr Duration milliseconds(qint64 n) { return Duration(n * 1000); }
    static constexpr Duration seconds(qint64 n) { return Duration(n * 1'000'000); }
    static constexpr Duration minutes(qint64 n) { return seconds(n * 60); }
    static constexpr Duration hours(qint64 n) { return minutes(n * 60); }
    static constexpr Duration days(qint64 n) { return hours(n * 24); }

    constexpr qint64 micros() const { return m_micros; }
    constexpr qint64 milliseconds() const { return m_micros / 1000; }

    friend constexpr auto operator<=>(const Duration&, const Duration&) = default;

private:
    qint64 m_micros = 0;
};

/// A moment: microseconds since 1970-01-01 UTC. 0 means none.
class UtcTime {
public:
    constexpr UtcTime() = default;
    explicit constexpr UtcTime(qint64 micros) : m_micros(micros) {}

    constexpr qint64 micros() const { return m_micros; }
    constexpr qint64 seconds() const { return m_micros / 1'000'000; }
    constexpr bool isNone() const { return m_micros == 0; }

    /// ISO 8601 with milliseconds and Z; empty for none.
    QString toIso() const;
    /// Reads `2024-05-01`, `2024-05-01T10:00:00Z`, with or without fraction, with any UTC offset. A time without an
    /// offset is refused, a date alone is its midnight in UTC. Errors: MalformedInput.
    static Result<UtcTime> fromIso(QStringView text);

    friend constexpr auto operator<=>(const UtcTime&, const UtcTime&) = default;
    friend constexpr UtcTime operator+(UtcTime t, Duration d) { return UtcTime(t.m_micros + d.micros()); }
    friend constexpr UtcTime operator-(UtcTime t, Duration d) { return UtcTime(t.m_micros - d.micros()); }
    friend constexpr Duration operator-(UtcTime a, UtcTime b) { return Duration(a.m_micros - b.m_micros); }

private:
    qint64 m_micros = 0;
};

/// Where every moment in the program comes from, so that tests and the simulation own time.
class Clock {
public:
    virtual ~Clock() = default;
    virtual UtcTime now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    UtcTime now() const override;
};

/// A clock that stands still until it is moved. For tests and simulation.
class ManualClock final : public Clock {
public:
    explicit ManualClock(UtcTime start) : m_now(start) {}
    UtcTime now() const override { return m_now; }
    void advance(Duration by) { m_now = m_now + by; }
    void set(UtcTime to) { m_now = to; }

private:
    UtcTime m_now;
};

} // namespace counterfoil
