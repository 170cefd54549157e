// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"
#include "views/widgets/menu_button.h"

namespace counterfoil {

class Desk;

/// Who works here, and a menu to change that. In a demonstration one may be anybody, and the button says so.
class PersonButton : public MenuButton {
    Q_OBJECT
public:
    PersonButton(const Theme& theme, Desk& desk, QWidget* parent = nullptr);

private:
    void showPerson();
    void fillMenu();

    const Theme& m_theme;
    Desk& m_desk;
};

} // namespace counterfoil
