// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/timed_run.h"

#include <QTemporaryDir>

namespace counterfoil {

class Report;

enum class Side { Program, Floor };

/// A database of its own with the shop in it, on a real disk, gone when this is. PostgreSQL: on the server that
/// COUNTERFOIL_TEST_POSTGRESQL names.
class Stage {
public:
    /// `folder` is where a SQLite file is made: not in memory.
    Stage(DatabaseKind kind, const QString& folder);
    ~Stage();
    Q_DISABLE_COPY_MOVE(Stage)

    void preloadTo(qint64 payments);
    /// Aborts unless every invariant holds.
    void verify();
    /// Counts the rows that are written from here on.
    void count();
    RunResult run(Side side, int workers, Spread spread, qint64 milliseconds, int batches = 0);
    Connection& connection() { return *m_connection; }

private:
    DatabaseUrl m_url;
    DatabaseUrl m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Connection> m_connection;
    int m_runs = 0;
};

/// Runs the same batches on both sides of a counting database each; returns where the numbers of rows or commits differ.
QStringList proveSameRows(DatabaseKind kind, const QString& folder, Report& report);

} // namespace counterfoil
