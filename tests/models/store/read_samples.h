// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

namespace counterfoil {

/// The order that has all parts.
inline constexpr OrderId rich{1000};

/// Order 1000 of Claire Gute with all its parts, ten plain ones (1 to 10) of Darrin Van Huff, three accounts with holds and
/// postings, jobs, a case, a worker.
Result<void> fillSamples(Connection& writer);

/// One filled database per kind, made at first use: reads change nothing. Aborts on an error.
class SampleDatabases {
public:
    /// `more` is added once to the samples of each kind.
    TestDatabase& of(DatabaseKind kind, Result<void> (*more)(Connection&) = nullptr);
    void clear() { m_databases.clear(); }

private:
    std::map<DatabaseKind, std::unique_ptr<TestDatabase>> m_databases;
};

} // namespace counterfoil
