// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"

#include <mutex>

namespace counterfoil {

/// Where every id comes from: 41 bits of milliseconds since 2020-01-01 UTC, 10 of node, 12 of sequence (10-domain).
/// Strictly increasing per source, also when the clock is set back or more than 4,096 ids are asked in a millisecond.
/// Thread-safe. Two sources that run at once need different nodes.
class IdSource {
public:
    IdSource(const Clock& clock, int node);

    template<class IdType>
    IdType next()
    {
        return IdType(nextValue());
    }

    qint64 nextValue();

    /// The moment that an id was made, to the millisecond.
    static UtcTime timeOf(qint64 id);
    /// No id that was made at this moment or later is smaller; 0 for a moment before ids begin.
    static qint64 leastAt(UtcTime moment);

private:
    const Clock& m_clock;
    const qint64 m_node;
    std::mutex m_mutex;
    qint64 m_millis = 0;
    qint64 m_sequence = 0;
};

} // namespace counterfoil
