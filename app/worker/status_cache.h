// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/api_port.h"
#include "models/base/clock.h"

#include <QMutex>

namespace counterfoil {

/// The database's own figures for /metrics: read at most once in two seconds and once at a time, however many ask. From any thread;
/// kept by a shared_ptr.
class StatusCache : public std::enable_shared_from_this<StatusCache> {
public:
    using Done = std::function<void(const std::optional<SystemStatus>&)>;

    StatusCache(ApiPort& port, const Clock& clock) : m_port(port), m_clock(clock) {}

    /// Gives none if the database can't be read.
    void read(Done done);

private:
    void finish(Result<SystemStatus> status);

    ApiPort& m_port;
    const Clock& m_clock;
    QMutex m_mutex;
    std::optional<SystemStatus> m_status;
    UtcTime m_readAt;
    std::vector<Done> m_waiting;
};

} // namespace counterfoil
