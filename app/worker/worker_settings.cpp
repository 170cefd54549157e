// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/worker_settings.h"

#include "models/base/text.h"
#include "workflows/gateway/key_file.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QSysInfo>

namespace counterfoil {

namespace {

constexpr int nameLengthMax = 64;

Result<void> readListen(const CommandLine& commandLine, WorkerSettings& settings)
{
    const QString text = commandLine.value("listen");
    const qsizetype colon = text.lastIndexOf(u':');
    bool isNumber = false;
    settings.listenPort = colon < 0 ? quint16(0) : text.mid(colon + 1).toUShort(&isNumber);
    QString address = text.left(std::max<qsizetype>(colon, 0));
    if (address.startsWith(u'[') && address.endsWith(u']')) {
        address = address.mid(1).chopped(1);
    }
    if (!isNumber || QHostAddress(address).isNull()) {
        return fail(ErrorCode::ConfigurationInvalid,
                    QStringLiteral("--listen takes ADDRESS:PORT with a literal address, as 127.0.0.1:8480, not '%1'").arg(visibleText(text, 80)));
    }
    settings.listenAddress = address;
    return {};
}

Result<void> readGateway(const CommandLine& commandLine, WorkerOptions& worker)
{
    const QString text = commandLine.value("gateway-url");
    worker.gatewayUrl = QUrl(text, QUrl::StrictMode);
    const bool isLocal = QHostAddress(worker.gatewayUrl.host()).isLoopback() || worker.gatewayUrl.host() == u"localhost";
    const bool isPlain = worker.gatewayUrl.scheme() == u"http";
    if (worker.gatewayUrl.host().isEmpty() || (worker.gatewayUrl.scheme() != u"https" && !isPlain)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--gateway-url '%1' is no http address").arg(visibleText(text, 80)));
    }
    CF_ASSIGN(worker.gatewayKey, loadGatewayKey(commandLine.value("gateway-key-file")));
    if (isPlain && !isLocal && !worker.gatewayKey.startsWith("sk_test_")) {
        return fail(ErrorCode::ConfigurationInvalid,
                    QStringLiteral("--gateway-url is not encrypted: a key that isn't for tests goes over https only"));
    }
    return {};
}

Result<std::vector<QByteArray>> readCallbackSecrets(CommandLine& commandLine)
{
    std::vector<QByteArray> secrets;
    for (const QString& path : commandLine.parser().values(QStringLiteral("callback-secret-file"))) {
        CF_ASSIGN(QByteArray secret, readSecretFile(path));
        secrets.push_back(std::move(secret));
    }
    if (secrets.empty()) {
        for (const QByteArray& secret : qgetenv(callbackSecretVariable).simplified().split(' ')) {
            if (!secret.isEmpty()) {
                secrets.push_back(secret);
            }
        }
    }
    if (secrets.empty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("no secret to verify callbacks with: give --callback-secret-file or set %1")
                                                         .arg(QLatin1String(callbackSecretVariable)));
    }
    return secrets;
}

} // namespace

void addWorkerOptions(CommandLine& commandLine)
{
    commandLine.addDatabaseOption();
    commandLine.addOption("listen", "ADDRESS:PORT", QStringLiteral("Where callbacks and orders come in; port 0 takes a free one."),
                          QStringLiteral("127.0.0.1:8480"));
    commandLine.addOption("gateway-url", "URL", QStringLiteral("The gateway."), QStringLiteral("https://api.stripe.com"));
    commandLine.addOption("gateway-key-file", "FILE",
                          QStringLiteral("The gateway's secret key, in a file of mode 0600. Without it, %1 holds it.").arg(QLatin1String(gatewayKeyVariable)));
    commandLine.addOption("callback-secret-file", "FILE",
                          QStringLiteral("A secret that callbacks are signed with, in a file of mode 0600; may be repeated. Without it, %1 holds them.")
                              .arg(QLatin1String(callbackSecretVariable)));
    commandLine.addOption("callback-url", "URL", QStringLiteral("Where the gateway reaches the listener; shown in the console."));
    commandLine.addOption("audit-anchor", "FILE",
                          QStringLiteral("Adds the head of the audit chain to this file every minute; kept where the database's owner can't write, it shows what was cut off."));
    commandLine.addOption("trusted-proxy", "ADDRESS", QStringLiteral("An address or network without a limit of connections; may be repeated."));
    commandLine.addOption("in-flight", "N", QStringLiteral("Gateway requests under way at once, at most."), QStringLiteral("16"));
    commandLine.addOption("stored-error-patience", "SECONDS",
                          QStringLiteral("How long the gateway may repeat a stored error before a payment gets a new key."), QStringLiteral("600"));
    commandLine.addOption("escalate-after", "SECONDS", QStringLiteral("How long a job may fail before it has a case."), QStringLiteral("900"));
    commandLine.addOption("watch-interval", "SECONDS", QStringLiteral("Between two looks for orders that nothing will ever move."), QStringLiteral("60"));
    commandLine.addOption("name", "NAME", QStringLiteral("This worker's name; unique among those that run. Without it, host name and process id."));
    commandLine.addOption("node", "N", QStringLiteral("The part of every id that tells workers apart, 0 to 1023. Without it, one that no other worker has."));
    commandLine.addLogOptions();
}

Result<WorkerSettings> readWorkerSettings(CommandLine& commandLine)
{
    WorkerSettings settings;
    CF_ASSIGN(settings.log, commandLine.logOptions());
    CF_ASSIGN(settings.worker.database, commandLine.database());
    CF_TRY(readListen(commandLine, settings));
    if (commandLine.isSet("node")) {
        CF_ASSIGN(const qint64 node, commandLine.number("node", 0, 1023));
        settings.worker.node = static_cast<int>(node);
    }
    CF_ASSIGN(const qint64 inFlight, commandLine.number("in-flight", 1, 256));
    CF_ASSIGN(const qint64 patience, commandLine.number("stored-error-patience", 1, 86'400));
    CF_ASSIGN(const qint64 escalateAfter, commandLine.number("escalate-after", 1, 86'400));
    CF_ASSIGN(const qint64 watchInterval, commandLine.number("watch-interval", 1, 86'400));
    settings.worker.requestsInFlight = static_cast<int>(inFlight);
    settings.worker.escalateAfter = Duration::seconds(escalateAfter);
    settings.worker.watchInterval = Duration::seconds(watchInterval);
    settings.worker.storedErrorPatience = Duration::seconds(patience);
    const QString name = commandLine.isSet("name")
                             ? commandLine.value("name")
                             : QStringLiteral("%1-%2").arg(QSysInfo::machineHostName().left(48)).arg(QCoreApplication::applicationPid());
    const auto parsedName = parseLine(name, nameLengthMax, "--name");
    if (!parsedName) {
        return fail(ErrorCode::ConfigurationInvalid, parsedName.error().detail);
    }
    settings.worker.name = *parsedName;
    CF_TRY(readGateway(commandLine, settings.worker));
    CF_ASSIGN(settings.callbackSecrets, readCallbackSecrets(commandLine));
    settings.trustedProxies = commandLine.parser().values(QStringLiteral("trusted-proxy"));
    settings.worker.auditAnchor = commandLine.value("audit-anchor");
    settings.worker.callbackUrl = commandLine.value("callback-url");
    return settings;
}

} // namespace counterfoil
