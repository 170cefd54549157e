// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/filter_bar.h"
#include "views/widgets/filter_dialogs.h"
#include "views/widgets/page.h"

namespace counterfoil {

/// How a filter by days is called: its button, its dialog, and its chip on one day (`%1`) and between two (`%1`, `%2`).
struct DayRangeWords {
    QString button;
    FilterDialogWords dialog;
    QString onDay;
    QString between;
};

/// A filter's menu of days, from the midnights of this machine's time zone: today, some last days, or between any two.
class DayRangeMenu : public QObject {
    Q_OBJECT
public:
    DayRangeMenu(const PageContext& context, FilterBar* bar, const DayRangeWords& words);

    /// What is filtered by now: at or after, and before; none doesn't restrict. Says nothing to anybody.
    void setRange(UtcTime from, UtcTime to);
    /// One chip with the key `date`, or none.
    QList<FilterChip> chips() const;

Q_SIGNALS:
    void rangeChosen(counterfoil::UtcTime from, counterfoil::UtcTime to);

private:
    void choose(const QDate& first, const QDate& last);
    void ask();

    const PageContext m_context;
    FilterBar* m_bar;
    const DayRangeWords m_words;
    UtcTime m_from;
    UtcTime m_to;
};

} // namespace counterfoil
