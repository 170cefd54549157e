// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/person.h"
#include "models/store/command_store.h"
#include "models/tables/value_table.h"

namespace counterfoil {

enum class PersonColumn { Login, Name, Role, State, Since, Count };

/// Who works here. Columns: PersonColumn. The state is `may_sign_in`, `demonstration` (no password) or `disabled`.
class PeopleTable : public ValueTable<Person> {
    Q_OBJECT

public:
    explicit PeopleTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const Person& person, int column) const override;
    RowIdentity identityOf(const Person& person) const override;
};

/// What each role may do with one kind of command.
struct KindRights {
    CommandKind kind = CommandKind::RetryJob;
    std::map<Role, CommandPermission> roles;
};
std::vector<KindRights> rightsByKind(const std::vector<CommandPermission>& permissions);

/// Who may ask for what and who may approve it: a row for each kind of command, a column for each role behind the kind's.
class RightsTable : public ValueTable<KindRights> {
    Q_OBJECT

public:
    explicit RightsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const KindRights& rights, int column) const override;
    RowIdentity identityOf(const KindRights& rights) const override;
};

} // namespace counterfoil
