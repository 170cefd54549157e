// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/database_access.h"

#include "models/store/migrator.h"

#include <QFileInfo>

namespace counterfoil {

namespace {

/// SQLite opens a file that it may not write to all the same, and says so only in the middle of the work.
Result<void> checkWritable(const DatabaseUrl& url)
{
    const QFileInfo file(url.path);
    if (url.kind == DatabaseKind::Sqlite && file.exists() && !file.isWritable()) {
        return fail(ErrorCode::DatabaseReadOnly, QStringLiteral("the database %1 may not be written to").arg(url.path));
    }
    return {};
}

QString wordsOf(const Error& error)
{
    return error.detail.isEmpty() ? toString(error.code) : error.detail;
}

} // namespace

Result<DatabaseAccess> openDatabase(const CommandLine& line, AccessMode mode, const Clock& clock)
{
    CF_ASSIGN(const DatabaseUrl url, line.database());
    DatabaseAccess access;
    if (mode != AccessMode::Read) {
        if (url.kind == DatabaseKind::Sqlite && !url.path.startsWith(u"file:") && !QFileInfo::exists(url.path)) {
            return fail(ErrorCode::DatabaseUnavailable, QStringLiteral("there is no database at %1").arg(url.path));
        }
        CF_TRY(checkWritable(url));
    }
    if (mode == AccessMode::Write) {
        CF_ASSIGN(access.lock, WriterLock::acquire(url));
    }
    CF_ASSIGN(access.connection, openCurrent(url, mode == AccessMode::Read ? ConnectionRole::Reader : ConnectionRole::Writer, clock));
    return access;
}

int unusable(const CommandLine& line, const Error& error, const QString& notDone)
{
    return static_cast<int>(line.complain({wordsOf(error), notDone, remedyFor(error)}, ExitCode::Unusable));
}

int failed(const CommandLine& line, const Error& error, const QString& notDone)
{
    return static_cast<int>(line.complain({wordsOf(error), notDone, remedyFor(error)}, ExitCode::Failed));
}

int misused(const CommandLine& line, const QString& wrong)
{
    return static_cast<int>(line.complain({wrong, QStringLiteral("nothing was done"), QStringLiteral("see --help")}, ExitCode::Unusable));
}

} // namespace counterfoil
