// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/named_enum.h"

namespace counterfoil {

/// What a person is there for (50-operators). An auditor reads everything and changes nothing.
enum class Role { Support = 0, Supervisor = 1, Finance = 2, Administrator = 3, Auditor = 4 };
CF_ENUM_NAMES(Role, {Role::Support, "support"}, {Role::Supervisor, "supervisor"}, {Role::Finance, "finance"}, {Role::Administrator, "administrator"}, {Role::Auditor, "auditor"});

/// Somebody who works with the console. The login is the actor of everything that the person does.
struct Person {
    PersonId id;
    QString login;
    QString name;
    Role role = Role::Auditor;
    /// libsodium's text of an Argon2id hash; checkedByDatabase; or empty, as of the demonstration's people, whom anybody may be.
    QString passwordHash;
    int failedLogins = 0;
    UtcTime lockedUntil;
    UtcTime disabledAt;
    UtcTime createdAt;

    bool isDisabled() const { return !disabledAt.isNone(); }
};

} // namespace counterfoil
