// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/choice_menu.h"

#include "models/tables/format.h"

#include <QAction>
#include <QMenu>

namespace counterfoil {

ChoiceMenu::ChoiceMenu(FilterBar* bar, const QString& key, const QString& title, Icon icon)
    : QObject(bar), m_key(key + QLatin1Char(':')), m_menu(bar->addMenu(title, icon))
{
    connect(bar, &FilterBar::chipRemoved, this, &ChoiceMenu::removeChip);
}

void ChoiceMenu::add(const QString& name)
{
    QAction* action = m_menu->addAction(stateLabel(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
    action->setCheckable(true);
    action->setData(name);
    connect(action, &QAction::toggled, this, &ChoiceMenu::changed);
}

QStringList ChoiceMenu::chosen() const
{
    QStringList names;
    for (const QAction* action : m_menu->actions()) {
        if (action->isChecked()) {
            names << action->data().toString();
        }
    }
    return names;
}

void ChoiceMenu::setChosen(const QStringList& names)
{
    for (QAction* action : m_menu->actions()) {
        const QSignalBlocker quiet(action);
        action->setChecked(names.contains(action->data().toString()));
    }
}

QList<FilterChip> ChoiceMenu::chips() const
{
    QList<FilterChip> chips;
    for (const QString& name : chosen()) {
        chips.append({m_key + name, stateLabel(name)});
    }
    return chips;
}

void ChoiceMenu::removeChip(const QString& chip)
{
    for (QAction* action : m_menu->actions()) {
        if (m_key + action->data().toString() == chip) {
            action->setChecked(false);
        }
    }
}

} // namespace counterfoil
