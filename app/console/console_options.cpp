// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console_options.h"

#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>

namespace counterfoil {

namespace {

QString dataDirectory(const QString& name)
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)).filePath(name);
}

DatabaseUrl fileIn(const QString& directory)
{
    DatabaseUrl url;
    url.kind = DatabaseKind::Sqlite;
    url.path = QDir(directory).absoluteFilePath(QStringLiteral("counterfoil.db"));
    return url;
}

Result<std::optional<ThemeMode>> themeOf(const QString& text)
{
    if (text.isEmpty()) {
        return std::nullopt;
    }
    for (const ThemeMode mode : {ThemeMode::System, ThemeMode::Light, ThemeMode::Dark}) {
        if (text == toString(mode)) {
            return mode;
        }
    }
    return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--theme is light, dark or system, not '%1'").arg(text));
}

} // namespace

Result<ConsoleOptions> ConsoleOptions::parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Counterfoil: payment operations console.\n\n"
                                                    "Without options it opens its own database and runs the worker itself."));
    const QCommandLineOption database(QStringLiteral("database"),
                                      QStringLiteral("Open this database: sqlite:PATH or postgresql://user@host:port/name (or set COUNTERFOIL_DATABASE)."),
                                      QStringLiteral("URL"));
    const QCommandLineOption demo(QStringLiteral("demo"), QStringLiteral("Open the demo: sample orders, a sandbox gateway and a worker, all in this process."));
    const QCommandLineOption directory(QStringLiteral("directory"), QStringLiteral("Where the demo keeps its data."), QStringLiteral("DIR"));
    const QCommandLineOption tour(QStringLiteral("tour"), QStringLiteral("Save a picture of every page and dialog into this directory, then end."), QStringLiteral("DIR"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark or system."), QStringLiteral("NAME"));
    const QCommandLineOption gatewayKey(QStringLiteral("gateway-key-file"),
                                        QStringLiteral("A key to look payments up at the gateway with, in a file of mode 0600: a restricted one that may only read is enough."), QStringLiteral("FILE"));
    const QCommandLineOption gatewayUrl(QStringLiteral("gateway-url"), QStringLiteral("The gateway."), QStringLiteral("URL"), QStringLiteral("https://api.stripe.com"));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Show this help."));
    const QCommandLineOption version({QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Show the version."));
    parser.addOptions({database, demo, directory, tour, theme, gatewayKey, gatewayUrl, help, version});
    if (!parser.parse(arguments)) {
        return fail(ErrorCode::ConfigurationInvalid, parser.errorText());
    }
    ConsoleOptions options;
    if (parser.isSet(help)) {
        options.printAndQuit = parser.helpText();
        return options;
    }
    if (parser.isSet(version)) {
        options.printAndQuit = QStringLiteral("counterfoil %1\n").arg(QStringLiteral(COUNTERFOIL_VERSION));
        return options;
    }
    if (!parser.positionalArguments().isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("'%1' is not an option").arg(parser.positionalArguments().constFirst()));
    }
    if (parser.isSet(demo) && parser.isSet(database)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--demo has its own database: leave --database out"));
    }
    if (parser.isSet(directory) && !parser.isSet(demo)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--directory is where the demo keeps its data: add --demo, or name a database with --database"));
    }
    CF_ASSIGN(options.theme, themeOf(parser.value(theme)));
    options.tourDirectory = parser.value(tour);
    options.gatewayKeyFile = parser.value(gatewayKey);
    options.gatewayUrl = QUrl(parser.value(gatewayUrl), QUrl::StrictMode);
    if (options.gatewayUrl.host().isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--gateway-url '%1' is no http address").arg(parser.value(gatewayUrl)));
    }
    options.demo = parser.isSet(demo);
    options.demoDirectory = parser.isSet(directory) ? parser.value(directory) : dataDirectory(QStringLiteral("counterfoil-demo"));
    const QString named = parser.isSet(database) ? parser.value(database) : qEnvironmentVariable("COUNTERFOIL_DATABASE");
    if (options.demo) {
        options.database = fileIn(options.demoDirectory);
    } else if (!named.isEmpty()) {
        CF_ASSIGN(options.database, DatabaseUrl::parse(named));
    } else {
        options.embedded = true;
        options.database = fileIn(dataDirectory(QStringLiteral("counterfoil")));
    }
    return options;
}

} // namespace counterfoil
