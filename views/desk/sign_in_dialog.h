// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/page.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace counterfoil {

class Desk;
class PlainLabel;

/// Signs somebody in, or makes the first administrator where nobody has a password yet.
class SignInDialog : public QDialog {
    Q_OBJECT
public:
    SignInDialog(const Theme& theme, Desk& desk, QWidget* parent = nullptr);

    QLineEdit* login() const { return m_login; }
    QLineEdit* password() const { return m_password; }
    QPushButton* signInButton() const { return m_signIn; }
    PlainLabel* problem() const { return m_problem; }

private:
    void signIn();
    void take(const Result<void>& outcome);

    Desk& m_desk;
    const bool m_isFirst;
    QLineEdit* m_name;
    QLineEdit* m_login;
    QLineEdit* m_password;
    QLineEdit* m_again;
    PlainLabel* m_problem;
    QPushButton* m_signIn;
};

} // namespace counterfoil
