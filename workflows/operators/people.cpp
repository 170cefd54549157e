// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/operators/people.h"

#include "models/store/command_store.h"
#include "models/store/operator_functions.h"
#include "models/store/scram_verifier.h"
#include "models/store/unit_of_work.h"

#include <QRegularExpression>

#include <sodium.h>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int failuresMax = 10;
constexpr Duration lockTime = Duration::minutes(30);
constexpr qsizetype passwordLengthMin = 10;

Result<void> checkPassword(const QString& password)
{
    return password.size() < passwordLengthMin ? fail(ErrorCode::MalformedInput, QStringLiteral("a password has at least %1 characters").arg(passwordLengthMin)) : Result<void>();
}

Result<QString> hashOf(const QString& password)
{
    CF_TRY(checkPassword(password));
    QByteArray bytes = password.normalized(QString::NormalizationForm_C).toUtf8();
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const bool ready = sodium_init() >= 0;
    const int outcome = ready ? crypto_pwhash_str(hash.data(), bytes.constData(), static_cast<unsigned long long>(bytes.size()), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) : -1;
    sodium_memzero(bytes.data(), static_cast<size_t>(bytes.size()));
    return outcome == 0 ? Result<QString>(QString::fromLatin1(hash.data())) : fail(ErrorCode::Internal, QStringLiteral("the password can't be hashed: too little memory"));
}

bool fits(const QString& hash, const QString& password)
{
    QByteArray bytes = password.normalized(QString::NormalizationForm_C).toUtf8();
    const bool good = sodium_init() >= 0 && crypto_pwhash_str_verify(hash.toLatin1().constData(), bytes.constData(), static_cast<unsigned long long>(bytes.size())) == 0;
    sodium_memzero(bytes.data(), static_cast<size_t>(bytes.size()));
    return good;
}

/// What an unknown login is compared with, so that it takes as long as a known one.
const QString& nobodysHash()
{
    static const QString hash = hashOf(QStringLiteral("nobody knows this one")).value_or(QString());
    return hash;
}

Result<void> checkLogin(const QString& login, const QString& name)
{
    static const QRegularExpression form(QStringLiteral("\\A[a-z0-9][a-z0-9._-]{1,63}\\z"));
    if (!form.match(login).hasMatch()) {
        return fail(ErrorCode::InvalidText, QStringLiteral("a login has 2 to 64 of a-z, 0-9, dot, dash and underscore"));
    }
    return name.trimmed().isEmpty() || name.size() > 120 ? fail(ErrorCode::InvalidText, QStringLiteral("a name has 1 to 120 characters")) : Result<void>();
}

Result<std::vector<Person>> locked(Connection& connection, const QString& login)
{
    return selectRows<Person>(connection, QStringLiteral("WHERE login = ? {lock}"), {login});
}

Result<void> write(Connection& connection, const Person& before, const Person& after)
{
    StatementBatch batch(connection);
    if (const quint64 columns = differences(before, after); columns != 0) {
        updateRows<Person>(batch, columns, {{&after, &before}});
    }
    return batch.finish();
}

Result<bool> isLastAdministrator(Connection& connection, const Person& person)
{
    if (person.role != Role::Administrator) {
        return false;
    }
    CF_ASSIGN(const auto others, selectRows<Person>(connection, QStringLiteral("WHERE role = 'administrator' AND disabled_at IS NULL AND id <> ?"), {bound(person.id)}));
    return others.empty();
}

} // namespace

bool People::isByFunctions() const
{
    return m_connection.kind() == DatabaseKind::Postgresql;
}

Result<People::Secret> People::secretOf(const QString& password) const
{
    Secret secret;
    if (m_logins == DatabaseLogins::Made && isByFunctions()) {
        CF_TRY(checkPassword(password));
        CF_ASSIGN(secret.verifier, scramVerifier(password));
    } else {
        CF_ASSIGN(secret.hash, hashOf(password));
    }
    return secret;
}

Result<PersonId> People::add(const QString& actor, const QString& login, const QString& name, Role role, const QString& password)
{
    CF_TRY(checkLogin(login, name));
    CF_ASSIGN(const Secret secret, secretOf(password));
    if (isByFunctions()) {
        CF_ASSIGN(const QString id, callFunction(m_connection, OperatorFunction::PersonAdd, {login, name, toString(role), bound(secret.hash), bound(secret.verifier), actor, bound(m_clock.now())}));
        return PersonId(id.toLongLong());
    }
    Person person;
    person.id = m_ids.next<PersonId>();
    person.login = login;
    person.name = name.trimmed();
    person.role = role;
    person.passwordHash = secret.hash;
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_ASSIGN(const auto known, locked(m_connection, login));
    if (!known.empty()) {
        return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("there is a login %1 already").arg(login));
    }
    person.createdAt = work.now();
    CF_TRY(insertRow(m_connection, person));
    work.audit(actor, QStringLiteral("person.added"), login, {}, toString(role), name);
    CF_TRY(work.commit());
    return person.id;
}

template<class Function>
Result<void> People::change(const QString& actor, const QString& login, const QString& action, Function edit)
{
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_ASSIGN(const auto known, locked(m_connection, login));
    if (known.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("nobody has the login %1").arg(login));
    }
    Person person = known.front();
    CF_TRY(edit(person));
    CF_TRY(write(m_connection, known.front(), person));
    work.audit(actor, action, login, toString(known.front().role), toString(person.role), {});
    return work.commit();
}

Result<void> People::setRole(const QString& actor, const QString& login, Role role)
{
    if (isByFunctions()) {
        CF_TRY(callFunction(m_connection, OperatorFunction::PersonSetRole, {login, toString(role), actor, bound(m_clock.now())}));
        return {};
    }
    return change(actor, login, QStringLiteral("person.role_changed"), [&](Person& person) -> Result<void> {
        CF_ASSIGN(const bool last, isLastAdministrator(m_connection, person));
        if (last && role != Role::Administrator) {
            return fail(ErrorCode::Forbidden, QStringLiteral("%1 is the last administrator").arg(login));
        }
        person.role = role;
        return {};
    });
}

Result<void> People::setDisabled(const QString& actor, const QString& login, bool disabled)
{
    if (isByFunctions()) {
        CF_TRY(callFunction(m_connection, OperatorFunction::PersonSetDisabled, {login, bound(disabled ? 1 : 0), actor, bound(m_clock.now())}));
        return {};
    }
    return change(actor, login, disabled ? QStringLiteral("person.disabled") : QStringLiteral("person.enabled"), [&](Person& person) -> Result<void> {
        CF_ASSIGN(const bool last, isLastAdministrator(m_connection, person));
        if (last && disabled) {
            return fail(ErrorCode::Forbidden, QStringLiteral("%1 is the last administrator").arg(login));
        }
        person.disabledAt = disabled ? m_clock.now() : UtcTime();
        return {};
    });
}

Result<void> People::setPassword(const QString& actor, const QString& login, const QString& password)
{
    CF_ASSIGN(const Secret secret, secretOf(password));
    if (isByFunctions()) {
        CF_TRY(callFunction(m_connection, OperatorFunction::PersonSetPassword, {login, bound(secret.hash), bound(secret.verifier), actor, bound(m_clock.now())}));
        return {};
    }
    return change(actor, login, QStringLiteral("person.password_changed"), [&secret](Person& person) -> Result<void> {
        person.passwordHash = secret.hash;
        person.failedLogins = 0;
        person.lockedUntil = UtcTime();
        return {};
    });
}

Result<Person> People::signIn(const QString& login, const QString& password)
{
    CF_ASSIGN(const auto known, selectRows<Person>(m_connection, QStringLiteral("WHERE login = ?"), {login}));
    const UtcTime now = m_clock.now();
    const std::unexpected<Error> refused = fail(ErrorCode::Unauthenticated, QStringLiteral("login or password is wrong"));
    if (known.empty() || known.front().passwordHash.isEmpty()) {
        (void)fits(nobodysHash(), password);
        return refused;
    }
    const Person& person = known.front();
    if (!person.lockedUntil.isNone() && now < person.lockedUntil) {
        return fail(ErrorCode::Forbidden, QStringLiteral("locked after too many wrong passwords"));
    }
    const bool good = fits(person.passwordHash, password);
    if (good && person.isDisabled()) {
        return fail(ErrorCode::Forbidden, QStringLiteral("this login was disabled"));
    }
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    CF_ASSIGN(const auto rows, locked(m_connection, login));
    require(!rows.empty(), "people are never deleted");
    Person after = rows.front();
    after.failedLogins = good ? 0 : after.failedLogins + 1;
    if (!good && after.failedLogins >= failuresMax) {
        after.failedLogins = 0;
        after.lockedUntil = now + lockTime;
    }
    CF_TRY(write(m_connection, rows.front(), after));
    work.audit(QStringLiteral("operator:") + login, good ? QStringLiteral("person.signed_in") : QStringLiteral("person.sign_in_failed"), login, {}, {}, {});
    CF_TRY(work.commit());
    return good ? Result<Person>(after) : refused;
}

Result<std::vector<Person>> People::all()
{
    CF_ASSIGN(const std::optional<Person> self, sessionPerson(m_connection));
    if (self) {
        return colleagues(m_connection);
    }
    return selectRows<Person>(m_connection, QStringLiteral("ORDER BY login"), {});
}

Result<void> addDemonstrationPeople(Connection& connection, const Clock& clock, IdSource& ids)
{
    UnitOfWork work(connection, clock, ids);
    CF_TRY(work.begin());
    for (const auto& [role, name] : EnumNames<Role>::names) {
        const QString word = QString::fromLatin1(name);
        Person person;
        person.id = ids.next<PersonId>();
        person.login = QStringLiteral("demo.") + word;
        person.name = QStringLiteral("Demo ") + word;
        person.role = role;
        person.createdAt = work.now();
        CF_ASSIGN(const auto known, locked(connection, person.login));
        if (known.empty()) {
            CF_TRY(insertRow(connection, person));
            work.audit(QStringLiteral("cli"), QStringLiteral("person.added"), person.login, {}, word, {});
        }
    }
    return work.commit();
}

} // namespace counterfoil
