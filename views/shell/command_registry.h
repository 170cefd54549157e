// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QKeySequence>
#include <QObject>

#include <functional>
#include <optional>

class QAction;
class QMenuBar;

namespace counterfoil {

/// Which menu a command stands in, in the order of the menu bar.
enum class CommandMenu { File, Go, View, Help, None };

struct Command {
    /// Stable: `go.orders`.
    QString id;
    QString title;
    CommandMenu menu = CommandMenu::None;
    std::optional<Icon> icon;
    QList<QKeySequence> shortcuts;
    bool checkable = false;
    /// A separator stands in front of it.
    bool group = false;
};

/// Every command of the console, once: menus, shortcuts and the palette come from here.
class CommandRegistry : public QObject {
    Q_OBJECT
public:
    explicit CommandRegistry(const Theme& theme, QObject* parent = nullptr);

    /// The id must be new. The action belongs to the registry.
    QAction* add(const Command& command, std::function<void()> run);
    /// Null for an id that isn't there.
    QAction* action(const QString& id) const;
    struct Entry {
        Command command;
        QAction* action;
    };
    /// In the order they were added, those that can be run now.
    QList<Entry> available() const;

    /// Fills an empty menu bar and makes the shortcuts work in its window.
    void buildMenus(QMenuBar* bar) const;

private:
    const Theme& m_theme;
    QList<Entry> m_entries;
};

} // namespace counterfoil
