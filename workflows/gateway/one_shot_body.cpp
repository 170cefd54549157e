// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/one_shot_body.h"

#include <algorithm>
#include <cstring>

namespace counterfoil {

OneShotBody::OneShotBody(QByteArray bytes) : m_bytes(std::move(bytes))
{
    // Unbuffered, so that bytesTaken counts what the network took, not what a buffer fetched ahead.
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OneShotBody::readData(char* data, qint64 maxSize)
{
    const qint64 count = std::min<qint64>(maxSize, m_bytes.size() - m_taken);
    if (count <= 0) {
        return m_taken == m_bytes.size() && maxSize > 0 ? -1 : 0;
    }
    std::memcpy(data, m_bytes.constData() + m_taken, static_cast<std::size_t>(count));
    m_taken += count;
    return count;
}

} // namespace counterfoil
