// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "views/theme/theme.h"

#include <QListView>

#include <vector>

namespace counterfoil {

/// One thing that happened.
struct TimelineEntry {
    QString id;
    UtcTime at;
    QString title;
    QString detail;
    Icon icon = Icon::Flag;
    Tone tone = Tone::Neutral;
    friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};

class TimelineEntries;

/// What happened, newest first: a line of dots, each with what, when, who and why. Keyboard and Ctrl+C work as in a list.
class Timeline : public QListView {
    Q_OBJECT
public:
    Timeline(const Theme& theme, const Clock& clock, const QString& name, QWidget* parent = nullptr);
    ~Timeline() override;

    /// Keeps the selection and the scroll position.
    void setEntries(std::vector<TimelineEntry> entries);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    TimelineEntries* m_entries;
};

} // namespace counterfoil
