// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/shell/command_registry.h"

#include <QDialog>

namespace counterfoil {

/// Every command that has a shortcut.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(const Theme& theme, const CommandRegistry& commands, QWidget* parent = nullptr);
};

/// The program, its version, its database and what it is built on.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    AboutDialog(const Theme& theme, const QString& database, QWidget* parent = nullptr);
};

} // namespace counterfoil
