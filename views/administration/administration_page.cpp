// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/administration/administration_page.h"

#include "models/tables/format.h"
#include "models/tables/people_table.h"
#include "views/administration/person_dialog.h"
#include "views/desk/desk.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/labels.h"
#include "workflows/operators/people.h"

#include <QBoxLayout>
#include <QMenu>
#include <QPushButton>

namespace counterfoil {

AdministrationPage::AdministrationPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_peopleModel(new PeopleTable(this)),
      m_rightsModel(new RightsTable(this)),
      m_people(new DataTable(context.theme, tr("People"), this)),
      m_rights(new DataTable(context.theme, tr("Who may do what"), this)),
      m_peopleCard(new SectionCard(context.theme, tr("Who works here"), this)),
      m_problem(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Danger, this)),
      m_add(new QPushButton(tr("Add somebody…"), this)),
      m_role(new QPushButton(tr("Role"), this)),
      m_password(new QPushButton(tr("New password…"), this)),
      m_disable(new QPushButton(tr("Keep out"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->addWidget(new PlainLabel(context.theme, tr("People"), TextRole::Title, Ink::Text, this), 1);
    heading->addWidget(m_add);
    layout->addLayout(heading);
    m_problem->setWrapping(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    m_peopleCard->setFlush();
    m_peopleCard->body()->addWidget(m_people);
    m_peopleCard->addToHeading(buildActions());
    layout->addWidget(m_peopleCard, 1);
    auto* rights = new SectionCard(context.theme, tr("Who may do what"), this);
    rights->setFlush();
    rights->body()->addWidget(m_rights);
    layout->addWidget(rights, 1);
    // Login, Name, Role, State, Since
    m_people->setColumns(m_peopleModel, {200, 0, 150, 170, 160});
    m_people->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rights->setColumns(m_rightsModel, {0, 150, 150, 150, 150, 150});
    connect(m_people->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AdministrationPage::showButtons);
    if (context.desk) {
        connect(context.desk, &Desk::personChanged, this, &AdministrationPage::showButtons);
    }
    showButtons();
}

QWidget* AdministrationPage::buildActions()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::s);
    auto* roles = new QMenu(m_role);
    for (const auto& [role, name] : EnumNames<Role>::names) {
        roles->addAction(stateLabel(QString::fromLatin1(name)), this, [this, role = role] { setRole(role); });
    }
    m_role->setMenu(roles);
    for (QPushButton* button : {m_role, m_password, m_disable}) {
        row->addWidget(button);
    }
    for (QPushButton* button : {m_add, m_role, m_password, m_disable}) {
        button->setAutoDefault(false);
        button->setAccessibleName(button->text());
    }
    connect(m_add, &QPushButton::clicked, this, [this] {
        auto* dialog = new PersonDialog(theme(), *context().desk, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, &AdministrationPage::refresh);
        dialog->open();
    });
    connect(m_password, &QPushButton::clicked, this, [this] {
        auto* dialog = new PersonDialog(theme(), *context().desk, *chosen(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_disable, &QPushButton::clicked, this, &AdministrationPage::setDisabled);
    return bar;
}

void AdministrationPage::refresh()
{
    if (!context().desk) {
        return;
    }
    ++m_reading;
    context().desk->readPeople(this, [this](const Result<Desk::Staff>& staff) {
        --m_reading;
        m_loaded = true;
        if (staff) {
            m_peopleModel->setRows(staff->people);
            m_rightsModel->setRows(rightsByKind(staff->permissions));
            m_peopleCard->setNote(formatCount(static_cast<qint64>(staff->people.size())));
            if (!m_people->currentIndex().isValid() && m_peopleModel->rowCount() > 0) {
                m_people->selectRow(0);
            }
        } else {
            take(passOn(staff));
        }
        showButtons();
    });
}

const Person* AdministrationPage::chosen() const
{
    const QModelIndex index = m_people->currentIndex();
    return index.isValid() ? &m_peopleModel->rowValue(index.row()) : nullptr;
}

QString AdministrationPage::whyNot() const
{
    if (!context().desk || !context().desk->hasPerson()) {
        return tr("Nobody is signed in.");
    }
    return context().desk->person().role == Role::Administrator ? QString() : tr("Only an administrator may change who works here.");
}

void AdministrationPage::showButtons()
{
    const QString why = whyNot();
    const Person* const person = chosen();
    const bool hasPassword = person && !person->passwordHash.isEmpty();
    const QString ofNobody = person ? QString() : tr("Choose somebody first.");
    const auto offer = [](QPushButton* button, const QString& reason) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? QString() : plainToolTip(reason));
        button->setAccessibleDescription(reason);
    };
    offer(m_add, why);
    offer(m_role, why.isEmpty() ? ofNobody : why);
    offer(m_password, !why.isEmpty() ? why : person && !hasPassword ? tr("In a demonstration nobody has a password.") : ofNobody);
    offer(m_disable, why.isEmpty() ? ofNobody : why);
    m_disable->setText(person && person->isDisabled() ? tr("Let in again") : tr("Keep out"));
    m_disable->setAccessibleName(m_disable->text());
}

void AdministrationPage::setRole(Role role)
{
    context().desk->administer([login = chosen()->login, role](People& people, const QString& actor) { return people.setRole(actor, login, role); }, this,
                               [this](const Result<void>& outcome) { take(outcome); });
}

void AdministrationPage::setDisabled()
{
    const bool disable = !chosen()->isDisabled();
    context().desk->administer([login = chosen()->login, disable](People& people, const QString& actor) { return people.setDisabled(actor, login, disable); }, this,
                               [this](const Result<void>& outcome) { take(outcome); });
}

void AdministrationPage::take(const Result<void>& outcome)
{
    m_problem->setVisible(!outcome);
    if (outcome) {
        refresh();
    } else {
        m_problem->setPlain(tr("Nothing was changed: %1.").arg(outcome.error().detail));
    }
}

QWidget* AdministrationPage::firstFocus()
{
    return m_people;
}

} // namespace counterfoil
