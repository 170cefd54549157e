// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

enum class SchemaState {
    /// Nothing is there yet.
    Empty,
    /// Older than this program: migrate() brings it up.
    Old,
    Current,
};

/// The numbered, append-only migrations of resources/migrations. Each is applied in one transaction and recorded with its
/// checksum.
class Migrator {
public:
    explicit Migrator(Connection& connection, const Clock& clock) : m_connection(connection), m_clock(clock) {}

    /// Errors: DatabaseTooNew (a version this program doesn't know), Integrity (an applied migration's text has changed since).
    Result<SchemaState> inspect();
    /// Applies what is missing; returns how many were applied. Errors: as inspect(), and the database's.
    Result<int> migrate();

private:
    Result<QList<std::pair<int, QString>>> applied();

    Connection& m_connection;
    const Clock& m_clock;
};

/// Opens a connection and refuses a database that is empty or of another version than this program's.
/// Errors also: DatabaseTooOld (run `counterfoilctl migrate`, or `init` if it is empty), DatabaseTooNew.
Result<std::unique_ptr<Connection>> openCurrent(const DatabaseUrl& url, ConnectionRole role, const Clock& clock);

} // namespace counterfoil
