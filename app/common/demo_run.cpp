// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/demo_run.h"

#include "app/common/writer_intake.h"
#include "models/store/reads/order_reads.h"
#include "workflows/services/verification.h"

#include <QDir>
#include <QElapsedTimer>
#include <QThread>

namespace counterfoil {

namespace {

constexpr int lookEveryMs = 200;
/// Jobs that are due later (settlement releases) don't hold the demonstration up.
constexpr Duration horizon = Duration::hours(1);

void say(const DemoOptions& options, const QString& step)
{
    if (options.step) {
        options.step(step);
    }
}

/// Tells how many orders have ended.
Result<void> tellSettling(const DemoOptions& options, Connection& reader)
{
    CF_ASSIGN(const auto finals, finalStates(reader));
    CF_ASSIGN(const auto counts, stateCounts(reader));
    qint64 ended = 0;
    qint64 all = 0;
    for (const StateCount& count : counts) {
        all += count.count;
        const bool isFinal = std::ranges::any_of(finals, [&](const FinalState& state) { return state.state == count.state; });
        ended += isFinal ? count.count : 0;
    }
    options.settling(ended, all);
    return {};
}

/// Waits until nothing is left to do before the horizon.
Result<bool> settle(const DemoOptions& options, WorkerHost& worker, Connection& reader, const Clock& clock)
{
    const UtcTime end = clock.now() + options.patience;
    for (int round = 0; clock.now() < end; ++round) {
        const bool idle = worker.isIdle(clock.now() + horizon);
        if (options.settling && (idle || round % 5 == 0)) {
            CF_TRY(tellSettling(options, reader));
        }
        if (idle) {
            return true;
        }
        QThread::msleep(lookEveryMs);
    }
    return false;
}

} // namespace

DatabaseUrl demoDatabase(const QString& directory)
{
    DatabaseUrl url;
    url.path = QDir(directory).filePath(QStringLiteral("counterfoil.db"));
    return url;
}

EmbeddedOptions demoServices(const DemoOptions& options)
{
    EmbeddedOptions services;
    services.database = options.database.value_or(demoDatabase(options.directory));
    services.scenario = options.scenario;
    services.seed = options.seed;
    services.sandboxState = QDir(options.directory).filePath(QStringLiteral("sandbox.journal"));
    return services;
}

Result<ImportSummary> importDemoOrders(WorkerHost& worker, std::function<void(const ImportProgressView&)> progress, const std::atomic<bool>* cancelled)
{
    const SystemClock clock;
    WriterIntake intake(worker);
    ImportOptions import;
    import.path = QStringLiteral(":/counterfoil/demo/superstore/superstore.csv");
    import.actor = QStringLiteral("import:superstore.csv");
    import.progress = std::move(progress);
    import.cancelled = cancelled;
    CF_ASSIGN(import.mapping, ColumnMapping::load(QStringLiteral("superstore")));
    return OrderImporter(intake, clock).run(import);
}

Result<DemoSummary> runDemonstration(const DemoOptions& options)
{
    QElapsedTimer timer;
    timer.start();
    if (!QDir().mkpath(options.directory)) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("the folder %1 can't be made").arg(options.directory));
    }
    SystemClock clock;
    EmbeddedServices services(demoServices(options));
    say(options, QStringLiteral("Starting database, sandbox gateway and worker"));
    CF_TRY(services.start());
    DemoSummary summary;
    say(options, QStringLiteral("Importing the orders"));
    CF_ASSIGN(summary.import, importDemoOrders(services.worker(), options.importing));
    say(options, QStringLiteral("Taking every order to its end"));
    CF_ASSIGN(const std::unique_ptr<Connection> reader, Connection::open(demoServices(options).database, ConnectionRole::Reader));
    CF_ASSIGN(summary.settled, settle(options, services.worker(), *reader, clock));
    say(options, QStringLiteral("Verifying the books"));
    summary.worker = services.worker().statistics();
    summary.sandbox = services.sandboxStatistics();
    CF_ASSIGN(summary.verification, verifyDatabase(*reader));
    CF_ASSIGN(summary.business, businessSummary(*reader));
    CF_ASSIGN(summary.status, systemStatus(*reader, clock.now()));
    services.stop();
    summary.elapsed = Duration::milliseconds(timer.elapsed());
    return summary;
}

} // namespace counterfoil
