// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/embedded_services.h"

#include "app/common/database_setup.h"
#include "app/common/http_server.h"
#include "app/sandbox/sandbox_gateway.h"
#include "app/worker/api_service.h"
#include "app/worker/worker_api_port.h"
#include "workflows/operators/people.h"

#include <QFile>
#include <QRandomGenerator>

#include <mutex>

namespace counterfoil {

struct EmbeddedServices::Private {
    EmbeddedOptions options;
    SystemClock clock;
    std::unique_ptr<SandboxGateway> sandbox;
    std::unique_ptr<WorkerHost> worker;
    std::unique_ptr<WorkerApiPort> port;
    std::mutex apiMutex;
    std::shared_ptr<ApiService> api;
    std::unique_ptr<HttpServer> listener;

    std::shared_ptr<ApiService> currentApi()
    {
        const std::scoped_lock lock(apiMutex);
        return api;
    }
    void setApi(std::shared_ptr<ApiService> next)
    {
        const std::scoped_lock lock(apiMutex);
        api.swap(next);
    }

    Result<QUrl> startSandbox(const QUrl& listenerUrl, const QString& secret);
};

namespace {

/// Beside those that workers claim and those of consoles.
constexpr int setUpNode = 1020;

QByteArray randomBytes(int count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes;
}

QString builtInScenario(const QString& nameOrFile)
{
    const QString builtIn = QStringLiteral(":/counterfoil/demo/scenarios/%1.json").arg(nameOrFile);
    return QFile::exists(builtIn) ? builtIn : nameOrFile;
}

} // namespace

EmbeddedServices::EmbeddedServices(EmbeddedOptions options) : d(std::make_unique<Private>())
{
    d->options = std::move(options);
}

EmbeddedServices::~EmbeddedServices()
{
    stop();
}

Result<QUrl> EmbeddedServices::Private::startSandbox(const QUrl& listenerUrl, const QString& secret)
{
    SandboxOptions settings;
    settings.seed = options.seed;
    settings.stateFile = options.sandboxState;
    settings.callbackUrl = listenerUrl.toString() + QStringLiteral("/v1/callbacks/stripe");
    settings.callbackSecret = secret;
    CF_ASSIGN(settings.scenario, readScenario(builtInScenario(options.scenario)));
    sandbox = std::make_unique<SandboxGateway>(settings);
    options.gatewayKey = settings.apiKey.toUtf8();
    return sandbox->start();
}

Result<void> EmbeddedServices::start()
{
    const bool withSandbox = d->options.withSandbox;
    const bool testKey = d->options.gatewayKey.startsWith("sk_test_") || d->options.gatewayKey.startsWith("rk_test_");
    CF_TRY(setUpDatabase(d->options.database, withSandbox || testKey ? QStringLiteral("sandbox") : QStringLiteral("live"), d->clock));
    if (withSandbox) {
        CF_ASSIGN(const auto connection, Connection::open(d->options.database, ConnectionRole::Writer));
        IdSource ids(d->clock, setUpNode);
        CF_TRY(addDemonstrationPeople(*connection, d->clock, ids));
    }
    // The listener's address is needed by the sandbox, the sandbox's by the worker, the worker by the listener: what is asked of the
    // listener before the worker runs is answered 503 and sent again.
    const QString secret = QStringLiteral("whsec_") + QString::fromLatin1(randomBytes(24).toHex());
    d->listener = std::make_unique<HttpServer>(HttpLimits{}, [this](HttpRequest request, HttpRespond respond) {
        if (const std::shared_ptr<ApiService> api = d->currentApi()) {
            api->handle(std::move(request), std::move(respond));
        } else {
            respond({503, "application/json", "{}", {}});
        }
    });
    CF_ASSIGN(const quint16 port, d->listener->start(QStringLiteral("127.0.0.1"), 0));
    const QUrl listenerUrl(QStringLiteral("http://127.0.0.1:%1").arg(port));
    WorkerOptions worker;
    worker.database = d->options.database;
    worker.gatewayUrl = d->options.gatewayUrl;
    worker.callbackUrl = listenerUrl.toString();
    worker.escalateAfter = d->options.escalateAfter;
    worker.watchInterval = d->options.watchInterval;
    if (withSandbox) {
        CF_ASSIGN(worker.gatewayUrl, d->startSandbox(listenerUrl, secret));
        d->options.gatewayUrl = worker.gatewayUrl;
        // Nobody waits ten minutes for a gateway of one's own.
        worker.storedErrorPatience = Duration::seconds(5);
        worker.escalateAfter = std::min(worker.escalateAfter, Duration::minutes(1));
        worker.watchInterval = std::min(worker.watchInterval, Duration::seconds(10));
    }
    worker.gatewayKey = d->options.gatewayKey;
    d->worker = std::make_unique<WorkerHost>(worker);
    if (const auto started = d->worker->start(); !started) {
        d->worker.reset();
        return started;
    }
    d->port = std::make_unique<WorkerApiPort>(*d->worker, d->options.database);
    d->setApi(std::make_shared<ApiService>(*d->port, d->clock, ApiOptions{{secret.toUtf8()}, [this] { return d->listener->statistics(); }}));
    return {};
}

void EmbeddedServices::stop()
{
    // From the outside in: nobody is asked who is gone already.
    if (d->listener) {
        d->listener->stop();
    }
    if (d->worker) {
        d->worker->stop();
    }
    d->setApi(nullptr);
    d->port.reset();
    d->worker.reset();
    if (d->sandbox) {
        d->sandbox->stop();
    }
}

WorkerHost& EmbeddedServices::worker()
{
    require(d->worker != nullptr, "the services were started");
    return *d->worker;
}

QUrl EmbeddedServices::gatewayUrl() const
{
    return d->options.gatewayUrl;
}

QByteArray EmbeddedServices::gatewayKey() const
{
    return d->options.gatewayKey;
}

QJsonObject EmbeddedServices::sandboxStatistics() const
{
    return d->sandbox ? d->sandbox->stats() : QJsonObject();
}

} // namespace counterfoil
