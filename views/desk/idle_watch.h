// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QObject>
#include <QTimer>

namespace counterfoil {

/// Notices when nobody has touched keyboard or mouse in this program for a while.
class IdleWatch : public QObject {
    Q_OBJECT
public:
    explicit IdleWatch(QObject* parent = nullptr);

    /// 15 minutes from the beginning (50-operators, "Roles").
    void setLimit(Duration limit);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// Again after each further while.
    void idle();

private:
    QTimer m_timer;
};

} // namespace counterfoil
