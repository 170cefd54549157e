// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/administration/person_dialog.h"

#include "models/tables/format.h"
#include "views/desk/desk.h"
#include "views/widgets/labels.h"
#include "workflows/operators/people.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace counterfoil {

PersonDialog::PersonDialog(const Theme& theme, Desk& desk, QWidget* parent) : PersonDialog(theme, desk, Person(), parent) {}

PersonDialog::PersonDialog(const Theme& theme, Desk& desk, const Person& person, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_known(person.login), m_name(new QLineEdit(this)), m_login(new QLineEdit(this)), m_role(new QComboBox(this)), m_password(new QLineEdit(this)),
      m_again(new QLineEdit(this)), m_problem(new PlainLabel(theme, {}, TextRole::Body, Ink::Danger, this)), m_done(new QPushButton(this))
{
    build(theme, m_known.isEmpty());
}

void PersonDialog::build(const Theme& theme, bool isNew)
{
    setWindowTitle(isNew ? tr("Add somebody") : tr("Another password for %1").arg(m_known));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(new PlainLabel(theme, windowTitle(), TextRole::Title, Ink::Text, this));
    auto* hint = new PlainLabel(theme, tr("A password has at least 10 characters. Tell it to the person, nobody else can read it."), TextRole::Body, Ink::Secondary, this);
    hint->setWrapping(true);
    layout->addWidget(hint);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::l);
    form->setVerticalSpacing(space::m);
    const auto add = [&](const QString& words, QWidget* field, bool shown) {
        field->setAccessibleName(words);
        field->setVisible(shown);
        if (shown) {
            form->addRow(new PlainLabel(theme, words, TextRole::Body, Ink::Text, this), field);
        }
    };
    for (const auto& [role, name] : EnumNames<Role>::names) {
        m_role->addItem(stateLabel(QString::fromLatin1(name)), static_cast<int>(role));
    }
    m_login->setPlaceholderText(tr("2 to 64 of a-z, 0-9, dot, dash, underscore"));
    add(tr("Name"), m_name, isNew);
    add(tr("Login"), m_login, isNew);
    add(tr("Role"), m_role, isNew);
    add(tr("Password"), m_password, true);
    add(tr("Password again"), m_again, true);
    m_password->setEchoMode(QLineEdit::Password);
    m_again->setEchoMode(QLineEdit::Password);
    layout->addLayout(form);
    m_problem->setWrapping(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    cancel->setAccessibleName(cancel->text());
    m_done->setText(isNew ? tr("Add") : tr("Change the password"));
    m_done->setAccessibleName(m_done->text());
    m_done->setProperty("primary", true);
    m_done->setDefault(true);
    row->addWidget(cancel);
    row->addWidget(m_done);
    layout->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_done, &QPushButton::clicked, this, &PersonDialog::finish);
    setMinimumWidth(440);
}

void PersonDialog::finish()
{
    if (m_password->text() != m_again->text()) {
        take(fail(ErrorCode::MalformedInput, tr("the passwords differ")));
        return;
    }
    m_done->setEnabled(false);
    const QString password = m_password->text();
    const auto then = [this](const Result<void>& outcome) { take(outcome); };
    if (!m_known.isEmpty()) {
        m_desk.administer([known = m_known, password](People& people, const QString& actor) { return people.setPassword(actor, known, password); }, this, then);
        return;
    }
    const QString login = m_login->text().trimmed();
    const QString name = m_name->text();
    const Role role = static_cast<Role>(m_role->currentData().toInt());
    m_desk.administer(
        [login, name, role, password](People& people, const QString& actor) -> Result<void> {
            CF_TRY(people.add(actor, login, name, role, password));
            return {};
        },
        this, then);
}

void PersonDialog::take(const Result<void>& outcome)
{
    m_done->setEnabled(true);
    if (outcome) {
        accept();
        return;
    }
    m_problem->setPlain(tr("Nothing was changed: %1.").arg(outcome.error().detail));
    m_problem->show();
}

} // namespace counterfoil
