// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/command_store.h"

#include <algorithm>

namespace counterfoil {

namespace {

std::optional<qint64> optionalAt(const Row& row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(row.integer(column));
}

Result<CommandPermission> readPermission(const Row& row)
{
    CommandPermission permission;
    CF_ASSIGN(permission.kind, parseEnum<CommandKind>(row.text(0)));
    CF_ASSIGN(permission.role, parseEnum<Role>(row.text(1)));
    permission.mayRequest = row.integer(2) != 0;
    permission.mayApprove = row.integer(3) != 0;
    return permission;
}

Result<Person> readColleague(const Row& row)
{
    Person person;
    person.id = row.id<PersonId>(0);
    person.login = row.text(1);
    person.name = row.text(2);
    CF_ASSIGN(person.role, parseEnum<Role>(row.text(3)));
    person.disabledAt = row.isNull(4) ? UtcTime() : UtcTime(row.integer(4));
    person.createdAt = UtcTime(row.integer(5));
    person.passwordHash = checkedByDatabase;
    return person;
}

} // namespace

bool CommandRules::mayRequest(Role role) const
{
    return std::ranges::any_of(permissions, [role](const CommandPermission& each) { return each.role == role && each.mayRequest; });
}

bool CommandRules::mayApprove(Role role) const
{
    return std::ranges::any_of(permissions, [role](const CommandPermission& each) { return each.role == role && each.mayApprove; });
}

int CommandRules::approvalsFor(const Money& amount) const
{
    return policy ? policy->approvalsFor(amount) : 2;
}

Result<CommandRules> loadCommandRules(Connection& connection, CommandKind kind, Currency currency)
{
    CommandRules rules;
    const QString name = toString(kind);
    CF_TRY(connection.queryAll(QStringLiteral("SELECT kind, role, may_request, may_approve FROM command_permission WHERE kind = ?"), {name}, [&](const Row& row) -> Result<void> {
        CF_ASSIGN(const CommandPermission permission, readPermission(row));
        rules.permissions.push_back(permission);
        return {};
    }));
    // The one that names the currency comes last and wins.
    CF_TRY(connection.queryAll(QStringLiteral("SELECT one_from, two_from FROM command_policy WHERE kind = ? AND currency IN ('', ?) ORDER BY currency"), {name, currency.code()},
                               [&](const Row& row) -> Result<void> {
                                   rules.policy = CommandPolicy{kind, currency, optionalAt(row, 0), optionalAt(row, 1)};
                                   return {};
                               }));
    return rules;
}

Result<std::vector<CommandPermission>> loadPermissions(Connection& connection)
{
    std::vector<CommandPermission> permissions;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT kind, role, may_request, may_approve FROM command_permission ORDER BY kind, role"), {}, [&](const Row& row) -> Result<void> {
        CF_ASSIGN(const CommandPermission permission, readPermission(row));
        permissions.push_back(permission);
        return {};
    }));
    return permissions;
}

Result<std::vector<DueCommand>> dueCommands(Connection& connection, int limit)
{
    std::vector<DueCommand> due;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT id, status FROM operator_command WHERE status IN ('requested', 'queued') ORDER BY id LIMIT ? {skip_locked}"), {bound(limit)}, [&](const Row& row) -> Result<void> {
        CF_ASSIGN(const CommandStatus status, parseEnum<CommandStatus>(row.text(1)));
        due.push_back({row.id<CommandId>(0), status});
        return {};
    }));
    return due;
}

Result<Person> findPerson(Connection& connection, const QString& login)
{
    CF_ASSIGN(const std::vector<Person> found, selectRows<Person>(connection, QStringLiteral("WHERE login = ?"), {login}));
    return found.empty() ? Result<Person>(fail(ErrorCode::NotFound, QStringLiteral("nobody has the login %1").arg(login))) : found.front();
}

Result<std::optional<Person>> sessionPerson(Connection& connection)
{
    std::optional<Person> person;
    if (connection.kind() != DatabaseKind::Postgresql) {
        return person;
    }
    const auto asked = connection.queryAll(QStringLiteral("SELECT id, login, name, role, disabled_at, created_at FROM public.colleague WHERE login = session_user"), {}, [&person](const Row& row) -> Result<void> {
        CF_ASSIGN(person, readColleague(row));
        return {};
    });
    // A worker doesn't look at people.
    return asked || asked.error().code == ErrorCode::Forbidden ? Result<std::optional<Person>>(person) : passOn(asked);
}

Result<std::vector<Person>> colleagues(Connection& connection)
{
    std::vector<Person> people;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT id, login, name, role, disabled_at, created_at FROM public.colleague ORDER BY login"), {}, [&people](const Row& row) -> Result<void> {
        CF_ASSIGN(const Person person, readColleague(row));
        people.push_back(person);
        return {};
    }));
    return people;
}

} // namespace counterfoil
