// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/command_registry.h"

#include "models/base/error.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>

namespace counterfoil {

CommandRegistry::CommandRegistry(const Theme& theme, QObject* parent) : QObject(parent), m_theme(theme) {}

QAction* CommandRegistry::add(const Command& command, std::function<void()> run)
{
    require(action(command.id) == nullptr, "a command id is used twice");
    auto* made = new QAction(command.title, this);
    made->setObjectName(command.id);
    made->setCheckable(command.checkable);
    made->setShortcuts(command.shortcuts);
    if (command.icon) {
        made->setIcon(m_theme.icon(*command.icon));
    }
    connect(made, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_entries.append({command, made});
    return made;
}

QAction* CommandRegistry::action(const QString& id) const
{
    for (const Entry& entry : m_entries) {
        if (entry.command.id == id) {
            return entry.action;
        }
    }
    return nullptr;
}

QList<CommandRegistry::Entry> CommandRegistry::available() const
{
    QList<Entry> entries;
    for (const Entry& entry : m_entries) {
        if (entry.action->isEnabled()) {
            entries << entry;
        }
    }
    return entries;
}

void CommandRegistry::buildMenus(QMenuBar* bar) const
{
    const std::initializer_list<std::pair<CommandMenu, QString>> menus{
        {CommandMenu::File, tr("&File")}, {CommandMenu::Go, tr("&Go")}, {CommandMenu::View, tr("&View")}, {CommandMenu::Help, tr("&Help")}};
    for (const auto& [which, title] : menus) {
        QMenu* menu = bar->addMenu(title);
        for (const Entry& entry : m_entries) {
            if (entry.command.menu != which) {
                continue;
            }
            if (entry.command.group && !menu->isEmpty()) {
                menu->addSeparator();
            }
            menu->addAction(entry.action);
        }
    }
    for (const Entry& entry : m_entries) {
        if (entry.command.menu == CommandMenu::None) {
            bar->window()->addAction(entry.action);
        }
    }
}

} // namespace counterfoil
