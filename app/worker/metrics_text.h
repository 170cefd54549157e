// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_limits.h"
#include "app/worker/worker_host.h"
#include "models/store/reads/status_reads.h"

#include <optional>

namespace counterfoil {

struct MetricsInput {
    WorkerStatistics worker;
    HttpStatistics http;
    /// None while the database can't be read: its families are left out then, rather than shown as zero.
    std::optional<SystemStatus> status;
    /// Refused callbacks that were counted without being recorded.
    qint64 refusalsUnrecorded = 0;
};

inline constexpr const char* metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/// Prometheus' text exposition format, 0.0.4.
QByteArray metricsText(const MetricsInput& input);

} // namespace counterfoil
