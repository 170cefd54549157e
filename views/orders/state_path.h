// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "views/widgets/words.h"

#include <QWidget>

#include <vector>

namespace counterfoil {

/// One stop of an order's way through its workflow.
struct StateStop {
    QString state;
    /// None for a stop that is still ahead.
    UtcTime entered;
    /// How long it stayed; for the present one: up to now. Empty for stops ahead.
    QString stayed;
    bool present = false;
    friend bool operator==(const StateStop&, const StateStop&) = default;
};

/// The way an order took, as a row of stops with the time spent at each; the present one is marked, what would come next on the
/// ordinary way is drawn pale. Stops in the middle are folded when there is no room.
class StatePath : public QWidget {
    Q_OBJECT
public:
    explicit StatePath(const Theme& theme, QWidget* parent = nullptr);
    void setStops(std::vector<StateStop> stops);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<StateStop> fitting(int width) const;
    int widthOf(const StateStop& stop) const;

    const Theme& m_theme;
    std::vector<StateStop> m_stops;
};

} // namespace counterfoil
