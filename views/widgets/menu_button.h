// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace counterfoil {

/// A tool button that opens its menu, by mouse, key and a screen reader's action. QToolButton::InstantPopup leaves the last one without effect.
class MenuButton : public QToolButton {
    Q_OBJECT
public:
    explicit MenuButton(QWidget* parent = nullptr);
};

} // namespace counterfoil
