// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/store/database_url.h"
#include "models/store/value_sink.h"

#include <QByteArrayView>
#include <QVariantList>

#include <functional>
#include <memory>
#include <span>

namespace counterfoil {

/// One row of an answer, valid inside the callback that got it. Columns are numbered from 0.
class Row {
public:
    virtual ~Row() = default;
    virtual bool isNull(int column) const = 0;
    virtual qint64 integer(int column) const = 0;
    virtual QString text(int column) const = 0;
    /// The text in UTF-8, valid until the next call.
    virtual QByteArrayView bytes(int column) const = 0;

    UtcTime time(int column) const { return UtcTime(isNull(column) ? 0 : integer(column)); }
    template<class IdType>
    IdType id(int column) const
    {
        return IdType(isNull(column) ? 0 : integer(column));
    }
};

/// Gets each row of an answer; its error ends the query.
using RowReader = std::function<Result<void>(const Row&)>;

/// Puts the values of row `row` of a set, in the order of the statement's types.
using RowWriter = std::function<void(std::size_t row, ValueSink& sink)>;

/// Gets how many rows were changed; its error is the statement's.
using RowCounter = std::function<Result<void>(int changed)>;

enum class ColumnType { Integer, Text };

/// A statement that writes a set of rows, as each database does it best.
struct SetStatement {
    /// One row, with a `?` per value. For SQLite, where a kept statement per row is the fastest way.
    QString row;
    /// All rows, with a `?` per value that stands for the array of its column. For PostgreSQL, where the round trip is what costs.
    QString set;
    QList<ColumnType> types;
};

enum class ConnectionRole { Writer, Reader };

/// The moments of a writing transaction at which its fate is open.
enum class TransactionPoint { BeforeBegin, BeforeCommit, AfterCommit };

/// Asked at each of them; an error that it returns becomes that of the call, and behind AfterCommit the transaction stays committed, as when
/// a connection is lost while the database commits.
using TransactionInterference = std::function<Result<void>(TransactionPoint)>;

class Driver;

/// One database connection: made, used and destroyed on one thread (asserted). Statements are prepared once, kept, and always
/// finished. SQL text may hold tokens that the dialect fills in: `{ids}` or `{texts}` after a column (`id {ids}`: the
/// column is in a bound list, see idList and textList), `{lock}` (row locks) and `{skip_locked}` at the end of a SELECT.
///
/// Errors of every call: DatabaseUnavailable, DatabaseBusy, SerializationFailure, ConstraintViolated, DatabaseReadOnly,
/// DatabaseFull, DatabaseCorrupt, InvalidText (U+0000 in a value), Internal (a statement the database doesn't accept).
class Connection {
public:
    /// Opens, sets and then checks durability: SQLite WAL with synchronous=FULL, PostgreSQL synchronous_commit=on. A reader's
    /// connection can't write. PostgreSQL ends a session that is idle in a transaction for a minute. Errors also: DurabilityTooWeak.
    static Result<std::unique_ptr<Connection>> open(const DatabaseUrl& url, ConnectionRole role);
    ~Connection();

    DatabaseKind kind() const;
    const DatabaseUrl& url() const;

    /// Returns the number of rows changed.
    Result<int> execute(const QString& sql, const QVariantList& values = {});
    /// Calls `each` for every row; its error ends the query and is returned. `each` must not use this connection (asserted).
    Result<void> query(const QString& sql, const QVariantList& values, const RowReader& each);
    /// As query(), for answers that are short: the whole answer is there before the first row is handed over.
    Result<void> queryAll(const QString& sql, const QVariantList& values, const RowReader& each);
    /// Writes a set of rows in as few steps as the database allows; returns the number of rows changed.
    Result<int> write(const SetStatement& statement, std::size_t rows, const RowWriter& each);
    /// Runs statements that are separated by lines that are only `;;` (or by `;` at a line's end), unprepared. For migrations.
    Result<void> executeScript(const QString& script);

    /// A bound value for `{ids}`.
    QVariant idList(std::span<const qint64> ids) const;
    /// A bound value for `{texts}`.
    QVariant textList(const QStringList& texts) const;

    /// Tells those who listen (PostgreSQL), without waiting for it; on SQLite it does nothing. Outside transactions: PostgreSQL lets only one
    /// at a time commit that has notified.
    void notify(const QString& channel, const QString& payload);
    /// Subscribes to the change feed's notifications (PostgreSQL); `notified` is called with each payload while this thread's event
    /// loop runs. On SQLite it does nothing.
    Result<void> listen(const QString& channel, std::function<void(QString)> notified);

    /// For simulations: whatever a database may do to its writers.
    void setInterference(TransactionInterference interference);

private:
    friend class DatabaseTransaction;
    friend class StatementBatch;
    Connection();
    Result<void> interfere(TransactionPoint point);
    template<class Function>
    Result<void> read(const RowReader& each, Function run);
    struct Private;
    std::unique_ptr<Private> d;
};

/// Statements that don't need each other's answers: PostgreSQL gets all of them in one round trip, SQLite runs each at once. The first that
/// fails ends the batch. What the callbacks refer to lives until finish(), or until the batch is gone: then nobody is called any more.
class StatementBatch {
public:
    explicit StatementBatch(Connection& connection);
    StatementBatch(const StatementBatch&) = delete;
    StatementBatch& operator=(const StatementBatch&) = delete;
    ~StatementBatch();

    DatabaseKind kind() const { return m_connection.kind(); }

    /// As Connection::queryAll().
    void query(const QString& sql, const QVariantList& values, RowReader each);
    /// The same for a statement with one `{ids}` and no other value. On SQLite it is run once for each id, in their order, which is quicker
    /// than to look for members of a list: an ORDER BY holds for the rows of one id. A row that two ids lead to comes twice.
    void queryOf(const QString& sql, std::span<const qint64> ids, RowReader each);
    /// As Connection::write(), for one row at least; `counted` may be none.
    void write(const SetStatement& statement, std::size_t rows, const RowWriter& each, RowCounter counted);
    /// Errors: that of the first statement that failed, or of its callback.
    Result<void> finish();

private:
    template<class Function>
    void run(Function post);

    Connection& m_connection;
    /// The callbacks' own errors say nothing about the transaction.
    Result<void> m_callers;
    Result<void> m_outcome;
    bool m_isOver = false;
};

/// A value to bind: none becomes NULL.
template<class Tag>
QVariant bound(Id<Tag> id)
{
    return id.isNone() ? QVariant(QMetaType::fromType<qlonglong>()) : QVariant(static_cast<qlonglong>(id.value()));
}
inline QVariant bound(UtcTime time)
{
    return time.isNone() ? QVariant(QMetaType::fromType<qlonglong>()) : QVariant(static_cast<qlonglong>(time.micros()));
}
inline QVariant bound(qint64 value) { return QVariant(static_cast<qlonglong>(value)); }
inline QVariant bound(int value) { return QVariant(static_cast<qlonglong>(value)); }
inline QVariant bound(const QString& text) { return QVariant(text.isNull() ? QStringLiteral("") : text); }

/// A transaction that rolls back unless a checked commit() succeeded. SQLite: BEGIN IMMEDIATE, so that a writer waits at its
/// beginning and never fails in the middle.
class DatabaseTransaction {
public:
    static Result<DatabaseTransaction> begin(Connection& connection);
    /// A consistent view for several reads; never takes a write lock.
    static Result<DatabaseTransaction> beginRead(Connection& connection);
    DatabaseTransaction(DatabaseTransaction&& other) noexcept;
    DatabaseTransaction& operator=(DatabaseTransaction&&) = delete;
    ~DatabaseTransaction();

    /// Errors also: that of a statement which failed in this transaction; nothing is committed then.
    Result<void> commit();

private:
    explicit DatabaseTransaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

} // namespace counterfoil
