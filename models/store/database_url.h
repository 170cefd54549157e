// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

namespace counterfoil {

enum class DatabaseKind { Sqlite, Postgresql };

/// Where the payment database is: `sqlite:PATH` or `postgresql://user@host:port/name` (several hosts, comma-separated, may be
/// given; libpq's options follow after `?`). A password is never part of it: libpq finds it in PGPASSWORD or ~/.pgpass.
struct DatabaseUrl {
    DatabaseKind kind = DatabaseKind::Sqlite;
    /// SQLite: the file, or a `file:` URI.
    QString path;
    QString user;
    QString host;
    int port = 5432;
    QString name;
    /// libpq options, separated by semicolons: `sslmode=verify-full`.
    QString options;

    /// Errors: ConfigurationInvalid, saying what is expected.
    static Result<DatabaseUrl> parse(const QString& text);

    QString toText() const;
};

} // namespace counterfoil
