// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/person.h"
#include "views/theme/theme.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace counterfoil {

class Desk;
class PlainLabel;

/// Adds somebody who may work here, or gives somebody another password. Accepted once it is done.
class PersonDialog : public QDialog {
    Q_OBJECT
public:
    /// For a new person.
    PersonDialog(const Theme& theme, Desk& desk, QWidget* parent = nullptr);
    /// For another password of this one.
    PersonDialog(const Theme& theme, Desk& desk, const Person& person, QWidget* parent = nullptr);

    QLineEdit* name() const { return m_name; }
    QLineEdit* login() const { return m_login; }
    QComboBox* role() const { return m_role; }
    QLineEdit* password() const { return m_password; }
    QLineEdit* again() const { return m_again; }
    QPushButton* doneButton() const { return m_done; }
    PlainLabel* problem() const { return m_problem; }

private:
    void build(const Theme& theme, bool isNew);
    void finish();
    void take(const Result<void>& outcome);

    Desk& m_desk;
    /// Empty: a new person.
    const QString m_known;
    QLineEdit* m_name;
    QLineEdit* m_login;
    QComboBox* m_role;
    QLineEdit* m_password;
    QLineEdit* m_again;
    PlainLabel* m_problem;
    QPushButton* m_done;
};

} // namespace counterfoil
