// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_message.h"
#include "app/worker/api_port.h"
#include "models/base/clock.h"

#include <QMutex>

#include <atomic>

namespace counterfoil {

/// `POST /v1/callbacks/stripe` (30-gateway, Callbacks): verified over the raw bytes, stored, acknowledged; applied later. From any thread.
class ApiCallbacks {
public:
    ApiCallbacks(ApiPort& port, const Clock& clock, std::vector<QByteArray> secrets)
        : m_port(port), m_clock(clock), m_secrets(std::move(secrets)) {}

    void handle(const HttpRequest& request, const HttpRespond& respond);

    /// Refusals that were counted here only. Anybody can send what gets refused, so at most 100 a minute are handed to the port.
    qint64 refusalsUnrecorded() const { return m_unrecorded; }

private:
    void refuse(const Error& error, const HttpRequest& request, const HttpRespond& respond);
    bool mayRecord();

    ApiPort& m_port;
    const Clock& m_clock;
    const std::vector<QByteArray> m_secrets;
    std::atomic<qint64> m_unrecorded = 0;
    QMutex m_mutex;
    UtcTime m_minute;
    int m_recorded = 0;
};

} // namespace counterfoil
