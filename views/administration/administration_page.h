// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/person.h"
#include "views/widgets/page.h"

class QMenu;
class QPushButton;

namespace counterfoil {

class DataTable;
class PeopleTable;
class PlainLabel;
class RightsTable;
class SectionCard;

/// Who works here and what each role may do. Administrators add people, change roles and passwords, and keep somebody out; everybody else sees
/// it, and why they can't change it.
class AdministrationPage : public Page {
    Q_OBJECT
public:
    explicit AdministrationPage(const PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    bool isSettled() const override { return m_loaded && m_reading == 0; }
    QWidget* firstFocus() override;
    DataTable* people() const { return m_people; }
    PeopleTable* peopleModel() const { return m_peopleModel; }
    QPushButton* addButton() const { return m_add; }
    QPushButton* roleButton() const { return m_role; }
    QPushButton* passwordButton() const { return m_password; }
    QPushButton* disableButton() const { return m_disable; }
    PlainLabel* problem() const { return m_problem; }

private:
    QWidget* buildActions();
    void showButtons();
    QString whyNot() const;
    const Person* chosen() const;
    void setRole(Role role);
    void setDisabled();
    void take(const Result<void>& outcome);

    PeopleTable* m_peopleModel;
    RightsTable* m_rightsModel;
    DataTable* m_people;
    DataTable* m_rights;
    SectionCard* m_peopleCard;
    PlainLabel* m_problem;
    QPushButton* m_add;
    QPushButton* m_role;
    QPushButton* m_password;
    QPushButton* m_disable;
    int m_reading = 0;
    bool m_loaded = false;
};

} // namespace counterfoil
