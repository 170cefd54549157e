// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// A database behind its own C API: what Connection is made of. Texts of statements are in the database's words, except that a value is a
/// `?` on both. Statements are prepared once per text, kept, and always finished. Errors of every call: those of Connection.
class Driver {
public:
    virtual ~Driver() = default;

    /// Opens without setting anything but what the database needs to understand us.
    virtual Result<void> open(const DatabaseUrl& url, ConnectionRole role) = 0;

    /// Returns the number of rows changed.
    virtual Result<int> execute(const QString& sql, const QVariantList& values) = 0;
    /// Row by row as they come, so that an answer may be longer than memory.
    virtual Result<void> query(const QString& sql, const QVariantList& values, const RowReader& each) = 0;
    /// The whole answer first.
    virtual Result<void> queryAll(const QString& sql, const QVariantList& values, const RowReader& each) = 0;
    /// The same for each of these values, one after the other. The text takes one value.
    virtual Result<void> queryEach(const QString& sql, std::span<const qint64> values, const RowReader& each) = 0;
    /// One statement, unprepared and without values.
    virtual Result<void> runPlain(const QString& sql) = 0;
    /// A set of rows; returns the number of rows changed.
    virtual Result<int> write(const SetStatement& statement, std::size_t rows, const RowWriter& each) = 0;

    /// What may go out with the statements behind it: a database for which the round trip is what costs sends all of it in one go. `each` and
    /// `counted` are called, and failures told, by settle() at the latest, which any call above does first. Here it all happens at once.
    virtual Result<void> postQuery(const QString& sql, const QVariantList& values, RowReader each) { return queryAll(sql, values, each); }
    virtual Result<void> postWrite(const SetStatement& statement, std::size_t rows, const RowWriter& each, RowCounter counted)
    {
        CF_ASSIGN(const int changed, write(statement, rows, each));
        return counted ? counted(changed) : Result<void>();
    }
    /// Without values and answer.
    virtual Result<void> postPlain(const QString& sql)
    {
        CF_ASSIGN(const int changed, execute(sql, {}));
        (void)changed;
        return {};
    }
    virtual Result<void> settle() { return {}; }

    /// Tells whoever listens, and doesn't wait for it.
    virtual void notify(const QString& channel, const QString& payload) = 0;
    virtual Result<void> listen(const QString& channel, std::function<void(QString)> notified) = 0;
};

std::unique_ptr<Driver> makeSqliteDriver();
std::unique_ptr<Driver> makePostgresqlDriver();

/// Hands the values of a statement over. A text that is missing is an empty one: no column holds a text that may be NULL.
void putValues(const QVariantList& values, ValueSink& sink);

/// Errors: InvalidText, for a text with U+0000 in it: PostgreSQL can't hold it, and what is cut off can't be told.
std::unexpected<Error> nulInText(const QString& sql);

} // namespace counterfoil
