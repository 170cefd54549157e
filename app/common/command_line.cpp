// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_line.h"

#include "models/base/text.h"
#include "workflows/gateway/redaction.h"

#include <QTextStream>

#include <cstdio>

namespace counterfoil {

namespace {

constexpr int lineLengthMax = 2000;

} // namespace

QString complaintLine(const QString& program, const Complaint& complaint)
{
    QStringList parts{complaint.wrong, complaint.notDone, complaint.remedy};
    parts.removeAll(QString());
    return visibleText(redact(program + QStringLiteral(": ") + parts.join(QStringLiteral("; "))), lineLengthMax);
}

QString remedyFor(const Error& error)
{
    switch (error.code) {
    case ErrorCode::DatabaseTooOld:
        return QStringLiteral("run `counterfoilctl migrate` (`counterfoilctl init` for a new database)");
    case ErrorCode::DatabaseTooNew:
        return QStringLiteral("use the program version that made the database, or a newer one");
    case ErrorCode::DatabaseInUse:
        return QStringLiteral("stop the other worker first; an SQLite database has one");
    case ErrorCode::DatabaseUnavailable:
        return QStringLiteral("check the address in --database and that the server runs and lets this user in");
    case ErrorCode::DatabaseReadOnly:
    case ErrorCode::FileNotWritable:
        return QStringLiteral("check the permissions of the file and its folder");
    case ErrorCode::DatabaseFull:
        return QStringLiteral("make room on the disk");
    case ErrorCode::DatabaseCorrupt:
    case ErrorCode::Integrity:
        return QStringLiteral("stop all workers and restore from a backup, or ask for help with `counterfoilctl verify`");
    case ErrorCode::DurabilityTooWeak:
        return QStringLiteral("set synchronous_commit and fsync to on at the server");
    case ErrorCode::AddressInUse:
        return QStringLiteral("stop what listens there, or choose another address with --listen");
    case ErrorCode::FileUnreadable:
        return QStringLiteral("check the path and that this user may read it");
    case ErrorCode::WorkflowInvalid:
        return QStringLiteral("publish a corrected workflow");
    default:
        return {};
    }
}

CommandLine::CommandLine(QString name, const QString& description) : m_name(std::move(name))
{
    m_parser.setApplicationDescription(description);
    m_parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Shows this help.")});
    m_parser.addOption({{QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Shows the version.")});
}

void CommandLine::addOption(const char* name, const char* valueName, const QString& description, const QString& defaultValue)
{
    m_parser.addOption({QString::fromLatin1(name),
                        defaultValue.isEmpty() ? description : QStringLiteral("%1 [%2]").arg(description, defaultValue),
                        QString::fromLatin1(valueName), defaultValue});
}

void CommandLine::addDatabaseOption()
{
    addOption("database", "URL",
              QStringLiteral("The database: sqlite:PATH or postgresql://user@host:port/name. Without it, %1 names it.")
                  .arg(QLatin1String(databaseVariable)));
}

void CommandLine::addLogOptions()
{
    addOption("log", "FORMAT", QStringLiteral("How to log to standard error: text or json."), QStringLiteral("text"));
    addOption("log-level", "LEVEL", QStringLiteral("What to log: debug, info, warning or error and above."), QStringLiteral("info"));
}

std::optional<ExitCode> CommandLine::read(const QStringList& arguments, bool takesPositional)
{
    const QString remedy = QStringLiteral("see `%1 --help`").arg(m_name);
    if (!m_parser.parse(arguments)) {
        QString wrong = m_parser.errorText();
        while (wrong.endsWith(u'.')) {
            wrong.chop(1);
        }
        return complain({wrong, QStringLiteral("nothing was done"), remedy}, ExitCode::Unusable);
    }
    if (m_parser.isSet(QStringLiteral("help"))) {
        QTextStream(stdout) << m_parser.helpText();
        return ExitCode::Done;
    }
    if (m_parser.isSet(QStringLiteral("version"))) {
        QTextStream(stdout) << m_name << ' ' << COUNTERFOIL_VERSION << '\n';
        return ExitCode::Done;
    }
    if (const QStringList left = m_parser.positionalArguments(); !takesPositional && !left.isEmpty()) {
        return complain({QStringLiteral("it takes options only, not '%1'").arg(left.first()), QStringLiteral("nothing was done"), remedy},
                        ExitCode::Unusable);
    }
    return std::nullopt;
}

Result<DatabaseUrl> CommandLine::database() const
{
    const QString given = isSet("database") ? value("database") : qEnvironmentVariable(databaseVariable);
    if (given.isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid,
                    QStringLiteral("no database is named: give --database or set %1").arg(QLatin1String(databaseVariable)));
    }
    return DatabaseUrl::parse(given);
}

Result<LogOptions> CommandLine::logOptions() const
{
    LogOptions options;
    CF_ASSIGN(options.format, parseLogFormat(value("log")));
    CF_ASSIGN(options.level, parseLogLevel(value("log-level")));
    return options;
}

Result<qint64> CommandLine::number(const char* option, qint64 least, qint64 most) const
{
    bool isNumber = false;
    const qint64 result = value(option).toLongLong(&isNumber);
    if (!isNumber || result < least || result > most) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--%1 takes a whole number from %2 to %3, not '%4'")
                                                         .arg(QLatin1String(option))
                                                         .arg(least)
                                                         .arg(most)
                                                         .arg(visibleText(value(option), 40)));
    }
    return result;
}

ExitCode CommandLine::complain(const Complaint& complaint, ExitCode code) const
{
    QTextStream(stderr) << complaintLine(m_name, complaint) << '\n';
    return code;
}

ExitCode CommandLine::complain(const Error& error, const QString& notDone) const
{
    const bool isConfiguration = error.code == ErrorCode::ConfigurationInvalid || error.code == ErrorCode::FileUnreadable;
    return complain({error.detail.isEmpty() ? toString(error.code) : error.detail, notDone, remedyFor(error)},
                    isConfiguration ? ExitCode::Unusable : ExitCode::Failed);
}

} // namespace counterfoil
