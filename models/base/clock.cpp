// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/clock.h"

#include <QDateTime>

#include <chrono>

namespace counterfoil {

QString UtcTime::toIso() const
{
    return isNone() ? QString() : QDateTime::fromMSecsSinceEpoch(m_micros / 1000, Qt::UTC).toString(Qt::ISODateWithMs);
}

Result<UtcTime> UtcTime::fromIso(QStringView text)
{
    const QString copy = text.left(64).toString();
    if (copy.size() == 10 && copy[4] == u'-' && copy[7] == u'-') { // QDate takes any separator
        const QDate date = QDate::fromString(copy, Qt::ISODate);
        if (date.isValid()) {
            return UtcTime(QDateTime(date, QTime(0, 0), Qt::UTC).toMSecsSinceEpoch() * 1000);
        }
    } else {
        const QDateTime time = QDateTime::fromString(copy, Qt::ISODateWithMs);
        if (time.isValid() && time.timeSpec() != Qt::LocalTime) {
            return UtcTime(time.toMSecsSinceEpoch() * 1000);
        }
    }
    return fail(ErrorCode::MalformedInput, QStringLiteral("'%1' is not an ISO 8601 date, nor a time with an offset").arg(copy));
}

UtcTime SystemClock::now() const
{
    using namespace std::chrono;
    return UtcTime(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

} // namespace counterfoil
