// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/status_cache.h"

#include <QMutexLocker>

namespace counterfoil {

namespace {

constexpr Duration freshFor = Duration::seconds(2);

} // namespace

void StatusCache::read(Done done)
{
    std::optional<SystemStatus> fresh;
    bool mustRead = false;
    {
        const QMutexLocker lock(&m_mutex);
        if (m_status && m_clock.now() - m_readAt < freshFor) {
            fresh = m_status;
        } else {
            mustRead = m_waiting.empty();
            m_waiting.push_back(done);
        }
    }
    if (fresh) {
        done(fresh);
    } else if (mustRead) {
        m_port.readStatus([self = shared_from_this()](Result<SystemStatus> status) { self->finish(std::move(status)); });
    }
}

void StatusCache::finish(Result<SystemStatus> status)
{
    std::vector<Done> waiting;
    std::optional<SystemStatus> answer;
    {
        const QMutexLocker lock(&m_mutex);
        m_status = status ? std::optional(std::move(*status)) : std::nullopt;
        m_readAt = m_clock.now();
        answer = m_status;
        waiting.swap(m_waiting);
    }
    for (const Done& done : waiting) {
        done(answer);
    }
}

} // namespace counterfoil
