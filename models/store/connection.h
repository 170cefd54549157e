// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/store/database_url.h"

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

    UtcTime time(int column) const { return UtcTime(isNull(column) ? 0 : integer(column)); }
    template<class IdType>
    IdType id(int column) const
    {
        return IdType(isNull(column) ? 0 : integer(column));
    }
};

enum class ConnectionRole { Writer, Reader };

/// One database connection: made, used and destroyed on one thread (asserted). Statements are prepared once, kept, and always
/// finished. SQL text may hold tokens that the dialect fills in: `{ids}` or `{texts}` after a column (`id {ids}`: the
/// column is in a bound list, see idList and textList), `{lock}` (row locks) and `{skip_locked}` at the end of a SELECT.
///
/// Errors of every call: DatabaseUnavailable, DatabaseBusy, SerializationFailure, ConstraintViolated, DatabaseReadOnly,
/// DatabaseFull, DatabaseCorrupt, InvalidText (U+0000 in a value), Internal (a statement the database doesn't accept).
class Connection {
public:
    /// Opens, sets and then checks durability: SQLite WAL with synchronous=FULL, PostgreSQL synchronous_commit=on. A reader's
    /// connection can't write. Errors also: DurabilityTooWeak.
    static Result<std::unique_ptr<Connection>> open(const DatabaseUrl& url, ConnectionRole role);
    ~Connection();

    DatabaseKind kind() const;
    const DatabaseUrl& url() const;

    /// Returns the number of rows changed.
    Result<int> execute(const QString& sql, const QVariantList& values = {});
    /// Calls `each` for every row; its error ends the query and is returned. `each` must not use this connection (asserted).
    Result<void> query(const QString& sql, const QVariantList& values, const std::function<Result<void>(const Row&)>& each);
    /// Runs statements that are separated by lines that are only `;;` (or by `;` at a line's end), unprepared. For migrations.
    Result<void> executeScript(const QString& script);

    /// A bound value for `{ids}`.
    QVariant idList(std::span<const qint64> ids) const;
    /// A bound value for `{texts}`.
    QVariant textList(const QStringList& texts) const;

    /// Subscribes to the change feed's notifications (PostgreSQL); `notified` is called with each payload while this thread's event
    /// loop runs. On SQLite it does nothing.
    Result<void> listen(const QString& channel, std::function<void(QString)> notified);

private:
    friend class DatabaseTransaction;
    Connection();
    struct Private;
    std::unique_ptr<Private> d;
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
