// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <QTemporaryDir>

namespace counterfoil {

/// A fresh, migrated database, gone when this is. SQLite: a file in a temporary folder. PostgreSQL: a database with a unique name
/// on the server that COUNTERFOIL_TEST_POSTGRESQL names (`postgresql://user@host:port/postgres`).
class TestDatabase {
public:
    /// SQLite, and PostgreSQL if the variable is set.
    static std::vector<DatabaseKind> kinds();
    /// Adds a data row per kind, with the column `kind`; for `_data()` slots.
    static void addKindRows();

    /// Aborts the test program with the error when it can't be made: without it no test means anything.
    /// PostgreSQL may be on another `server` than the variable's.
    static std::unique_ptr<TestDatabase> create(DatabaseKind kind, const QString& server = {});
    /// A SQLite database that is there already, by its path or `file:` address; it stays when this is gone.
    static std::unique_ptr<TestDatabase> existing(const QString& path);
    ~TestDatabase();
    Q_DISABLE_COPY_MOVE(TestDatabase)

    const DatabaseUrl& url() const { return m_url; }
    /// Connections of the thread that made this, opened at first use.
    Connection& writer();
    Connection& reader();
    /// Lets go of these two, which are opened anew at the next use: after the server was away.
    void reconnect();
    /// Another connection of the calling thread.
    std::unique_ptr<Connection> connect(ConnectionRole role) const;

private:
    TestDatabase() = default;

    DatabaseUrl m_url;
    DatabaseUrl m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Connection> m_writer;
    std::unique_ptr<Connection> m_reader;
};

} // namespace counterfoil

Q_DECLARE_METATYPE(counterfoil::DatabaseKind)
