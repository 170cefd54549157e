// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_importer.h"

#include "models/base/text.h"

#include <QCryptographicHash>
#include <QFileInfo>

namespace counterfoil {

namespace {

constexpr qint64 hashPieceBytes = 256 * 1024;
constexpr std::size_t refusalsShownMax = 100;
constexpr qint64 microsPerSecond = 1'000'000;

bool isCancelled(const ImportOptions& options)
{
    return options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed);
}

Result<QString> hashOf(QFile& file, const ImportOptions& options)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (QByteArray piece = file.read(hashPieceBytes); !piece.isEmpty(); piece = file.read(hashPieceBytes)) {
        if (isCancelled(options)) {
            return fail(ErrorCode::Cancelled, QStringLiteral("cancelled before anything was imported"));
        }
        hash.addData(piece);
    }
    if (file.error() != QFileDevice::NoError || !file.seek(0)) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(file.fileName(), file.errorString()));
    }
    return QString::fromLatin1(hash.result().toHex());
}

Result<ImportFormat> formatOf(const ImportOptions& options)
{
    if (options.format != ImportFormat::BySuffix) {
        return options.format;
    }
    const QString suffix = QFileInfo(options.path).suffix().toLower();
    if (suffix == QLatin1String("csv")) {
        return ImportFormat::Csv;
    }
    if (suffix == QLatin1String("ndjson") || suffix == QLatin1String("jsonl")) {
        return ImportFormat::Ndjson;
    }
    return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the suffix of '%1' tells no format: name csv or ndjson").arg(options.path));
}

Result<std::unique_ptr<OrderSource>> makeSource(QFile& file, const ImportOptions& options)
{
    CF_ASSIGN(const ImportFormat format, formatOf(options));
    if (format == ImportFormat::Ndjson) {
        return std::make_unique<NdjsonOrderSource>(file, options.openingStock);
    }
    if (!options.mapping) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("a CSV file needs a mapping of its columns"));
    }
    return std::make_unique<CsvOrderSource>(file, *options.mapping);
}

Result<QString> reportPathOf(const ImportOptions& options)
{
    if (!options.reportPath.isEmpty()) {
        if (QFileInfo(options.reportPath) == QFileInfo(options.path)) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the report would overwrite the file"));
        }
        return options.reportPath;
    }
    return options.path.startsWith(u':') ? QString() : options.path + QStringLiteral(".refused.csv");
}

} // namespace

struct OrderImporter::Run {
    explicit Run(const ImportOptions& given) : options(given), file(given.path) {}

    const ImportOptions& options;
    QFile file;
    std::unique_ptr<OrderSource> source;
    ImportReport report;
    ImportProgress progress;
    ImportSummary summary;
    QString actor;
    UtcTime startedAt;
    qint64 bytesAtStart = 0;
    qint64 rowsAtStart = 0;
    qint64 ordersDone = 0;
};

OrderImporter::OrderImporter(OrderIntake& intake, const Clock& clock) : m_intake(intake), m_clock(clock) {}

Result<ImportSummary> OrderImporter::run(const ImportOptions& options)
{
    require(options.batchSize > 0, "a batch holds an order");
    Run run(options);
    if (!run.file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(options.path, run.file.errorString()));
    }
    CF_ASSIGN(run.source, makeSource(run.file, options));
    CF_ASSIGN(const QString reportPath, reportPathOf(options));
    CF_ASSIGN(run.summary.fileSha256, hashOf(run.file, options));
    CF_TRY(run.source->open());

    const QString name = visibleText(QFileInfo(options.path).fileName(), 128);
    run.actor = options.actor.isEmpty() ? QStringLiteral("import:") + name : options.actor;
    CF_ASSIGN(run.progress, m_intake.openImport(run.summary.fileSha256, name));
    const bool wasComplete = run.progress.byteOffset >= run.file.size();
    if (wasComplete && options.again) {
        run.progress = ImportProgress{.run = run.progress.run};
    }
    run.summary.alreadyImported = wasComplete && !options.again;
    if (!run.summary.alreadyImported) {
        CF_TRY(run.source->resumeAt(run.progress.byteOffset));
        CF_TRY(run.report.open(reportPath, run.progress.byteOffset > 0));
        const Result<void> done = loop(run);
        run.summary.reportPath = run.report.close();
        CF_TRY(done);
    }
    run.summary.run = run.progress.run;
    run.summary.complete = run.progress.byteOffset >= run.file.size();
    run.summary.rows = run.progress.rows;
    run.summary.placed = run.progress.placed;
    run.summary.existed = run.progress.existed;
    run.summary.refused = run.progress.refused;
    return std::move(run.summary);
}

Result<void> OrderImporter::loop(Run& run)
{
    run.startedAt = m_clock.now();
    run.bytesAtStart = run.progress.byteOffset;
    run.rowsAtStart = run.progress.rows;
    const auto mayGoOn = [&run] { return !run.options.stopAfter || run.ordersDone < *run.options.stopAfter; };
    bool more = true;
    while (more && mayGoOn()) {
        if (isCancelled(run.options)) {
            run.summary.cancelled = true;
            return {};
        }
        Batch batch;
        CF_ASSIGN(more, fill(run, batch));
        if (!more) {
            // Empty lines at the end belong to no order.
            batch.endOffset = run.file.size();
        }
        if (batch.size() > 0) {
            CF_TRY(place(run, std::move(batch)));
        }
    }
    // Stores the final counts and, at the end of the file, that it is done.
    Batch last;
    last.endOffset = more ? run.progress.byteOffset : run.file.size();
    return place(run, std::move(last));
}

/// Returns false when the file is at its end.
Result<bool> OrderImporter::fill(Run& run, Batch& batch) const
{
    while (batch.size() < run.options.batchSize && (!run.options.stopAfter || run.ordersDone < *run.options.stopAfter)) {
        CF_ASSIGN(std::optional<SourcedOrder> sourced, run.source->next());
        if (!sourced) {
            return false;
        }
        ++run.ordersDone;
        batch.endOffset = sourced->endOffset;
        batch.rows += sourced->rows;
        if (sourced->order) {
            batch.orders.push_back(std::move(*sourced->order));
            batch.lines.push_back(sourced->line);
        } else {
            batch.refusals.push_back({sourced->order.error().line, sourced->orderNo, sourced->order.error().error});
        }
    }
    return true;
}

Result<void> OrderImporter::place(Run& run, Batch batch)
{
    ImportProgress progress = run.progress;
    progress.byteOffset = batch.endOffset;
    progress.rows += batch.rows;
    progress.refused += static_cast<qint64>(batch.refusals.size());
    ImportProgress after = progress;
    const IntakeContext context{run.actor, run.options.extendCatalogue, &progress};
    CF_ASSIGN(const std::vector<Result<PlacedOrder>> results, m_intake.place(batch.orders, context));
    require(results.size() == batch.orders.size(), "the intake answers for every order");
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            ++(results[i]->existed ? after.existed : after.placed);
        } else {
            ++after.refused;
            batch.refusals.push_back({batch.lines[i], batch.orders[i].orderNo, results[i].error()});
        }
    }
    run.progress = after;
    std::ranges::stable_sort(batch.refusals, {}, &ImportRefusal::line);
    for (ImportRefusal& refusal : batch.refusals) {
        CF_TRY(keepRefusal(run, std::move(refusal)));
    }
    CF_TRY(run.report.flush());
    tell(run);
    return {};
}

Result<void> OrderImporter::keepRefusal(Run& run, ImportRefusal refusal) const
{
    CF_TRY(run.report.add(refusal));
    if (run.summary.refusals.size() < refusalsShownMax) {
        run.summary.refusals.push_back(std::move(refusal));
    }
    return {};
}

void OrderImporter::tell(const Run& run) const
{
    if (!run.options.progress) {
        return;
    }
    ImportProgressView view{.rows = run.progress.rows,
                            .placed = run.progress.placed,
                            .existed = run.progress.existed,
                            .refused = run.progress.refused,
                            .bytesDone = run.progress.byteOffset,
                            .bytesTotal = run.file.size()};
    const qint64 micros = (m_clock.now() - run.startedAt).micros();
    const qint64 bytes = view.bytesDone - run.bytesAtStart;
    if (micros > 0) {
        view.rowsPerSecond = multiplyDivide(view.rows - run.rowsAtStart, microsPerSecond, micros).value_or(0);
    }
    if (micros > 0 && bytes > 0) {
        view.timeLeft = Duration(multiplyDivide(micros, view.bytesTotal - view.bytesDone, bytes).value_or(0));
    }
    run.options.progress(view);
}

} // namespace counterfoil
