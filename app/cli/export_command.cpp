// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "workflows/services/journal/journal_export.h"

#include <QFile>
#include <QSaveFile>
#include <QTextStream>

#include <cstdio>

namespace counterfoil {

namespace {

Result<JournalSummary> exportToFile(Connection& connection, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(path, file.errorString()));
    }
    CF_ASSIGN(const JournalSummary summary, exportJournal(connection, file));
    if (!file.commit()) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(path, file.errorString()));
    }
    return summary;
}

Result<JournalSummary> exportToOutput(Connection& connection)
{
    QFile output;
    if (!output.open(stdout, QIODevice::WriteOnly)) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("the standard output: %1").arg(output.errorString()));
    }
    CF_ASSIGN(const JournalSummary summary, exportJournal(connection, output));
    if (!output.flush()) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("the standard output: %1").arg(output.errorString()));
    }
    return summary;
}

} // namespace

int runExportJournal(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl export journal"), QStringLiteral("Writes the whole ledger as a journal that hledger reads."));
    line.addDatabaseOption();
    line.addOption("output", "FILE", QStringLiteral("Where to; without it, the standard output. The file is replaced only when all is written."));
    if (const auto end = line.read(arguments)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("no journal was written");
    const auto access = openDatabase(line, AccessMode::Read, SystemClock());
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    const QString path = line.value("output");
    const auto summary = path.isEmpty() ? exportToOutput(*access->connection) : exportToFile(*access->connection, path);
    if (!summary) {
        return failed(line, summary.error(), notDone);
    }
    QTextStream(stderr) << summary->entries << " entries with " << summary->postings << " postings of " << summary->accounts << " accounts\n";
    return static_cast<int>(ExitCode::Done);
}

} // namespace counterfoil
