// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/people_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

QStringList rightsHeaders()
{
    QStringList headers{PeopleTable::tr("Command")};
    for (const auto& [role, name] : EnumNames<Role>::names) {
        headers << stateLabel(QString::fromLatin1(name));
    }
    return headers;
}

} // namespace

PeopleTable::PeopleTable(QObject* parent) : ValueTable({tr("Login"), tr("Name"), tr("Role"), tr("State"), tr("Since")}, parent) {}

Cell PeopleTable::cellOf(const Person& person, int column) const
{
    switch (static_cast<PersonColumn>(column)) {
    case PersonColumn::Login: return Cell::id(person.login);
    case PersonColumn::Name: return Cell::plain(person.name);
    case PersonColumn::Role: return Cell::plain(stateLabel(toString(person.role)));
    case PersonColumn::State:
        return Cell::named(person.isDisabled() ? QStringLiteral("disabled") : person.passwordHash.isEmpty() ? QStringLiteral("demonstration") : QStringLiteral("may_sign_in"));
    case PersonColumn::Since: return Cell::at(person.createdAt);
    case PersonColumn::Count: break;
    }
    return {};
}

RowIdentity PeopleTable::identityOf(const Person& person) const
{
    return {person.login, person.id.value(), 0};
}

std::vector<KindRights> rightsByKind(const std::vector<CommandPermission>& permissions)
{
    std::vector<KindRights> rights;
    for (const auto& [kind, name] : EnumNames<CommandKind>::names) {
        KindRights& row = rights.emplace_back();
        row.kind = kind;
        for (const CommandPermission& permission : permissions) {
            if (permission.kind == kind) {
                row.roles.emplace(permission.role, permission);
            }
        }
    }
    return rights;
}

RightsTable::RightsTable(QObject* parent) : ValueTable(rightsHeaders(), parent) {}

Cell RightsTable::cellOf(const KindRights& rights, int column) const
{
    if (column == 0) {
        return Cell::plain(stateLabel(toString(rights.kind)));
    }
    const Role role = EnumNames<Role>::names[static_cast<std::size_t>(column - 1)].first;
    const auto found = rights.roles.find(role);
    const bool asks = found != rights.roles.end() && found->second.mayRequest;
    const bool approves = found != rights.roles.end() && found->second.mayApprove;
    return Cell::plain(asks && approves ? tr("asks, approves") : asks ? tr("asks") : approves ? tr("approves") : QString());
}

RowIdentity RightsTable::identityOf(const KindRights& rights) const
{
    return {toString(rights.kind), static_cast<qint64>(rights.kind) + 1, 0};
}

} // namespace counterfoil
