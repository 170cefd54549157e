// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/desk.h"

#include "models/store/command_store.h"
#include "models/tables/format.h"
#include "workflows/operators/case_desk.h"
#include "workflows/operators/people.h"

#include <QRandomGenerator>

#include <algorithm>

namespace counterfoil {

namespace {

/// Workers claim theirs from below. Two consoles with the same one meet only within a millisecond, and then one is refused by the key.
int consoleNode()
{
    return QRandomGenerator::system()->bounded(512, 1000);
}

} // namespace

struct Desk::Known {
    std::optional<Person> self;
    std::vector<Person> people;
    std::vector<CommandPermission> permissions;
};

Desk::Desk(DatabaseUrl url, const Clock& clock, QObject* parent)
    : QObject(parent), m_clock(clock), m_executor(std::move(url), ConnectionRole::Writer), m_ids(std::make_shared<IdSource>(clock, consoleNode()))
{
}

Desk::~Desk() = default;

template<class Work, class Then>
void Desk::call(QObject* context, Work work, Then then)
{
    m_executor.call(context, std::move(work), std::move(then));
}

void Desk::start()
{
    call(
        this,
        [&clock = m_clock, ids = m_ids](Connection& connection) -> Result<Known> {
            Known known;
            CF_ASSIGN(known.self, sessionPerson(connection));
            CF_ASSIGN(known.people, People(connection, clock, *ids).all());
            CF_ASSIGN(known.permissions, loadPermissions(connection));
            return known;
        },
        [this](const Result<Known>& known) {
            if (!known) {
                return;
            }
            m_permissions = known->permissions;
            m_demonstration.clear();
            m_hasAccounts = false;
            for (const Person& person : known->people) {
                if (!person.passwordHash.isEmpty()) {
                    m_hasAccounts = true;
                } else if (!person.isDisabled()) {
                    m_demonstration.push_back(person);
                }
            }
            m_isSignedInByDatabase = known->self.has_value();
            if (m_isSignedInByDatabase) {
                m_person = known->self->isDisabled() ? Person() : *known->self;
            }
            const auto support = std::ranges::find(m_demonstration, Role::Support, &Person::role);
            if (!hasPerson() && !m_hasAccounts && support != m_demonstration.end()) {
                m_person = *support;
            }
            Q_EMIT personChanged();
        });
}

void Desk::signIn(const QString& login, const QString& password, QObject* context, std::function<void(Result<void>)> then)
{
    call(
        context, [&clock = m_clock, ids = m_ids, login, password](Connection& connection) { return People(connection, clock, *ids).signIn(login, password); },
        [this, then = std::move(then)](const Result<Person>& person) {
            if (person) {
                workAs(*person);
            }
            then(person ? Result<void>() : passOn(person));
        });
}

void Desk::addFirst(const QString& login, const QString& name, const QString& password, QObject* context, std::function<void(Result<void>)> then)
{
    call(
        context,
        [&clock = m_clock, ids = m_ids, login, name, password](Connection& connection) -> Result<Person> {
            People people(connection, clock, *ids);
            CF_ASSIGN(const std::vector<Person> known, people.all());
            if (std::ranges::any_of(known, [](const Person& person) { return !person.passwordHash.isEmpty(); })) {
                return fail(ErrorCode::Forbidden, QStringLiteral("somebody was first"));
            }
            CF_TRY(people.add(QStringLiteral("console"), login, name, Role::Administrator, password));
            return people.signIn(login, password);
        },
        [this, then = std::move(then)](const Result<Person>& person) {
            if (person) {
                m_hasAccounts = true;
                workAs(*person);
            }
            then(person ? Result<void>() : passOn(person));
        });
}

void Desk::workAs(const Person& person)
{
    m_person = person;
    Q_EMIT personChanged();
}

void Desk::signOut()
{
    workAs({});
}

QString Desk::whyNotRequest(CommandKind kind) const
{
    if (!hasPerson()) {
        return tr("Nobody is signed in.");
    }
    const bool may = std::ranges::any_of(m_permissions, [&](const CommandPermission& each) { return each.kind == kind && each.role == m_person.role && each.mayRequest; });
    return may ? QString() : tr("The role %1 may not ask for this.").arg(stateLabel(toString(m_person.role)).toLower());
}

QString Desk::whyNotApprove(CommandKind kind) const
{
    if (!hasPerson()) {
        return tr("Nobody is signed in.");
    }
    const bool may = std::ranges::any_of(m_permissions, [&](const CommandPermission& each) { return each.kind == kind && each.role == m_person.role && each.mayApprove; });
    return may ? QString() : tr("The role %1 may not approve this.").arg(stateLabel(toString(m_person.role)).toLower());
}

void Desk::request(const CommandRequest& wanted, QObject* context, std::function<void(Result<CommandId>)> then)
{
    call(
        context, [&clock = m_clock, ids = m_ids, login = m_person.login, wanted](Connection& connection) { return CommandDesk(connection, clock, *ids).request(login, wanted); }, std::move(then));
}

void Desk::file(CommandId command, const QString& previewSha256, QObject* context, std::function<void(Result<CommandStatus>)> then)
{
    call(
        context, [&clock = m_clock, ids = m_ids, login = m_person.login, command, previewSha256](Connection& connection) { return CommandDesk(connection, clock, *ids).file(login, command, previewSha256); },
        std::move(then));
}

void Desk::approve(CommandId command, const QString& previewSha256, const QString& note, QObject* context, std::function<void(Result<CommandStatus>)> then)
{
    call(
        context,
        [&clock = m_clock, ids = m_ids, login = m_person.login, command, previewSha256, note](Connection& connection) {
            return CommandDesk(connection, clock, *ids).approve(login, command, previewSha256, note);
        },
        std::move(then));
}

void Desk::reject(CommandId command, const QString& note, QObject* context, std::function<void(Result<void>)> then)
{
    call(
        context, [&clock = m_clock, ids = m_ids, login = m_person.login, command, note](Connection& connection) { return CommandDesk(connection, clock, *ids).reject(login, command, note); },
        std::move(then));
}

void Desk::withdraw(CommandId command, QObject* context, std::function<void(Result<void>)> then)
{
    call(
        context, [&clock = m_clock, ids = m_ids, login = m_person.login, command](Connection& connection) { return CommandDesk(connection, clock, *ids).withdraw(login, command); }, std::move(then));
}

void Desk::act(CaseId item, CaseAction action, const QString& text, UtcTime until, QObject* context, std::function<void(Result<void>)> then)
{
    call(
        context,
        [&clock = m_clock, ids = m_ids, login = m_person.login, item, action, text, until](Connection& connection) -> Result<void> {
            CaseDesk desk(connection, clock, *ids);
            switch (action) {
            case CaseAction::Claim: return desk.claim(login, item);
            case CaseAction::Release: return desk.release(login, item);
            case CaseAction::Snooze: return desk.snooze(login, item, until, text);
            case CaseAction::Escalate: return desk.escalate(login, item, text);
            case CaseAction::Note: return desk.note(login, item, text);
            case CaseAction::Resolve: return desk.resolve(login, item, text);
            case CaseAction::HandOver: return desk.handOver(login, item, text, {});
            }
            assertionFailed("an action of no kind");
        },
        std::move(then));
}

void Desk::readPeople(QObject* context, std::function<void(Result<Staff>)> then)
{
    call(
        context,
        [&clock = m_clock, ids = m_ids](Connection& connection) -> Result<Staff> {
            CF_ASSIGN(const std::optional<Person> self, sessionPerson(connection));
            Staff staff;
            CF_ASSIGN(staff.people, People(connection, clock, *ids).all());
            CF_ASSIGN(staff.permissions, loadPermissions(connection));
            for (Person& person : staff.people) {
                if (self) {
                    // The database keeps them to itself; it is what lets people in.
                    person.passwordHash = checkedByDatabase;
                }
            }
            return staff;
        },
        std::move(then));
}

void Desk::administer(std::function<Result<void>(People&, const QString&)> change, QObject* context, std::function<void(Result<void>)> then)
{
    const People::DatabaseLogins logins = m_isSignedInByDatabase ? People::DatabaseLogins::Made : People::DatabaseLogins::Left;
    call(
        context,
        [&clock = m_clock, ids = m_ids, login = m_person.login, logins, change = std::move(change)](Connection& connection) -> Result<void> {
            People people(connection, clock, *ids, logins);
            CF_ASSIGN(const std::vector<Person> all, people.all());
            const auto actor = std::ranges::find(all, login, &Person::login);
            if (actor == all.end() || actor->isDisabled() || actor->role != Role::Administrator) {
                return fail(ErrorCode::Forbidden, QStringLiteral("only an administrator may change who works here"));
            }
            return change(people, QStringLiteral("operator:") + login);
        },
        [this, then = std::move(then)](const Result<void>& outcome) {
            if (outcome) {
                // Somebody may have changed their own role.
                start();
            }
            then(outcome);
        });
}

} // namespace counterfoil
