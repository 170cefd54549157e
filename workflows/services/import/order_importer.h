// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "workflows/services/import/column_mapping.h"
#include "workflows/services/import/import_report.h"
#include "workflows/services/import/order_source.h"
#include "workflows/services/order_intake.h"

#include <QFile>

#include <atomic>
#include <functional>

namespace counterfoil {

enum class ImportFormat { BySuffix, Csv, Ndjson };

/// How far an import is, for whoever watches it. Counts are of the whole file, also when it was begun in an earlier run.
struct ImportProgressView {
    qint64 rows = 0;
    qint64 placed = 0;
    qint64 existed = 0;
    qint64 refused = 0;
    qint64 bytesDone = 0;
    qint64 bytesTotal = 0;
    /// Of this run.
    qint64 rowsPerSecond = 0;
    /// None as long as nothing can be said.
    std::optional<Duration> timeLeft;
};

struct ImportOptions {
    QString path;
    /// By suffix: .csv, and .ndjson or .jsonl.
    ImportFormat format = ImportFormat::BySuffix;
    /// For CSV.
    std::optional<ColumnMapping> mapping;
    /// Where refused orders are listed; empty: beside the input, with `.refused.csv` added to its name (a built-in file has
    /// no such place and gets no report).
    QString reportPath;
    /// Who asks, for the audit trail; empty: `import:<file name>`.
    QString actor;
    int batchSize = 64;
    /// For NDJSON: see NewOrder::openingStock. A CSV mapping states its own.
    qint64 openingStock = 0;
    /// Stop after so many orders of this run (the rest can be imported later); none: never.
    std::optional<qint64> stopAfter;
    /// A file that was imported completely is gone through once more.
    bool again = false;
    /// Prices are taken as stated, and what is unknown is added (IntakeContext). Without it, prices are the catalogue's and orders
    /// that name something unknown are refused.
    bool extendCatalogue = true;
    /// Called on the calling thread after every batch.
    std::function<void(const ImportProgressView&)> progress;
    /// Read after every batch, and while the file is hashed; may be set by another thread.
    const std::atomic<bool>* cancelled = nullptr;
};

struct ImportSummary {
    ImportRunId run;
    QString fileSha256;
    /// The file was imported completely before, and nothing was done; the counts are of then.
    bool alreadyImported = false;
    /// The end of the file was reached. Otherwise the next run() goes on where this one stopped.
    bool complete = false;
    bool cancelled = false;
    /// Counts of the whole file. placed + existed + refused is its number of orders.
    qint64 rows = 0;
    qint64 placed = 0;
    qint64 existed = 0;
    qint64 refused = 0;
    /// Empty when nothing was refused.
    QString reportPath;
    /// The first 100 refusals of this run.
    std::vector<ImportRefusal> refusals;
};

/// Takes the orders of a CSV or NDJSON file into the database, in batches, each with its progress in one transaction: stopped at
/// any moment it goes on, once started again, with the order after the last batch stored. A file is known by its SHA-256.
///
/// What place() is given: `progress` with `byteOffset` and `rows` after the batch, and `refused` with the batch's orders that
/// have no valid form; place() adds what it placed, found and refused itself before it stores it. A last call with no order
/// stores the position at the end of the file. If the process dies between a batch's commit and its report lines, these lines
/// are missing; the counts are right.
///
/// Blocking; call it on a worker thread. One run at a time.
class OrderImporter {
public:
    /// Both outlive it.
    OrderImporter(OrderIntake& intake, const Clock& clock);

    /// Errors: FileUnreadable, FileNotWritable (the report), ConfigurationInvalid (no mapping for CSV, a suffix that tells no
    /// format, a report that would overwrite the input), MalformedInput, InvalidText, MissingField (see OrderSource::open),
    /// Cancelled (before anything was read), and the database's. A refused order is not an error here but in the report.
    Result<ImportSummary> run(const ImportOptions& options);

private:
    struct Batch {
        std::vector<NewOrder> orders;
        std::vector<qint64> lines;
        std::vector<ImportRefusal> refusals;
        qint64 endOffset = 0;
        qint64 rows = 0;
        qint64 size() const { return static_cast<qint64>(orders.size() + refusals.size()); }
    };
    struct Run;

    Result<void> loop(Run& run);
    Result<bool> fill(Run& run, Batch& batch) const;
    Result<void> place(Run& run, Batch batch);
    Result<void> keepRefusal(Run& run, ImportRefusal refusal) const;
    void tell(const Run& run) const;

    OrderIntake& m_intake;
    const Clock& m_clock;
};

} // namespace counterfoil
