// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/logging.h"
#include "models/store/database_url.h"

#include <QCommandLineParser>

#include <optional>

namespace counterfoil {

/// How every program of ours ends.
enum class ExitCode {
    Done = 0,
    /// It was understood and tried, and did not succeed.
    Failed = 1,
    /// It could not begin: wrong options, a missing or unfit configuration.
    Unusable = 2,
};

/// The environment variable that names the database where `--database` doesn't.
inline constexpr const char* databaseVariable = "COUNTERFOIL_DATABASE";

/// What a person is told when something can't be done, in this order. Parts may be empty.
struct Complaint {
    QString wrong;
    QString notDone;
    QString remedy;
};

/// `NAME: what was wrong; what was not done; what to do`: one line, redacted, without a line end.
QString complaintLine(const QString& program, const Complaint& complaint);

/// What a person can do about an error of starting, opening or connecting; empty if the error's own words say it.
QString remedyFor(const Error& error);

/// What the command lines of all programs share: `--database`, `--log`, `--log-level`, `--help`, `--version`, and how they complain.
class CommandLine {
public:
    /// `name` as it is typed.
    CommandLine(QString name, const QString& description);

    QCommandLineParser& parser() { return m_parser; }
    /// The value of a named option; its default, or empty.
    QString value(const char* option) const { return m_parser.value(QLatin1String(option)); }
    bool isSet(const char* option) const { return m_parser.isSet(QLatin1String(option)); }

    void addDatabaseOption();
    void addLogOptions();
    /// An option that takes a value. A default is shown in the help.
    void addOption(const char* name, const char* valueName, const QString& description, const QString& defaultValue = {});

    /// Reads the arguments. Gives how to end if there is nothing more to do: after --help and --version, or after options that
    /// can't be read (said on standard error).
    std::optional<ExitCode> read(const QStringList& arguments, bool takesPositional = false);

    /// From --database or COUNTERFOIL_DATABASE. Errors: ConfigurationInvalid.
    Result<DatabaseUrl> database() const;
    /// Errors: ConfigurationInvalid.
    Result<LogOptions> logOptions() const;
    /// A whole number of an option within bounds. Errors: ConfigurationInvalid.
    Result<qint64> number(const char* option, qint64 least, qint64 most) const;

    /// Says it on standard error and gives `code` back.
    ExitCode complain(const Complaint& complaint, ExitCode code) const;
    /// The same for an error, with the remedy that belongs to it. Configuration errors give Unusable, others Failed.
    ExitCode complain(const Error& error, const QString& notDone) const;

private:
    QString m_name;
    QCommandLineParser m_parser;
};

} // namespace counterfoil
