// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console_services.h"

#include "app/common/demo_run.h"
#include "workflows/gateway/key_file.h"

#include <QDir>
#include <QFileInfo>
#include <QLoggingCategory>

namespace counterfoil {

namespace {

Q_LOGGING_CATEGORY(logConsole, "counterfoil.console")

EmbeddedOptions embeddedOptions(const ConsoleOptions& options)
{
    if (options.demo) {
        DemoOptions demo;
        demo.directory = options.demoDirectory;
        return demoServices(demo);
    }
    EmbeddedOptions services;
    services.database = options.database;
    const auto key = loadGatewayKey({});
    services.withSandbox = !key;
    if (key) {
        services.gatewayUrl = QUrl(QStringLiteral("https://api.stripe.com"));
        services.gatewayKey = *key;
    } else {
        services.sandboxState = QFileInfo(options.database.path).dir().filePath(QStringLiteral("sandbox.journal"));
    }
    return services;
}

} // namespace

ConsoleServices::~ConsoleServices()
{
    m_cancelled = true;
    if (m_import.joinable()) {
        m_import.join();
    }
}

Result<void> ConsoleServices::start()
{
    if (!m_options.demo && !m_options.embedded) {
        return {};
    }
    const QString directory = QFileInfo(m_options.database.path).absolutePath();
    if (!QDir().mkpath(directory)) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("the folder %1 can't be made").arg(directory));
    }
    auto services = std::make_unique<EmbeddedServices>(embeddedOptions(m_options));
    const auto started = services->start();
    if (!started && started.error().code == ErrorCode::DatabaseInUse) {
        qCInfo(logConsole, "a worker has this database already: this console only looks on");
        return {};
    }
    CF_TRY(started);
    m_services = std::move(services);
    if (m_options.demo) {
        m_import = std::thread([this] { importDemonstration(); });
    }
    return {};
}

Result<GatewayAccess> ConsoleServices::gatewayAccess() const
{
    if (!m_options.gatewayKeyFile.isEmpty()) {
        CF_ASSIGN(QByteArray key, readSecretFile(m_options.gatewayKeyFile));
        return GatewayAccess{m_options.gatewayUrl, std::move(key)};
    }
    return m_services ? GatewayAccess{m_services->gatewayUrl(), m_services->gatewayKey()} : GatewayAccess();
}

void ConsoleServices::importDemonstration()
{
    const auto imported = importDemoOrders(m_services->worker(), {}, &m_cancelled);
    if (!imported) {
        qCWarning(logConsole, "the demonstration's orders were not imported: %s", qUtf8Printable(imported.error().text()));
    }
}

} // namespace counterfoil
