// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/menu_button.h"

namespace counterfoil {

MenuButton::MenuButton(QWidget* parent) : QToolButton(parent)
{
    setFocusPolicy(Qt::TabFocus);
    connect(this, &QToolButton::clicked, this, &QToolButton::showMenu);
}

} // namespace counterfoil
