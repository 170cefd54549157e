// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/connection.h"
#include "models/domain/person.h"

namespace counterfoil {

/// Who works here (50-operators, "Roles"): logins with a role, and their passwords where the program itself checks them. Every change is one
/// transaction with its audit row. On PostgreSQL functions of the database do it, as for CommandDesk; a person's session has to be an administrator's
/// then, who is the actor whatever is said (else Forbidden). Used on the connection's thread; hashing takes some 50 ms and 64 MiB.
class People {
public:
    /// Who gets a password on PostgreSQL: also a login of the database itself, which checks it from then on (checkedByDatabase), or the person only.
    enum class DatabaseLogins { Left, Made };

    People(Connection& connection, const Clock& clock, IdSource& ids, DatabaseLogins logins = DatabaseLogins::Left) : m_connection(connection), m_clock(clock), m_ids(ids), m_logins(logins) {}

    /// Passwords have at least 10 characters. Errors: InvalidText (a login that isn't 2 to 64 of a-z, 0-9, dot, dash and underscore, an empty
    /// name), MalformedInput (the password is too short), AlreadyExistsDifferent, and the database's.
    Result<PersonId> add(const QString& actor, const QString& login, const QString& name, Role role, const QString& password);
    /// Errors: NotFound, Forbidden (the last administrator keeps the role).
    Result<void> setRole(const QString& actor, const QString& login, Role role);
    Result<void> setDisabled(const QString& actor, const QString& login, bool disabled);
    /// Errors: as add().
    Result<void> setPassword(const QString& actor, const QString& login, const QString& password);

    /// Ten wrong passwords lock a login for 30 minutes. Errors: Unauthenticated (the same for a wrong login and a wrong password),
    /// Forbidden (locked or disabled; the detail says until when), and the database's.
    Result<Person> signIn(const QString& login, const QString& password);

    /// A person's session gets them without what is secret (colleagues()).
    Result<std::vector<Person>> all();

private:
    struct Secret {
        QString hash;
        QString verifier;
    };
    bool isByFunctions() const;
    Result<Secret> secretOf(const QString& password) const;
    template<class Function>
    Result<void> change(const QString& actor, const QString& login, const QString& action, Function edit);

    Connection& m_connection;
    const Clock& m_clock;
    IdSource& m_ids;
    const DatabaseLogins m_logins;
};

/// One person of each role for a database of play money, `demo.support` and so on, without passwords: anybody may work as any of them. Those
/// that are there already stay as they are. Errors: the database's.
Result<void> addDemonstrationPeople(Connection& connection, const Clock& clock, IdSource& ids);

} // namespace counterfoil
