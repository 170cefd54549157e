// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/intervention.h"
#include "models/store/reads/database_executor.h"
#include "workflows/operators/command_desk.h"

#include <memory>

namespace counterfoil {

class People;

/// Who works at this console, and what they do: every call runs on a thread of its own over a writing connection, and answers on the GUI's.
/// Without a person everything is refused.
class Desk : public QObject {
    Q_OBJECT

public:
    Desk(DatabaseUrl url, const Clock& clock, QObject* parent = nullptr);
    ~Desk() override;

    bool hasPerson() const { return !m_person.login.isEmpty(); }
    const Person& person() const { return m_person; }
    /// People without a password: those of a demonstration, as whom anybody may work.
    const std::vector<Person>& demonstrationPeople() const { return m_demonstration; }
    /// Whether anybody may sign in with a password.
    bool hasAccounts() const { return m_hasAccounts; }

    /// This console's database login is a person's (PostgreSQL): who that is works here, and nobody else can.
    bool isSignedInByDatabase() const { return m_isSignedInByDatabase; }

    /// Reads who there is and who may do what. In a demonstration somebody works at once, and so does the person whose database login this is.
    void start();
    void signIn(const QString& login, const QString& password, QObject* context, std::function<void(Result<void>)> then);
    /// The first person of a database, an administrator.
    void addFirst(const QString& login, const QString& name, const QString& password, QObject* context, std::function<void(Result<void>)> then);
    void workAs(const Person& person);
    void signOut();

    /// Why this person can't ask for or approve a kind of command; empty if they can.
    QString whyNotRequest(CommandKind kind) const;
    QString whyNotApprove(CommandKind kind) const;

    void request(const CommandRequest& wanted, QObject* context, std::function<void(Result<CommandId>)> then);
    void file(CommandId command, const QString& previewSha256, QObject* context, std::function<void(Result<CommandStatus>)> then);
    void approve(CommandId command, const QString& previewSha256, const QString& note, QObject* context, std::function<void(Result<CommandStatus>)> then);
    void reject(CommandId command, const QString& note, QObject* context, std::function<void(Result<void>)> then);
    void withdraw(CommandId command, QObject* context, std::function<void(Result<void>)> then);

    /// Who works here, and what each role may do.
    struct Staff {
        std::vector<Person> people;
        std::vector<CommandPermission> permissions;
    };
    void readPeople(QObject* context, std::function<void(Result<Staff>)> then);
    /// A change of who works here; `change` gets the actor. Errors also: Forbidden, unless this person is an administrator by now.
    void administer(std::function<Result<void>(People&, const QString&)> change, QObject* context, std::function<void(Result<void>)> then);

    enum class CaseAction { Claim, Release, Snooze, Escalate, Note, Resolve, HandOver };
    /// `text` is the note, the reason, or to whom it is handed over.
    void act(CaseId item, CaseAction action, const QString& text, UtcTime until, QObject* context, std::function<void(Result<void>)> then);

Q_SIGNALS:
    void personChanged();

private:
    struct Known;
    template<class Work, class Then>
    void call(QObject* context, Work work, Then then);

    const Clock& m_clock;
    DatabaseExecutor m_executor;
    /// Used on the executor's thread only.
    std::shared_ptr<IdSource> m_ids;
    Person m_person;
    std::vector<Person> m_demonstration;
    std::vector<CommandPermission> m_permissions;
    bool m_hasAccounts = false;
    bool m_isSignedInByDatabase = false;
};

} // namespace counterfoil
