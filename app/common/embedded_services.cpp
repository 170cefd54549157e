// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/embedded_services.h"

#include "app/common/database_setup.h"
#include "app/sandbox/sandbox_gateway.h"

#include <QFile>
#include <QRandomGenerator>

namespace counterfoil {

struct EmbeddedServices::Private {
    EmbeddedOptions options;
    SystemClock clock;
    std::unique_ptr<SandboxGateway> sandbox;
    std::unique_ptr<WorkerHost> worker;
};

namespace {

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

Result<void> EmbeddedServices::start()
{
    const QString environment = d->options.withSandbox ? QStringLiteral("sandbox") : QStringLiteral("live");
    CF_TRY(setUpDatabase(d->options.database, environment, d->clock));
    WorkerOptions worker;
    worker.database = d->options.database;
    worker.gatewayUrl = d->options.gatewayUrl;
    worker.gatewayKey = d->options.gatewayKey;
    if (d->options.withSandbox) {
        SandboxOptions sandbox;
        sandbox.seed = d->options.seed;
        sandbox.stateFile = d->options.sandboxState;
        CF_ASSIGN(sandbox.scenario, readScenario(builtInScenario(d->options.scenario)));
        d->sandbox = std::make_unique<SandboxGateway>(sandbox);
        CF_ASSIGN(worker.gatewayUrl, d->sandbox->start());
        worker.gatewayKey = sandbox.apiKey.toUtf8();
        // Nobody waits ten minutes for a gateway of one's own.
        worker.storedErrorPatience = Duration::seconds(5);
    }
    d->worker = std::make_unique<WorkerHost>(worker);
    return d->worker->start();
}

void EmbeddedServices::stop()
{
    if (d->worker) {
        d->worker->stop();
        d->worker.reset();
    }
    if (d->sandbox) {
        d->sandbox->stop();
        d->sandbox.reset();
    }
}

WorkerHost& EmbeddedServices::worker()
{
    require(d->worker != nullptr, "the services were started");
    return *d->worker;
}

QJsonObject EmbeddedServices::sandboxStatistics() const
{
    return d->sandbox ? d->sandbox->stats() : QJsonObject();
}

} // namespace counterfoil
