// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/job.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr Duration baseDelay = Duration::seconds(1);
constexpr Duration capDelay = Duration::minutes(5);
constexpr int attemptsBeforeCase = 8;

} // namespace

ErrorClass classify(ErrorCode code)
{
    switch (code) {
    case ErrorCode::DatabaseBusy:
    case ErrorCode::SerializationFailure:
    case ErrorCode::DatabaseUnavailable:
    case ErrorCode::DatabaseFull:
    case ErrorCode::VersionConflict:
    case ErrorCode::LeaseLost:
    case ErrorCode::GatewayNotSent:
    case ErrorCode::InProgress:
        return ErrorClass::Transient;
    case ErrorCode::GatewayUnknown:
        return ErrorClass::Unknown;
    case ErrorCode::Integrity:
    case ErrorCode::DatabaseCorrupt:
    case ErrorCode::ConstraintViolated:
        return ErrorClass::Integrity;
    default:
        return ErrorClass::Permanent;
    }
}

Duration backoff(int attempt, quint32 random)
{
    const qint64 ceiling = std::min(capDelay.micros(), baseDelay.micros() << std::clamp(attempt, 0, 20));
    return Duration(static_cast<qint64>((static_cast<quint64>(ceiling) * random) >> 32));
}

bool hasEscalated(const Job& job, UtcTime now, Duration after)
{
    return job.attempt >= attemptsBeforeCase || (!job.firstFailedAt.isNone() && now - job.firstFailedAt >= after);
}

} // namespace counterfoil
