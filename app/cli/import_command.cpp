// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "app/cli/progress_line.h"
#include "app/common/engine_parts.h"
#include "models/base/text.h"
#include "resources/resources.h"
#include "workflows/services/import/order_importer.h"
#include "workflows/services/order_placement.h"

#include <QFileInfo>
#include <QTextStream>

#include <csignal>

#include <unistd.h>

namespace counterfoil {

namespace {

constexpr qint64 nodeMax = 1023;
constexpr qint64 openingStockMax = 1'000'000'000;

// A signal handler may touch nothing else.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void handleInterrupt(int)
{
    interrupted.store(true, std::memory_order_relaxed);
}

void addOptions(CommandLine& line)
{
    line.addDatabaseOption();
    line.addOption("mapping", "NAME|FILE", QStringLiteral("How the columns of a CSV file become orders: superstore, shopify, or a mapping file."));
    line.addOption("format", "FORMAT", QStringLiteral("csv or ndjson; without it, the file's suffix tells."));
    line.addOption("report", "FILE", QStringLiteral("Where refused orders are listed; without it, beside the file."));
    line.addOption("opening-stock", "N", QStringLiteral("For NDJSON: pieces booked in when a SKU is met at a warehouse for the first time."), QStringLiteral("0"));
    line.addOption("node", "N", QStringLiteral("For PostgreSQL: tells this program's ids from those of others that write at the same time, 0 to 1023."), QString::number(cliNode));
    line.parser().addOption({QStringLiteral("again"), QStringLiteral("Goes through a file once more that was imported completely.")});
    line.parser().addOption({QStringLiteral("extend-catalogue"),
                             QStringLiteral("Takes prices as the file states them, and adds merchants, warehouses, products and SKUs that are new: for past orders. "
                                            "Without it, prices are the catalogue's, and what it doesn't know is refused.")});
    line.parser().addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("The orders: CSV, or a JSON object per line."));
}

Result<ImportOptions> importOptions(const CommandLine& line, const QString& path)
{
    ImportOptions options;
    options.path = path;
    options.reportPath = line.value("report");
    options.again = line.isSet("again");
    options.extendCatalogue = line.isSet("extend-catalogue");
    options.cancelled = &interrupted;
    CF_ASSIGN(options.openingStock, line.number("opening-stock", 0, openingStockMax));
    if (const QString format = line.value("format"); format == u"csv") {
        options.format = ImportFormat::Csv;
    } else if (format == u"ndjson") {
        options.format = ImportFormat::Ndjson;
    } else if (!format.isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("--format is csv or ndjson, not '%1'").arg(format));
    }
    if (line.isSet("mapping")) {
        CF_ASSIGN(options.mapping, ColumnMapping::load(line.value("mapping")));
    }
    const bool isCsv = options.format == ImportFormat::Csv || (options.format == ImportFormat::BySuffix && QFileInfo(path).suffix().toLower() == u"csv");
    if (isCsv && !options.mapping) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("a CSV file needs --mapping"));
    }
    if (!QFileInfo(path).isFile()) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("there is no file %1").arg(path));
    }
    return options;
}

void print(const ImportSummary& summary)
{
    QTextStream out(stdout);
    if (summary.alreadyImported) {
        out << "this file was imported before; nothing was done (--again goes through it once more)\n";
    }
    out << summary.rows << " rows: " << summary.placed << " orders placed, " << summary.existed << " existed, " << summary.refused << " refused\n";
    for (const ImportRefusal& refusal : summary.refusals) {
        out << "  line " << refusal.line << "  " << visibleText(refusal.orderNo, 64) << "  " << visibleText(refusal.error.text(), 200) << '\n';
    }
    if (!summary.reportPath.isEmpty()) {
        out << "all refused orders are in " << summary.reportPath << '\n';
    }
    if (summary.cancelled) {
        out << "stopped; started again it goes on from here\n";
    }
}

Result<ImportSummary> import(Connection& connection, const ImportOptions& given, int node)
{
    const SystemClock clock;
    IdSource ids(clock, node);
    CF_ASSIGN(const std::unique_ptr<EngineParts> parts, EngineParts::load(connection, {}));
    OrderPlacement placement(connection, {parts->engine(), parts->coordinator(), clock, ids}, {});
    OrderImporter importer(placement, clock);
    ProgressLine progress(isatty(STDERR_FILENO) == 1);
    ImportOptions options = given;
    options.progress = [&progress](const ImportProgressView& view) { progress.show(view); };
    auto summary = importer.run(options);
    progress.end();
    return summary;
}

} // namespace

int runImportOrders(const QStringList& arguments)
{
    initResources();
    CommandLine line(QStringLiteral("counterfoilctl import orders"),
                     QStringLiteral("Takes the orders of a file into the database. Interrupted at any moment it goes on, started again, where it stopped. Beside an\n"
                                    "SQLite database's worker it can't run.\n"
                                    "Ends with 1 if an order was refused."));
    addOptions(line);
    if (const auto end = line.read(arguments, true)) {
        return static_cast<int>(*end);
    }
    const QString notDone = QStringLiteral("nothing was imported");
    const QStringList files = line.parser().positionalArguments();
    if (files.size() != 1) {
        return misused(line, QStringLiteral("one FILE is needed"));
    }
    const auto node = line.number("node", 0, nodeMax);
    if (!node) {
        return unusable(line, node.error(), notDone);
    }
    const auto options = importOptions(line, files.first());
    if (!options) {
        return unusable(line, options.error(), notDone);
    }
    const auto access = openDatabase(line, AccessMode::Write, SystemClock());
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    std::signal(SIGINT, handleInterrupt);
    std::signal(SIGTERM, handleInterrupt);
    const auto summary = import(*access->connection, *options, static_cast<int>(*node));
    if (!summary) {
        return failed(line, summary.error(), QStringLiteral("the import stopped; what it placed until then is kept"));
    }
    print(*summary);
    return static_cast<int>(summary->complete && summary->refused == 0 ? ExitCode::Done : ExitCode::Failed);
}

} // namespace counterfoil
