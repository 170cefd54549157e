// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/id_source.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qint64 epochMillis = 1'577'836'800'000; // 2020-01-01T00:00:00Z
constexpr int nodeBits = 10;
constexpr int sequenceBits = 12;

} // namespace

IdSource::IdSource(const Clock& clock, int node) : m_clock(clock), m_node(node)
{
    require(node >= 0 && node < (1 << nodeBits), "an id source's node is 0 to 1023");
}

qint64 IdSource::nextValue()
{
    const std::scoped_lock lock(m_mutex);
    const qint64 now = std::max<qint64>(m_clock.now().micros() / 1000 - epochMillis, 1);
    if (now > m_millis) {
        m_millis = now;
        m_sequence = 0;
    } else if (++m_sequence == (1 << sequenceBits)) {
        ++m_millis;
        m_sequence = 0;
    }
    return (m_millis << (nodeBits + sequenceBits)) | (m_node << sequenceBits) | m_sequence;
}

UtcTime IdSource::timeOf(qint64 id)
{
    return UtcTime(((id >> (nodeBits + sequenceBits)) + epochMillis) * 1000);
}

qint64 IdSource::leastAt(UtcTime moment)
{
    return std::max<qint64>(moment.micros() / 1000 - epochMillis, 0) << (nodeBits + sequenceBits);
}

} // namespace counterfoil
