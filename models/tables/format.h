// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/money.h"

#include <QCoreApplication>

namespace counterfoil {

/// The words of amounts, times and states as people read them, in the default locale (QLocale()) and the machine's time zone.
/// Thread: any.

/// Exact, grouped, with the currency's decimals and without its code: `1,234.50`, `-0.05`, `7` (JPY).
QString formatMoney(const Money& amount);
/// With the code behind it: `1,234.50 USD`.
QString formatMoneyWithCode(const Money& amount);
/// A grouped whole number.
QString formatCount(qint64 count);

/// `14:32:07 · 3 min ago` on the day of `now`, else `21 Nov 2026 14:32 · 3 d ago`; `in 5 min` for what is to come. Empty for none.
QString formatTime(UtcTime time, UtcTime now);
/// `3 min ago`, `in 5 min`, `now`. Empty for none.
QString formatDistance(UtcTime time, UtcTime now);
/// `2026-11-21 14:32:07`: for table cells, which must not change as time goes by.
QString formatDateTime(UtcTime time);
/// `2026-11-21`.
QString formatDate(UtcTime time);
/// `3 min`, `2 h`, `5 d`: the largest unit that fits.
QString formatAge(Duration age);

/// The word for a stored name of a state, status, kind or reason: `awaiting_payment` → "Awaiting payment". Unknown names are made
/// readable, never hidden.
QString stateLabel(const QString& name);

} // namespace counterfoil
