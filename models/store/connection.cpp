// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/connection.h"

#include "models/store/driver.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QThread>

#include <optional>

namespace counterfoil {

namespace {

/// In JSON a control character is a number; in PostgreSQL's arrays everything stands for itself.
void appendQuoted(QString& list, QStringView text, bool json)
{
    list += u'"';
    for (const QChar character : text) {
        if (json && character < u' ') {
            list += QStringLiteral("\\u%1").arg(character.unicode(), 4, 16, QChar(u'0'));
            continue;
        }
        if (character == u'"' || character == u'\\') {
            list += u'\\';
        }
        list += character;
    }
    list += u'"';
}

} // namespace

struct Connection::Private {
    DatabaseUrl url;
    ConnectionRole role = ConnectionRole::Reader;
    std::unique_ptr<Driver> driver;
    /// The database's text of one of ours.
    struct Translation {
        QString text;
        /// For lists of one each, which SQLite reads three times as quickly.
        QString single;
        /// Which values are lists of ids.
        QList<qsizetype> idLists;
    };
    QHash<QString, Translation> translations;
    QThread* thread = QThread::currentThread();
    bool isReading = false;
    bool inTransaction = false;
    TransactionInterference interference;
    /// The first failure inside the transaction.
    std::optional<Error> spoiledBy;

    void checkThread() const { require(QThread::currentThread() == thread, "a connection is used on the thread that made it"); }

    /// The answer of one statement comes over the connection until its last row: another one would cut it off.
    void checkFree() const
    {
        checkThread();
        require(!isReading, "a connection runs one statement at a time: finish reading first");
    }

    /// Remembers a failure inside a transaction: nothing is committed then.
    template<class T>
    Result<T> noted(Result<T> outcome)
    {
        if (!outcome && inTransaction && !spoiledBy) {
            spoiledBy = outcome.error();
        }
        return outcome;
    }

    /// Fills in the dialect's words.
    const QString& translated(const QString& sql, const QVariantList& values)
    {
        auto known = translations.constFind(sql);
        if (known == translations.constEnd()) {
            known = translations.insert(sql, translationOf(sql));
        }
        const bool isSingle = !known->idLists.isEmpty() && std::ranges::all_of(known->idLists, [&values](qsizetype i) { return values.value(i).typeId() == QMetaType::LongLong; });
        return isSingle ? known->single : known->text;
    }

    Translation translationOf(const QString& sql) const
    {
        const bool sqlite = url.kind == DatabaseKind::Sqlite;
        const QString ids = QStringLiteral("{ids}");
        Translation translation;
        QString text = sql;
        text.replace(QStringLiteral("{texts}"), sqlite ? QStringLiteral("IN (SELECT value FROM json_each(?))") : QStringLiteral("= ANY (?::text[])"));
        text.replace(QStringLiteral("{lock}"), sqlite ? QString() : QStringLiteral("FOR UPDATE"));
        text.replace(QStringLiteral("{skip_locked}"), sqlite ? QString() : QStringLiteral("FOR UPDATE SKIP LOCKED"));
        for (qsizetype at = text.indexOf(ids); at >= 0; at = text.indexOf(ids, at + 1)) {
            const QStringView before = QStringView(text).left(at);
            translation.idLists << before.count(u'?') + before.count(ids);
        }
        translation.text = QString(text).replace(ids, sqlite ? QStringLiteral("IN (SELECT value FROM json_each(?))") : QStringLiteral("= ANY (?::bigint[])"));
        translation.single = text.replace(ids, QStringLiteral("= ?"));
        return translation;
    }

    /// Unprepared: transaction control and definitions, which PostgreSQL can't prepare.
    Result<void> runPlain(const QString& sql)
    {
        checkFree();
        return noted(driver->runPlain(sql));
    }

    /// Begins and ends transactions. A beginning goes out with what is done in it.
    Result<void> begin(const QString& sql)
    {
        checkFree();
        CF_TRY(driver->postPlain(sql));
        inTransaction = true;
        return {};
    }
    Result<void> end(const QString& sql)
    {
        checkFree();
        CF_TRY(driver->postPlain(sql));
        return driver->settle();
    }

    Result<QString> single(const QString& sql)
    {
        QString value;
        CF_TRY(driver->queryAll(sql, {}, [&value](const Row& row) -> Result<void> {
            value = row.text(0);
            return {};
        }));
        return value;
    }

    Result<void> openSqlite()
    {
        const bool reader = role == ConnectionRole::Reader;
        const bool isUri = url.path.startsWith(u"file:");
        if (reader && !isUri && !QFileInfo::exists(url.path)) {
            return fail(ErrorCode::DatabaseUnavailable, QStringLiteral("there is no database at %1").arg(url.path));
        }
        if (!isUri && !QFileInfo::exists(url.path)) {
            // Nobody else may look into it at any moment, so it is made with its permissions. A failure shows when it is opened.
            QFile file(url.path);
            (void)file.open(QFile::WriteOnly | QFile::NewOnly, QFile::ReadOwner | QFile::WriteOwner);
        }
        CF_TRY(driver->open(url, role));
        CF_TRY(runPlain(QStringLiteral("PRAGMA foreign_keys=ON")));
        // Without it REPLACE deletes rows of append-only tables past their triggers.
        CF_TRY(runPlain(QStringLiteral("PRAGMA recursive_triggers=ON")));
        if (reader) {
            return runPlain(QStringLiteral("PRAGMA query_only=ON"));
        }
        CF_ASSIGN(const QString journal, single(QStringLiteral("PRAGMA journal_mode=WAL")));
        CF_TRY(runPlain(QStringLiteral("PRAGMA synchronous=FULL")));
        // A batch with the pages around it stays in memory, and what many batches write again and again reaches the file once: 64 and 16 MiB.
        CF_TRY(runPlain(QStringLiteral("PRAGMA cache_size=-65536")));
        CF_TRY(runPlain(QStringLiteral("PRAGMA wal_autocheckpoint=4096")));
        CF_ASSIGN(const QString synchronous, single(QStringLiteral("PRAGMA synchronous")));
        const bool inMemory = url.path.contains(u"memdb");
        if ((journal != u"wal" && !inMemory) || synchronous.toInt() < 2) {
            return fail(ErrorCode::DurabilityTooWeak, QStringLiteral("journal_mode=%1, synchronous=%2: WAL and FULL are needed").arg(journal, synchronous));
        }
        return {};
    }

    Result<void> openPostgresql()
    {
        CF_TRY(driver->open(url, role));
        CF_TRY(runPlain(QStringLiteral("SET client_min_messages = warning")));
        // A program that hangs in the middle of a transaction gives its locks back.
        CF_TRY(runPlain(QStringLiteral("SET idle_in_transaction_session_timeout = '60s'")));
        if (role == ConnectionRole::Reader) {
            return runPlain(QStringLiteral("SET default_transaction_read_only = on"));
        }
        // A session that sits on a row must not stop a worker for ever: as SQLite's busy timeout.
        CF_TRY(runPlain(QStringLiteral("SET lock_timeout = '5s'")));
        // Every statement of a writer looks rows up by index. Plans are kept for as long as the connection, and one that was made while a table was
        // empty reads all of it ever after; the penalty in the estimate that keeps such plans away must not set off JIT compilation.
        CF_TRY(runPlain(QStringLiteral("SET enable_seqscan = off")));
        CF_TRY(runPlain(QStringLiteral("SET jit = off")));
        // For the same reason the plan doesn't depend on the values: to plan anew takes longer than to run.
        CF_TRY(runPlain(QStringLiteral("SET plan_cache_mode = force_generic_plan")));
        for (const QString& setting : {QStringLiteral("synchronous_commit"), QStringLiteral("fsync"), QStringLiteral("full_page_writes")}) {
            CF_ASSIGN(const QString value, single(QStringLiteral("SHOW ") + setting));
            const bool strong = setting == u"synchronous_commit" ? value == u"on" || value == u"remote_apply" : value == u"on";
            if (!strong) {
                return fail(ErrorCode::DurabilityTooWeak, QStringLiteral("%1=%2: on is needed").arg(setting, value));
            }
        }
        return {};
    }
};

Connection::Connection() : d(std::make_unique<Private>()) {}

Connection::~Connection()
{
    d->checkThread();
}

Result<std::unique_ptr<Connection>> Connection::open(const DatabaseUrl& url, ConnectionRole role)
{
    std::unique_ptr<Connection> connection(new Connection);
    Private& d = *connection->d;
    d.url = url;
    d.role = role;
    const bool sqlite = url.kind == DatabaseKind::Sqlite;
    d.driver = sqlite ? makeSqliteDriver() : makePostgresqlDriver();
    CF_TRY(sqlite ? d.openSqlite() : d.openPostgresql());
    return connection;
}

DatabaseKind Connection::kind() const
{
    return d->url.kind;
}

const DatabaseUrl& Connection::url() const
{
    return d->url;
}

Result<int> Connection::execute(const QString& sql, const QVariantList& values)
{
    d->checkFree();
    return d->noted(d->driver->execute(d->translated(sql, values), values));
}

Result<void> Connection::query(const QString& sql, const QVariantList& values, const RowReader& each)
{
    return read(each, [&](const RowReader& row) { return d->driver->query(d->translated(sql, values), values, row); });
}

Result<void> Connection::queryAll(const QString& sql, const QVariantList& values, const RowReader& each)
{
    return read(each, [&](const RowReader& row) { return d->driver->queryAll(d->translated(sql, values), values, row); });
}

template<class Function>
Result<void> Connection::read(const RowReader& each, Function run)
{
    d->checkFree();
    // The caller's own error says nothing about the transaction.
    Result<void> callers;
    d->isReading = true;
    Result<void> outcome = run([&](const Row& row) -> Result<void> {
        callers = each(row);
        return callers;
    });
    d->isReading = false;
    return callers ? d->noted(std::move(outcome)) : callers;
}

Result<int> Connection::write(const SetStatement& statement, std::size_t rows, const RowWriter& each)
{
    d->checkFree();
    return rows == 0 ? Result<int>(0) : d->noted(d->driver->write(statement, rows, each));
}

StatementBatch::StatementBatch(Connection& connection) : m_connection(connection) {}

StatementBatch::~StatementBatch()
{
    m_isOver = true;
    (void)finish();
}

template<class Function>
void StatementBatch::run(Function post)
{
    Connection::Private& d = *m_connection.d;
    d.checkFree();
    if (!m_outcome || !m_callers) {
        return;
    }
    d.isReading = true;
    m_outcome = post(*d.driver);
    d.isReading = false;
}

void StatementBatch::query(const QString& sql, const QVariantList& values, RowReader each)
{
    run([&](Driver& driver) {
        return driver.postQuery(m_connection.d->translated(sql, values), values, [this, each = std::move(each)](const Row& row) -> Result<void> {
            if (!m_isOver && m_callers) {
                m_callers = each(row);
            }
            return m_callers;
        });
    });
}

void StatementBatch::queryOf(const QString& sql, std::span<const qint64> ids, RowReader each)
{
    if (ids.empty()) {
        return;
    }
    if (m_connection.kind() == DatabaseKind::Postgresql) {
        query(sql, {m_connection.idList(ids)}, std::move(each));
        return;
    }
    run([&](Driver& driver) {
        return driver.queryEach(m_connection.d->translated(sql, {ids.front()}), ids, [&](const Row& row) -> Result<void> {
            m_callers = each(row);
            return m_callers;
        });
    });
}

void StatementBatch::write(const SetStatement& statement, std::size_t rows, const RowWriter& each, RowCounter counted)
{
    run([&](Driver& driver) {
        return driver.postWrite(statement, rows, each, [this, counted = std::move(counted)](int changed) -> Result<void> {
            if (!m_isOver && m_callers && counted) {
                m_callers = counted(changed);
            }
            return m_callers;
        });
    });
}

Result<void> StatementBatch::finish()
{
    Connection::Private& d = *m_connection.d;
    d.isReading = true;
    const Result<void> settled = d.driver->settle();
    d.isReading = false;
    if (m_outcome && !settled) {
        m_outcome = settled;
    }
    if (!m_callers) {
        return m_callers;
    }
    return d.noted(m_outcome);
}

Result<void> Connection::executeScript(const QString& script)
{
    d->checkThread();
    const bool explicitEnds = script.contains(u"\n;;");
    QString statement;
    for (const QString& line : script.split(u'\n')) {
        const bool ends = explicitEnds ? line == u";;" : line.trimmed().endsWith(u';') && !line.trimmed().startsWith(u"--");
        if (!(explicitEnds && ends) && !line.trimmed().startsWith(u"--")) {
            statement += line + u'\n';
        }
        if (ends && !statement.trimmed().isEmpty()) {
            CF_TRY(d->runPlain(statement));
            statement.clear();
        }
    }
    return statement.trimmed().isEmpty() ? Result<void>() : d->runPlain(statement);
}

QVariant Connection::idList(std::span<const qint64> ids) const
{
    const bool sqlite = d->url.kind == DatabaseKind::Sqlite;
    if (sqlite && ids.size() == 1) {
        return ids.front();
    }
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(ids.size()));
    for (const qint64 id : ids) {
        texts << QString::number(id);
    }
    return QString((sqlite ? u'[' : u'{') + texts.join(u',') + (sqlite ? u']' : u'}'));
}

QVariant Connection::textList(const QStringList& texts) const
{
    const bool sqlite = d->url.kind == DatabaseKind::Sqlite;
    QString list(sqlite ? u'[' : u'{');
    for (const QString& text : texts) {
        if (list.size() > 1) {
            list += u',';
        }
        appendQuoted(list, text, sqlite);
    }
    list += sqlite ? u']' : u'}';
    return list;
}

void Connection::notify(const QString& channel, const QString& payload)
{
    d->checkFree();
    d->driver->notify(channel, payload);
}

Result<void> Connection::listen(const QString& channel, std::function<void(QString)> notified)
{
    d->checkFree();
    return d->driver->listen(channel, std::move(notified));
}

void Connection::setInterference(TransactionInterference interference)
{
    d->interference = std::move(interference);
}

Result<void> Connection::interfere(TransactionPoint point)
{
    return d->interference ? d->interference(point) : Result<void>();
}

Result<DatabaseTransaction> DatabaseTransaction::begin(Connection& connection)
{
    require(!connection.d->inTransaction, "transactions don't nest");
    CF_TRY(connection.interfere(TransactionPoint::BeforeBegin));
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->begin(sqlite ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN")));
    return DatabaseTransaction(connection);
}

Result<DatabaseTransaction> DatabaseTransaction::beginRead(Connection& connection)
{
    require(!connection.d->inTransaction, "transactions don't nest");
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->begin(sqlite ? QStringLiteral("BEGIN DEFERRED") : QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")));
    return DatabaseTransaction(connection);
}

DatabaseTransaction::DatabaseTransaction(DatabaseTransaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

DatabaseTransaction::~DatabaseTransaction()
{
    if (m_connection) {
        // The error that led here is the one to report; a failed rollback means the connection is gone and nothing was kept.
        (void)m_connection->d->end(QStringLiteral("ROLLBACK"));
        m_connection->d->inTransaction = false;
        m_connection->d->spoiledBy.reset();
    }
}

Result<void> DatabaseTransaction::commit()
{
    require(m_connection, "a transaction is committed once");
    if (m_connection->d->spoiledBy) {
        // PostgreSQL would answer such a COMMIT with success, and roll back.
        return std::unexpected(*m_connection->d->spoiledBy);
    }
    CF_TRY(m_connection->interfere(TransactionPoint::BeforeCommit));
    CF_TRY(m_connection->d->end(QStringLiteral("COMMIT")));
    m_connection->d->inTransaction = false;
    return std::exchange(m_connection, nullptr)->interfere(TransactionPoint::AfterCommit);
}

} // namespace counterfoil
