// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/throughput_stage.h"

#include "models/store/migrator.h"
#include "tests/benchmarks/throughput/floor_run.h"
#include "tests/benchmarks/throughput/preload.h"
#include "tests/benchmarks/throughput/program_run.h"
#include "tests/benchmarks/throughput/row_counts.h"
#include "tests/benchmarks/throughput/throughput_report.h"
#include "workflows/services/verification.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QStorageInfo>

namespace counterfoil {

namespace {

constexpr int provenBatches = 5;

} // namespace

Stage::Stage(DatabaseKind kind, const QString& folder)
{
    static int counter = 0;
    if (kind == DatabaseKind::Sqlite) {
        m_folder = std::make_unique<QTemporaryDir>(folder + QStringLiteral("/throughput-XXXXXX"));
        require(m_folder->isValid(), "the folder for databases can be written to");
        require(QStorageInfo(m_folder->path()).fileSystemType() != "tmpfs", "a durable database is measured on a disk");
        m_url.path = m_folder->filePath(QStringLiteral("throughput.db"));
    } else {
        m_server = orAbort(DatabaseUrl::parse(qEnvironmentVariable("COUNTERFOIL_TEST_POSTGRESQL")));
        m_url = m_server;
        m_url.name = QStringLiteral("throughput_%1_%2").arg(QCoreApplication::applicationPid()).arg(++counter);
        orAbort(orAbort(Connection::open(m_server, ConnectionRole::Writer))->executeScript(QStringLiteral("CREATE DATABASE %1").arg(m_url.name)));
    }
    m_connection = orAbort(Connection::open(m_url, ConnectionRole::Writer));
    (void)orAbort(Migrator(*m_connection, SystemClock()).migrate());
    Shop::fill(*m_connection);
}

Stage::~Stage()
{
    m_connection.reset();
    if (m_url.kind == DatabaseKind::Postgresql) {
        orAbort(orAbort(Connection::open(m_server, ConnectionRole::Writer))->executeScript(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(m_url.name)));
    }
}

void Stage::preloadTo(qint64 payments)
{
    if (payments > 0) {
        m_connection.reset();
        QElapsedTimer timer;
        timer.start();
        preload(m_url, payments);
        m_connection = orAbort(Connection::open(m_url, ConnectionRole::Writer));
        qInfo("%lld payments loaded in %lld s", payments, timer.elapsed() / 1000);
    }
    // What was loaded is on the disk and known to the planner before anything is timed.
    if (m_url.kind == DatabaseKind::Postgresql) {
        orAbort(m_connection->executeScript(QStringLiteral("VACUUM ANALYZE")));
        orAbort(m_connection->executeScript(QStringLiteral("CHECKPOINT")));
    } else {
        orAbort(m_connection->executeScript(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")));
    }
}

void Stage::verify()
{
    const Verification verification = orAbort(verifyDatabase(*m_connection));
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (!outcome.holds()) {
            qFatal("benchmark: %s doesn't hold: %s", qPrintable(outcome.name), qPrintable(outcome.violations.front().detail));
        }
    }
}

void Stage::count()
{
    startCounting(*m_connection);
}

RunResult Stage::run(Side side, int workers, Spread spread, qint64 milliseconds, int batches)
{
    RunOptions options;
    options.url = m_url;
    options.workers = workers;
    options.spread = spread;
    options.name = QStringLiteral("run-%1").arg(++m_runs);
    options.milliseconds = milliseconds;
    options.batches = batches;
    if (side == Side::Floor) {
        return runFloor(options);
    }
    RunResult result = runProgram(options);
    qint64 paid = 0;
    orAbort(m_connection->query(QStringLiteral("SELECT count(*) FROM orders WHERE order_no LIKE ? AND state = 'fulfilling'"), {options.name + QStringLiteral("-%")}, [&paid](const Row& row) -> Result<void> {
        paid = row.integer(0);
        return {};
    }));
    if (paid != result.payments) {
        qWarning("benchmark: %lld of %lld payments came to their end", paid, result.payments);
        result.payments = paid;
    }
    return result;
}

QStringList proveSameRows(DatabaseKind kind, const QString& folder, Report& report)
{
    const auto counted = [&](Side side, RunResult& result) {
        Stage stage(kind, folder);
        stage.count();
        result = stage.run(side, 1, Spread::ThreeMerchants, 0, provenBatches);
        if (side == Side::Program) {
            stage.verify();
        }
        return countedRows(stage.connection());
    };
    RunResult program;
    RunResult floor;
    const RowCounts ofProgram = counted(Side::Program, program);
    const RowCounts ofFloor = counted(Side::Floor, floor);
    QStringList found = differences(ofProgram, ofFloor);
    if (program.commits != floor.commits) {
        found << QStringLiteral("commits: %1 against %2").arg(program.commits).arg(floor.commits);
    }
    report.setRows(ofProgram, program.payments, program.commits);
    return found;
}

} // namespace counterfoil
