// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/embedded_services.h"
#include "models/store/invariants.h"
#include "models/store/reads/status_reads.h"
#include "workflows/services/import/order_importer.h"

namespace counterfoil {

struct DemoOptions {
    /// Where database and sandbox keep their files; made if it isn't there.
    QString directory;
    /// Empty: DIRECTORY/counterfoil.db.
    std::optional<DatabaseUrl> database;
    QString scenario = QStringLiteral("none");
    quint64 seed = 1;
    /// Give up on orders that don't end within this time.
    Duration patience = Duration::minutes(15);
    std::function<void(const QString& step)> step;
    std::function<void(const ImportProgressView&)> importing;
    /// Orders that have ended, and all.
    std::function<void(qint64 ended, qint64 all)> settling;
};

/// What came of it.
struct DemoSummary {
    ImportSummary import;
    BusinessSummary business;
    Verification verification;
    SystemStatus status;
    WorkerStatistics worker;
    QJsonObject sandbox;
    Duration elapsed;
    /// False: the patience ended before the work did.
    bool settled = false;
};

/// The address of the demonstration's database in a directory.
DatabaseUrl demoDatabase(const QString& directory);

/// Services for a demonstration in a directory (`--directory`): database, worker, listener and sandbox, all in this process.
EmbeddedOptions demoServices(const DemoOptions& options);

/// Imports the built-in orders through a running worker; those that are there already stay as they are. Blocking.
/// Errors: those of OrderImporter::run().
Result<ImportSummary> importDemoOrders(WorkerHost& worker, std::function<void(const ImportProgressView&)> progress, const std::atomic<bool>* cancelled = nullptr);

/// The whole demonstration: sets the database up, starts sandbox and worker, imports the built-in orders, waits until every order has come to
/// its end, and verifies. Doing it again changes nothing. Blocking; not on a thread with a window.
/// Errors: FileNotWritable, and those of EmbeddedServices::start() and OrderImporter::run().
Result<DemoSummary> runDemonstration(const DemoOptions& options);

} // namespace counterfoil
