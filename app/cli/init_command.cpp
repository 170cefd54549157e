// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "app/common/database_setup.h"
#include "models/store/administration.h"
#include "models/store/migrator.h"

#include <QTextStream>

namespace counterfoil {

namespace {

/// What the database is now. Errors: AlreadyExistsDifferent when it is of another environment.
Result<int> publishedRevision(const DatabaseUrl& url, const QString& environment)
{
    CF_ASSIGN(const std::unique_ptr<Connection> connection, Connection::open(url, ConnectionRole::Reader));
    CF_ASSIGN(const QString known, setting(*connection, QStringLiteral("environment")));
    if (known != environment) {
        return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("the database is of the %1 environment and stays so").arg(known));
    }
    CF_ASSIGN(const auto published, publishedWorkflows(*connection));
    int newest = 0;
    for (const StoredWorkflow& workflow : published) {
        newest = workflow.workflow == u"order" ? std::max(newest, workflow.revision) : newest;
    }
    return newest;
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
    if (const auto made = setUpDatabase(*url, environment, SystemClock()); !made) {
        return unusable(line, made.error(), notDone);
    }
    const auto revision = publishedRevision(*url, environment);
    if (!revision) {
        return unusable(line, revision.error(), QStringLiteral("nothing was changed"));
    }
    QTextStream(stdout) << url->toText() << " is ready: " << environment << ", order workflow revision " << *revision << '\n';
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
    const auto published = [&]() -> Result<int> {
        CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(**connection));
        CF_ASSIGN(const int revision, publishBuiltInWorkflow(**connection, clock));
        CF_TRY(transaction.commit());
        return revision;
    }();
    if (!published) {
        return failed(line, published.error(), QStringLiteral("the tables were migrated, the order workflow was not published"));
    }
    QTextStream(stdout) << "migrations applied: " << *applied << '\n';
    return static_cast<int>(ExitCode::Done);
}

} // namespace counterfoil
