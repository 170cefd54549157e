// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/person_button.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "views/desk/desk.h"
#include "views/desk/sign_in_dialog.h"
#include "views/widgets/labels.h"

#include <QMenu>

namespace counterfoil {

PersonButton::PersonButton(const Theme& theme, Desk& desk, QWidget* parent) : MenuButton(parent), m_theme(theme), m_desk(desk)
{
    setIcon(theme.icon(Icon::User));
    setIconSize({16, 16});
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* menu = new QMenu(this);
    setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &PersonButton::fillMenu);
    connect(&desk, &Desk::personChanged, this, &PersonButton::showPerson);
    showPerson();
}

void PersonButton::showPerson()
{
    const Person& person = m_desk.person();
    const QString role = stateLabel(toString(person.role));
    const bool isPlay = m_desk.hasPerson() && person.passwordHash.isEmpty();
    // A name may hold what a menu takes for a shortcut.
    const QString shown = visibleText(person.name, 40);
    const QString name = QString(shown).replace(u'&', QStringLiteral("&&"));
    setText(!m_desk.hasPerson() ? tr("Sign in") : isPlay ? tr("Demonstration: %1").arg(role) : QStringLiteral("%1 · %2").arg(name, role));
    setAccessibleName(m_desk.hasPerson() ? tr("Working as %1, %2").arg(shown, role) : tr("Nobody is signed in"));
    setToolTip(plainToolTip(isPlay ? tr("In a demonstration anybody may take any role. Working as %1.").arg(person.login) : person.login));
}

void PersonButton::fillMenu()
{
    menu()->clear();
    if (m_desk.isSignedInByDatabase()) {
        menu()->addAction(tr("Signed in by the database"))->setEnabled(false);
        return;
    }
    for (const Person& person : m_desk.demonstrationPeople()) {
        QAction* action = menu()->addAction(tr("Work as %1").arg(stateLabel(toString(person.role)).toLower()), this, [this, person] { m_desk.workAs(person); });
        action->setCheckable(true);
        action->setChecked(person.login == m_desk.person().login);
    }
    if (!m_desk.demonstrationPeople().empty()) {
        menu()->addSeparator();
    }
    menu()->addAction(m_desk.hasAccounts() ? tr("Sign in…") : tr("Make the first administrator…"), this, [this] { SignInDialog(m_theme, m_desk, window()).exec(); });
    if (m_desk.hasPerson()) {
        menu()->addAction(tr("Sign out"), &m_desk, &Desk::signOut);
    }
}

} // namespace counterfoil
