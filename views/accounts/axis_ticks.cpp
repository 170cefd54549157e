// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/axis_ticks.h"

#include "models/tables/format.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <limits>

namespace counterfoil {

namespace {

constexpr qint64 second = 1'000'000;
constexpr qint64 day = 86'400 * second;

constexpr std::array steps{second,          5 * second,      15 * second,     30 * second, 60 * second, 300 * second, 900 * second, 1'800 * second, 3'600 * second, 10'800 * second,
                           21'600 * second, 43'200 * second, day,             2 * day,     7 * day,     14 * day,     30 * day,     90 * day,       180 * day,      365 * day};

qint64 floorTo(qint64 value, qint64 step)
{
    const qint64 quotient = value / step - (value % step < 0 ? 1 : 0);
    return quotient * step;
}

QString patternOf(qint64 span, qint64 step)
{
    if (step < day) {
        return step < 60 * second ? QStringLiteral("HH:mm:ss") : span > day ? QStringLiteral("d MMM HH:mm") : QStringLiteral("HH:mm");
    }
    return span < 330 * day ? QStringLiteral("d MMM") : QStringLiteral("d MMM yyyy");
}

} // namespace

std::vector<AxisTick> moneyTicks(qint64 low, qint64 high, Currency currency, int most)
{
    require(low <= high && most > 1, "an axis has a beginning and an end");
    // More than any balance, with room for the ticks around it.
    constexpr qint64 limit = std::numeric_limits<qint64>::max() / 4;
    low = std::clamp(low, -limit, limit);
    high = std::clamp(high, low, limit);
    // 1, 2, 5, 10, 20, 50, …
    qint64 step = 1;
    for (int i = 0; (high - low) / step >= most - 1; ++i) {
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    }
    std::vector<AxisTick> ticks;
    qint64 at = floorTo(low, step);
    do {
        ticks.push_back({at, formatMoney(Money(at, currency))});
        at += step;
    } while (ticks.back().at < high || ticks.size() < 2);
    return ticks;
}

std::vector<AxisTick> timeTicks(UtcTime from, UtcTime to, int most)
{
    const qint64 span = (to - from).micros();
    const auto fits = std::ranges::find_if(steps, [&](qint64 step) { return span / step < most; });
    const qint64 step = fits == steps.end() ? (span / most / day + 1) * day : *fits;
    const QString pattern = patternOf(span, step);
    std::vector<AxisTick> ticks;
    QDateTime at = QDateTime::fromMSecsSinceEpoch(from.micros() / 1000).date().startOfDay();
    const qint64 stepDays = step / day;
    if (stepDays == 0) {
        at = at.addSecs((from.micros() / 1000 - at.toMSecsSinceEpoch()) / (step / 1000) * (step / second));
    }
    // In days from midnight to midnight, which summer time moves.
    while (at.toMSecsSinceEpoch() * 1000 <= to.micros()) {
        if (at.toMSecsSinceEpoch() * 1000 >= from.micros()) {
            ticks.push_back({at.toMSecsSinceEpoch() * 1000, QLocale().toString(at, pattern)});
        }
        at = stepDays > 0 ? at.date().addDays(stepDays).startOfDay() : at.addSecs(step / second);
    }
    return ticks;
}

} // namespace counterfoil
