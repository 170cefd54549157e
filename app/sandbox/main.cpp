// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_gateway.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTextStream>

#include <csignal>
#include <cstdio>

#include <unistd.h>

namespace {

using namespace counterfoil;

constexpr int exitFailed = 1;
constexpr int exitUsage = 2;

int complain(const QString& message, int code)
{
    QTextStream(stderr) << "counterfoil-sandbox: " << message << '\n';
    return code;
}

Result<void> readListen(const QString& text, SandboxOptions& options)
{
    const qsizetype colon = text.lastIndexOf(u':');
    bool isNumber = false;
    const ushort port = colon < 0 ? ushort(0) : text.mid(colon + 1).toUShort(&isNumber);
    if (!isNumber) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--listen takes ADDRESS:PORT"));
    }
    options.listenAddress = text.left(colon).remove(u'[').remove(u']');
    options.port = port;
    return {};
}

Result<SandboxOptions> readOptions(const QCommandLineParser& parser)
{
    SandboxOptions options;
    CF_TRY(readListen(parser.value(QStringLiteral("listen")), options));
    bool isNumber = false;
    options.seed = parser.value(QStringLiteral("seed")).toULongLong(&isNumber);
    options.apiKey = parser.value(QStringLiteral("api-key"));
    options.stateFile = parser.value(QStringLiteral("state"));
    options.callbackUrl = parser.value(QStringLiteral("callback"));
    options.callbackSecret = parser.value(QStringLiteral("callback-secret"));
    if (!isNumber) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--seed takes a whole number"));
    }
    if (!options.apiKey.startsWith(QStringLiteral("sk_test_"))) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--api-key takes a key that begins with sk_test_"));
    }
    if (options.callbackUrl.isEmpty() != options.callbackSecret.isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--callback and --callback-secret go together"));
    }
    if (!options.callbackUrl.isEmpty() && QUrl(options.callbackUrl).scheme() != QLatin1StringView("http")) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--callback takes an address with http://"));
    }
    if (parser.isSet(QStringLiteral("scenario"))) {
        CF_ASSIGN(options.scenario, readScenario(parser.value(QStringLiteral("scenario"))));
    }
    return options;
}

void describe(QCommandLineParser& parser)
{
    parser.setApplicationDescription(QStringLiteral("A payment gateway for tests that speaks Stripe's API, in memory."));
    parser.addOptions({
        {QStringLiteral("listen"), QStringLiteral("Where to listen; port 0 takes a free one."), QStringLiteral("ADDRESS:PORT"),
         QStringLiteral("127.0.0.1:12111")},
        {QStringLiteral("scenario"), QStringLiteral("Faults to inject, as JSON."), QStringLiteral("FILE")},
        {QStringLiteral("seed"), QStringLiteral("What the faults and ids depend on."), QStringLiteral("N"), QStringLiteral("1")},
        {QStringLiteral("api-key"), QStringLiteral("The only key accepted."), QStringLiteral("sk_test_…"),
         QStringLiteral("sk_test_counterfoil")},
        {QStringLiteral("state"), QStringLiteral("Keeps the objects here for the next start."), QStringLiteral("FILE")},
        {QStringLiteral("callback"), QStringLiteral("Where to send every event."), QStringLiteral("URL")},
        {QStringLiteral("callback-secret"), QStringLiteral("What to sign these with."), QStringLiteral("whsec_…")},
        {{QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Shows this help.")},
        {{QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Shows the version.")},
    });
}

} // namespace

int main(int argc, char** argv)
{
    // Blocked before any thread starts, so that only the thread that waits for them takes them.
    sigset_t signalSet;
    sigemptyset(&signalSet);
    sigaddset(&signalSet, SIGTERM);
    sigaddset(&signalSet, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signalSet, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("counterfoil-sandbox"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERFOIL_VERSION));
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(QCoreApplication::arguments()) || !parser.positionalArguments().isEmpty()) {
        return complain(parser.errorText().isEmpty() ? QStringLiteral("takes options only") : parser.errorText(), exitUsage);
    }
    if (parser.isSet(QStringLiteral("help"))) {
        QTextStream(stdout) << parser.helpText();
        return 0;
    }
    if (parser.isSet(QStringLiteral("version"))) {
        QTextStream(stdout) << "counterfoil-sandbox " COUNTERFOIL_VERSION "\n";
        return 0;
    }
    auto options = readOptions(parser);
    if (!options) {
        return complain(options.error().text(), exitUsage);
    }
    options->shutdownRequested = [] { kill(getpid(), SIGTERM); };
    SandboxGateway gateway(std::move(*options));
    const auto url = gateway.start();
    if (!url) {
        return complain(url.error().text(), exitFailed);
    }
    QTextStream(stdout) << "Sandbox ready at " << url->toString() << Qt::endl;
    int received = 0;
    sigwait(&signalSet, &received);
    gateway.stop();
    return 0;
}
