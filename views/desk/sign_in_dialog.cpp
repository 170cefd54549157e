// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/sign_in_dialog.h"

#include "views/desk/desk.h"
#include "views/widgets/labels.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace counterfoil {

SignInDialog::SignInDialog(const Theme& theme, Desk& desk, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_isFirst(!desk.hasAccounts()), m_name(new QLineEdit(this)), m_login(new QLineEdit(this)), m_password(new QLineEdit(this)), m_again(new QLineEdit(this)),
      m_problem(new PlainLabel(theme, {}, TextRole::Body, Ink::Danger, this)), m_signIn(new QPushButton(m_isFirst ? tr("Make the administrator") : tr("Sign in"), this))
{
    setWindowTitle(m_isFirst ? tr("The first administrator") : tr("Sign in"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(new PlainLabel(theme, windowTitle(), TextRole::Title, Ink::Text, this));
    auto* hint = new PlainLabel(theme, m_isFirst ? tr("Nobody has a login in this database yet. The first one looks after the others.") : tr("Ten wrong passwords lock a login for 30 minutes."),
                                TextRole::Body, Ink::Secondary, this);
    hint->setWrapping(true);
    layout->addWidget(hint);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::l);
    form->setVerticalSpacing(space::m);
    const auto add = [&](const QString& words, QLineEdit* edit, bool shown) {
        edit->setAccessibleName(words);
        edit->setVisible(shown);
        if (shown) {
            form->addRow(new PlainLabel(theme, words, TextRole::Body, Ink::Text, this), edit);
        }
    };
    add(tr("Name"), m_name, m_isFirst);
    add(tr("Login"), m_login, true);
    add(tr("Password"), m_password, true);
    add(tr("Password again"), m_again, m_isFirst);
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
    m_signIn->setDefault(true);
    m_signIn->setProperty("primary", true);
    m_signIn->setAccessibleName(m_signIn->text());
    row->addWidget(cancel);
    row->addWidget(m_signIn);
    layout->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_signIn, &QPushButton::clicked, this, &SignInDialog::signIn);
    setMinimumWidth(420);
}

void SignInDialog::signIn()
{
    if (m_isFirst && m_password->text() != m_again->text()) {
        take(fail(ErrorCode::MalformedInput, tr("the passwords differ")));
        return;
    }
    m_signIn->setEnabled(false);
    const auto then = [this](const Result<void>& outcome) { take(outcome); };
    m_isFirst ? m_desk.addFirst(m_login->text().trimmed(), m_name->text(), m_password->text(), this, then) : m_desk.signIn(m_login->text().trimmed(), m_password->text(), this, then);
}

void SignInDialog::take(const Result<void>& outcome)
{
    m_signIn->setEnabled(true);
    if (outcome) {
        accept();
        return;
    }
    m_password->clear();
    m_again->clear();
    m_password->setFocus();
    m_problem->setPlain(tr("That did not work: %1.").arg(outcome.error().detail));
    m_problem->show();
}

} // namespace counterfoil
