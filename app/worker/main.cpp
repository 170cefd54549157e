// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_server.h"
#include "app/worker/api_service.h"
#include "app/worker/worker_api_port.h"
#include "app/worker/worker_settings.h"
#include "resources/resources.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

namespace {

using namespace counterfoil;

/// Ends the event loop on SIGTERM or SIGINT. They are blocked before any thread starts, so that they arrive here only.
class StopSignals {
public:
    StopSignals()
    {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGTERM);
        sigaddset(&m_signals, SIGINT);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        m_descriptor = signalfd(-1, &m_signals, SFD_CLOEXEC | SFD_NONBLOCK);
        require(m_descriptor >= 0, "signalfd");
    }
    ~StopSignals() { close(m_descriptor); }
    Q_DISABLE_COPY_MOVE(StopSignals)

    /// Once the application exists.
    void connectTo(QCoreApplication& application)
    {
        auto* const notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, &application);
        QObject::connect(notifier, &QSocketNotifier::activated, &application, [this] {
            signalfd_siginfo info{};
            if (read(m_descriptor, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
                logEvent(LogLevel::Info, "worker", QStringLiteral("stopping"), {{QStringLiteral("signal"), static_cast<int>(info.ssi_signo)}});
                QCoreApplication::quit();
            }
        });
    }

private:
    sigset_t m_signals{};
    int m_descriptor = -1;
};

QString urlOf(const QString& address, quint16 port)
{
    const QString host = address.contains(u':') ? u'[' + address + u']' : address;
    return QStringLiteral("http://%1:%2").arg(host).arg(port);
}

/// The program between its options and its end: worker, port, interface, listener; stopped in the opposite order.
ExitCode serve(const CommandLine& commandLine, const WorkerSettings& settings)
{
    const QString notStarted = QStringLiteral("the worker was not started and nothing was changed");
    const auto cannotWork = [&](Error error) {
        commandLine.complain(error, notStarted);
        return ExitCode::Unusable;
    };
    WorkerHost host(settings.worker);
    if (const auto started = host.start(); !started) {
        return cannotWork(started.error());
    }
    WorkerApiPort port(host, settings.worker.database);
    const SystemClock clock;
    HttpLimits limits;
    limits.trustedProxies = settings.trustedProxies;

    // The listener's figures are shown by the interface that the listener serves; none before it exists.
    std::atomic<const HttpServer*> listener = nullptr;
    ApiOptions options;
    options.callbackSecrets = settings.callbackSecrets;
    options.httpStatistics = [&listener] {
        const HttpServer* const server = listener;
        return server ? server->statistics() : HttpStatistics();
    };
    ApiService service(port, clock, std::move(options));
    HttpServer server(limits, service.handler());
    listener = &server;
    const auto boundPort = server.start(settings.listenAddress, settings.listenPort);
    if (!boundPort) {
        host.stop();
        return cannotWork(boundPort.error());
    }
    const QString url = urlOf(settings.listenAddress, *boundPort);
    logEvent(LogLevel::Info, "worker", QStringLiteral("ready at %1").arg(url),
             {{QStringLiteral("url"), url},
              {QStringLiteral("name"), settings.worker.name},
              {QStringLiteral("database"), settings.worker.database.toText()},
              {QStringLiteral("gateway"), settings.worker.gatewayUrl.toString(QUrl::RemoveUserInfo)},
              {QStringLiteral("version"), QStringLiteral(COUNTERFOIL_VERSION)}});
    QCoreApplication::exec();
    server.stop();
    host.stop();
    logEvent(LogLevel::Info, "worker", QStringLiteral("stopped"));
    return ExitCode::Done;
}

} // namespace

int main(int argc, char** argv)
{
    StopSignals stopSignals;
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("counterfoil-worker"));
    QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERFOIL_VERSION));
    initResources();
    CommandLine commandLine(QStringLiteral("counterfoil-worker"),
                            QStringLiteral("Takes orders and callbacks, sends gateway requests, and drives every order's workflow."));
    addWorkerOptions(commandLine);
    if (const auto end = commandLine.read(QCoreApplication::arguments())) {
        return static_cast<int>(*end);
    }
    const auto settings = readWorkerSettings(commandLine);
    if (!settings) {
        return static_cast<int>(commandLine.complain(settings.error(), QStringLiteral("the worker was not started and nothing was changed")));
    }
    installLogging(settings->log);
    stopSignals.connectTo(application);
    return static_cast<int>(serve(commandLine, *settings));
}
