// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"
#include "tests/benchmarks/throughput/timed_run.h"
#include "tests/benchmarks/throughput/row_counts.h"

namespace counterfoil {

/// Two things that were run in turns: floor and program, or spread merchants and a hot one. The ratio is the second to the first.
struct Comparison {
    QString name;
    DatabaseKind kind = DatabaseKind::Sqlite;
    qint64 size = 0;
    int workers = 1;
    std::vector<RunResult> one;
    std::vector<RunResult> other;
};

/// What a run of the benchmark found.
class Report {
public:
    void setRows(const RowCounts& rows, qint64 payments, qint64 commits);
    void add(const Comparison& comparison) { m_comparisons.push_back(comparison); }
    /// Medians and their ratio, a line per comparison.
    QString table() const;
    /// False, with a message, if the file can't be written.
    bool write(const QString& file) const;

private:
    RowCounts m_rows;
    qint64 m_provenPayments = 0;
    qint64 m_provenCommits = 0;
    std::vector<Comparison> m_comparisons;
};

} // namespace counterfoil
