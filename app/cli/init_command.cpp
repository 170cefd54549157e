// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "models/store/administration.h"
#include "models/store/migrator.h"
#include "resources/resources.h"

#include <QFile>
#include <QTextStream>

namespace counterfoil {

namespace {

const QString environmentSetting = QStringLiteral("environment");

struct InitOutcome {
    int migrations = 0;
    int revision = 0;
};

Result<QString> defaultWorkflow()
{
    initResources();
    QFile file(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    if (!file.open(QFile::ReadOnly)) {
        return fail(ErrorCode::Internal, QStringLiteral("the program was built without its default workflow"));
    }
    return QString::fromUtf8(file.readAll());
}

/// A new database gets the default workflow; one that has a workflow keeps it.
Result<int> ensureWorkflow(Connection& connection, UtcTime now)
{
    CF_ASSIGN(const auto published, publishedWorkflows(connection));
    int newest = 0;
    for (const StoredWorkflow& workflow : published) {
        newest = workflow.workflow == u"order" ? std::max(newest, workflow.revision) : newest;
    }
    if (newest > 0) {
        return newest;
    }
    CF_ASSIGN(const QString scxml, defaultWorkflow());
    return publishWorkflow(connection, QStringLiteral("order"), scxml, QStringLiteral("cli"), now);
}

Result<InitOutcome> initialise(Connection& connection, const QString& environment, const Clock& clock)
{
    InitOutcome outcome;
    CF_ASSIGN(outcome.migrations, Migrator(connection, clock).migrate());
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
    CF_ASSIGN(const QString known, setting(connection, environmentSetting));
    if (!known.isEmpty() && known != environment) {
        return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("the database is of the %1 environment and stays so").arg(known));
    }
    CF_TRY(setSetting(connection, environmentSetting, environment));
    CF_ASSIGN(outcome.revision, ensureWorkflow(connection, clock.now()));
    CF_TRY(transaction.commit());
    return outcome;
}

} // namespace

int runInit(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl init"), QStringLiteral("Makes a database: tables, the default order workflow, and which environment it is of.\n"
                                                                           "On a database that is complete it changes nothing."));
    line.addDatabaseOption();
    line.addOption("environment", "NAME", QStringLiteral("sandbox or live; it can't be changed later."), QStringLiteral("sandbox"));
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("the database was not made");
    const QString environment = line.value("environment");
    if (environment != u"sandbox" && environment != u"live") {
        return misused(line, QStringLiteral("--environment is sandbox or live, not '%1'").arg(environment));
    }
    const auto url = line.database();
    if (!url) {
        return unusable(line, url.error(), notDone);
    }
    const auto lock = WriterLock::acquire(*url);
    if (!lock) {
        return unusable(line, lock.error(), notDone);
    }
    const auto connection = Connection::open(*url, ConnectionRole::Writer);
    if (!connection) {
        return unusable(line, connection.error(), notDone);
    }
    const SystemClock clock;
    const auto outcome = initialise(**connection, environment, clock);
    if (!outcome) {
        return unusable(line, outcome.error(), notDone);
    }
    QTextStream(stdout) << url->toText() << (outcome->migrations > 0 ? " is ready" : " was ready already") << ": " << environment << ", order workflow revision "
                        << outcome->revision << '\n';
    return static_cast<int>(ExitCode::Done);
}

int runMigrate(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl migrate"), QStringLiteral("Brings the tables of an older database up to this program's version. Make a backup first."));
    line.addDatabaseOption();
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("nothing was migrated");
    const SystemClock clock;
    const auto url = line.database();
    if (!url) {
        return unusable(line, url.error(), notDone);
    }
    // Opening for reading first: a mistyped path makes no new file.
    const auto existing = Connection::open(*url, ConnectionRole::Reader);
    if (!existing) {
        return unusable(line, existing.error(), notDone);
    }
    const auto state = Migrator(**existing, clock).inspect();
    if (!state) {
        return unusable(line, state.error(), notDone);
    }
    if (*state == SchemaState::Empty) {
        return static_cast<int>(line.complain({QStringLiteral("%1 is empty").arg(url->toText()), notDone, QStringLiteral("run `counterfoilctl init`")}, ExitCode::Unusable));
    }
    const auto lock = WriterLock::acquire(*url);
    if (!lock) {
        return unusable(line, lock.error(), notDone);
    }
    const auto connection = Connection::open(*url, ConnectionRole::Writer);
    if (!connection) {
        return unusable(line, connection.error(), notDone);
    }
    const auto applied = Migrator(**connection, clock).migrate();
    if (!applied) {
        return failed(line, applied.error(), notDone);
    }
    QTextStream(stdout) << "migrations applied: " << *applied << '\n';
    return static_cast<int>(ExitCode::Done);
}

} // namespace counterfoil
