// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "workflows/operators/people.h"

#include <QFile>
#include <QTextStream>

#include <functional>
#include <optional>

namespace counterfoil {

namespace {

const QString actor = QStringLiteral("cli");

QString roleNames()
{
    QStringList names;
    for (const auto& [role, name] : EnumNames<Role>::names) {
        names << QString::fromLatin1(name);
    }
    return names.join(QStringLiteral(", "));
}

/// The first line of a file, or of standard input for `-`: a password on the command line could be seen by everybody on the machine.
Result<QString> passwordFrom(const QString& name)
{
    QFile file;
    file.setFileName(name);
    const bool opened = name == u"-" ? file.open(stdin, QFile::ReadOnly) : file.open(QFile::ReadOnly);
    if (!opened) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(name, file.errorString()));
    }
    QByteArray line = file.readLine(4096);
    while (line.endsWith('\n') || line.endsWith('\r')) {
        line.chop(1);
    }
    return QString::fromUtf8(line);
}

struct Usage {
    const char* words;
    const char* description;
    int positional;
    bool hasPassword = false;
    bool hasName = false;
};

using Work = std::function<Result<void>(People&, const QStringList& given, CommandLine& line)>;

int run(const QStringList& arguments, const Usage& usage, const Work& work)
{
    CommandLine line(QStringLiteral("counterfoilctl ") + QLatin1String(usage.words), QString::fromLatin1(usage.description));
    line.addDatabaseOption();
    if (usage.positional > 0) {
        line.parser().addPositionalArgument(QStringLiteral("LOGIN"), QStringLiteral("2 to 64 of a-z, 0-9, dot, dash and underscore."));
    }
    if (usage.positional > 1) {
        line.parser().addPositionalArgument(QStringLiteral("ROLE"), roleNames());
    }
    if (usage.hasName) {
        line.addOption("name", "NAME", QStringLiteral("How the person is called; the login if it is left out."));
    }
    if (usage.hasPassword) {
        line.addOption("password-file", "FILE", QStringLiteral("Its first line is the password, of 10 characters at least; - reads it from standard input."), QStringLiteral("-"));
    }
    if (const auto end = line.read(arguments, true)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("nobody was added or changed");
    const QStringList given = line.parser().positionalArguments();
    if (given.size() != usage.positional) {
        return misused(line, usage.positional == 0 ? QStringLiteral("no further word is expected") : usage.positional == 1 ? QStringLiteral("one LOGIN is needed") : QStringLiteral("LOGIN and ROLE are needed"));
    }
    const SystemClock clock;
    const auto access = openDatabase(line, AccessMode::WriteBesideWorker, clock);
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    IdSource ids(clock, cliNode);
    People people(*access->connection, clock, ids, People::DatabaseLogins::Made);
    const Result<void> done = work(people, given, line);
    return done ? static_cast<int>(ExitCode::Done) : failed(line, done.error(), notDone);
}

} // namespace

int runUserAdd(const QStringList& arguments)
{
    return run(arguments, {"user add", "Adds somebody who may work with the console; on PostgreSQL also as a login of the database.", 2, true, true}, [](People& people, const QStringList& given, CommandLine& line) -> Result<void> {
        CF_ASSIGN(const Role role, parseEnum<Role>(given.at(1)));
        CF_ASSIGN(const QString password, passwordFrom(line.parser().value(QStringLiteral("password-file"))));
        const QString name = line.parser().value(QStringLiteral("name"));
        CF_TRY(people.add(actor, given.first(), name.isEmpty() ? given.first() : name, role, password));
        return {};
    });
}

int runUserRole(const QStringList& arguments)
{
    return run(arguments, {"user role", "Gives somebody another role. The last administrator keeps it.", 2}, [](People& people, const QStringList& given, CommandLine&) -> Result<void> {
        CF_ASSIGN(const Role role, parseEnum<Role>(given.at(1)));
        return people.setRole(actor, given.first(), role);
    });
}

int runUserPassword(const QStringList& arguments)
{
    return run(arguments, {"user password", "Gives somebody another password; on PostgreSQL as a login of the database.", 1, true}, [](People& people, const QStringList& given, CommandLine& line) -> Result<void> {
        CF_ASSIGN(const QString password, passwordFrom(line.parser().value(QStringLiteral("password-file"))));
        return people.setPassword(actor, given.first(), password);
    });
}

int runUserDisable(const QStringList& arguments)
{
    return run(arguments, {"user disable", "Keeps somebody from signing in; what the person did stays.", 1},
               [](People& people, const QStringList& given, CommandLine&) { return people.setDisabled(actor, given.first(), true); });
}

int runUserEnable(const QStringList& arguments)
{
    return run(arguments, {"user enable", "Lets somebody sign in again.", 1}, [](People& people, const QStringList& given, CommandLine&) { return people.setDisabled(actor, given.first(), false); });
}

int runUserList(const QStringList& arguments)
{
    return run(arguments, {"user list", "Lists who may work with the console.", 0}, [](People& people, const QStringList&, CommandLine&) -> Result<void> {
        CF_ASSIGN(const std::vector<Person> all, people.all());
        QTextStream out(stdout);
        for (const Person& person : all) {
            out << person.login << '\t' << toString(person.role) << '\t' << (person.isDisabled() ? "disabled" : person.passwordHash.isEmpty() ? "demonstration" : "may sign in") << '\t' << person.name << '\n';
        }
        return {};
    });
}

} // namespace counterfoil
