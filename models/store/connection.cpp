// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/connection.h"

#include "models/store/database_error.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>

#include <atomic>
#include <optional>

namespace counterfoil {

namespace {

constexpr int busyTimeoutMs = 5000;

class QueryRow final : public Row {
public:
    explicit QueryRow(const QSqlQuery& query) : m_query(query) {}
    bool isNull(int column) const override { return m_query.isNull(column); }
    qint64 integer(int column) const override { return m_query.value(column).toLongLong(); }
    QString text(int column) const override { return m_query.value(column).toString(); }

private:
    const QSqlQuery& m_query;
};

QString nextConnectionName()
{
    static std::atomic<int> counter{0};
    return QStringLiteral("counterfoil-%1").arg(++counter);
}

} // namespace

struct Connection::Private {
    DatabaseUrl url;
    ConnectionRole role = ConnectionRole::Reader;
    QString name;
    QSqlDatabase database;
    QHash<QString, QSqlQuery*> statements;
    QThread* thread = QThread::currentThread();
    bool isReading = false;
    bool inTransaction = false;
    /// The first failure inside the transaction.
    std::optional<Error> spoiledBy;

    ~Private()
    {
        qDeleteAll(statements);
        statements.clear();
        if (database.isValid()) {
            database.close();
            database = QSqlDatabase();
            QSqlDatabase::removeDatabase(name);
        }
    }

    void checkThread() const { require(QThread::currentThread() == thread, "a connection is used on the thread that made it"); }

    /// PostgreSQL streams an answer: another statement on the same connection would silently cut it off.
    void checkFree() const
    {
        checkThread();
        require(!isReading, "a connection runs one statement at a time: finish reading first");
    }

    std::unexpected<Error> failed(const QSqlError& error, const QString& sql)
    {
        const std::unexpected<Error> made = databaseError(url.kind, error, sql);
        if (inTransaction && !spoiledBy) {
            spoiledBy = made.error();
        }
        return made;
    }

    /// Fills in the dialect's words.
    QString translated(QString sql) const
    {
        const bool sqlite = url.kind == DatabaseKind::Sqlite;
        sql.replace(QStringLiteral("{ids}"), sqlite ? QStringLiteral("IN (SELECT value FROM json_each(?))") : QStringLiteral("= ANY (?::bigint[])"));
        sql.replace(QStringLiteral("{texts}"), sqlite ? QStringLiteral("IN (SELECT value FROM json_each(?))") : QStringLiteral("= ANY (?::text[])"));
        sql.replace(QStringLiteral("{lock}"), sqlite ? QString() : QStringLiteral("FOR UPDATE"));
        sql.replace(QStringLiteral("{skip_locked}"), sqlite ? QString() : QStringLiteral("FOR UPDATE SKIP LOCKED"));
        return sql;
    }

    Result<QSqlQuery*> prepared(const QString& sql)
    {
        if (QSqlQuery* known = statements.value(sql)) {
            return known;
        }
        auto query = std::make_unique<QSqlQuery>(database);
        query->setForwardOnly(true);
        if (!query->prepare(translated(sql))) {
            return failed(query->lastError(), sql);
        }
        return *statements.insert(sql, query.release());
    }

    Result<QSqlQuery*> run(const QString& sql, const QVariantList& values)
    {
        checkFree();
        CF_ASSIGN(QSqlQuery* const query, prepared(sql));
        for (qsizetype i = 0; i < values.size(); ++i) {
            const bool isText = values[i].typeId() == QMetaType::QString;
            if (isText && values[i].toString().contains(QChar(0))) {
                // The PostgreSQL driver would cut the text there without a word.
                return fail(ErrorCode::InvalidText, QStringLiteral("U+0000 in value %1 of: %2").arg(i).arg(sql.simplified().left(160)));
            }
            // No column holds a text that may be NULL.
            query->bindValue(static_cast<int>(i), isText && values[i].toString().isNull() ? QVariant(QStringLiteral("")) : values[i]);
        }
        if (!query->exec()) {
            const QSqlError error = query->lastError();
            query->finish();
            return failed(error, sql);
        }
        return query;
    }

    /// Unprepared: transaction control and definitions, which PostgreSQL can't prepare.
    Result<void> runPlain(const QString& sql)
    {
        checkFree();
        QSqlQuery query(database);
        if (!query.exec(sql)) {
            return failed(query.lastError(), sql);
        }
        query.finish();
        return {};
    }

    Result<QString> single(const QString& sql)
    {
        QSqlQuery query(database);
        if (!query.exec(sql) || !query.next()) {
            return databaseError(url.kind, query.lastError(), sql);
        }
        const QString value = query.value(0).toString();
        query.finish();
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
        database.setDatabaseName(url.path);
        QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs);
        if (isUri) {
            options += QStringLiteral(";QSQLITE_OPEN_URI");
        }
        database.setConnectOptions(options);
        if (!database.open()) {
            return databaseError(url.kind, database.lastError(), QStringLiteral("open"));
        }
        CF_TRY(runPlain(QStringLiteral("PRAGMA foreign_keys=ON")));
        // Without it REPLACE deletes rows of append-only tables past their triggers.
        CF_TRY(runPlain(QStringLiteral("PRAGMA recursive_triggers=ON")));
        if (reader) {
            return runPlain(QStringLiteral("PRAGMA query_only=ON"));
        }
        CF_ASSIGN(const QString journal, single(QStringLiteral("PRAGMA journal_mode=WAL")));
        CF_TRY(runPlain(QStringLiteral("PRAGMA synchronous=FULL")));
        CF_ASSIGN(const QString synchronous, single(QStringLiteral("PRAGMA synchronous")));
        const bool inMemory = url.path.contains(u"memdb");
        if ((journal != u"wal" && !inMemory) || synchronous.toInt() < 2) {
            return fail(ErrorCode::DurabilityTooWeak, QStringLiteral("journal_mode=%1, synchronous=%2: WAL and FULL are needed").arg(journal, synchronous));
        }
        return {};
    }

    Result<void> openPostgresql()
    {
        database.setHostName(url.host);
        database.setPort(url.port);
        database.setUserName(url.user);
        database.setDatabaseName(url.name);
        QStringList options{QStringLiteral("connect_timeout=10"), QStringLiteral("application_name=counterfoil")};
        if (!url.options.isEmpty()) {
            options += url.options;
        }
        database.setConnectOptions(options.join(u';'));
        if (!database.open()) {
            return databaseError(url.kind, database.lastError(), QStringLiteral("open"));
        }
        CF_TRY(runPlain(QStringLiteral("SET client_min_messages = warning")));
        if (role == ConnectionRole::Reader) {
            return runPlain(QStringLiteral("SET default_transaction_read_only = on"));
        }
        // A session that sits on a row must not stop a worker for ever: as SQLite's busy timeout.
        CF_TRY(runPlain(QStringLiteral("SET lock_timeout = '5s'")));
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
    d.name = nextConnectionName();
    const bool sqlite = url.kind == DatabaseKind::Sqlite;
    d.database = QSqlDatabase::addDatabase(sqlite ? QStringLiteral("QSQLITE") : QStringLiteral("QPSQL"), d.name);
    if (!d.database.isValid()) {
        return fail(ErrorCode::DatabaseUnavailable, QStringLiteral("the Qt driver for %1 is not installed").arg(url.toText()));
    }
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
    CF_ASSIGN(QSqlQuery* const query, d->run(sql, values));
    const int changed = query->numRowsAffected();
    query->finish();
    return changed;
}

Result<void> Connection::query(const QString& sql, const QVariantList& values, const std::function<Result<void>(const Row&)>& each)
{
    CF_ASSIGN(QSqlQuery* const query, d->run(sql, values));
    const QueryRow row(*query);
    Result<void> outcome;
    d->isReading = true;
    while (outcome && query->next()) {
        outcome = each(row);
    }
    d->isReading = false;
    const QSqlError error = query->lastError();
    query->finish();
    if (outcome && error.isValid()) {
        return d->failed(error, sql);
    }
    return outcome;
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
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(ids.size()));
    for (const qint64 id : ids) {
        texts << QString::number(id);
    }
    return QString((sqlite ? u'[' : u'{') + texts.join(u',') + (sqlite ? u']' : u'}'));
}

QVariant Connection::textList(const QStringList& texts) const
{
    if (d->url.kind == DatabaseKind::Sqlite) {
        return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact));
    }
    QStringList quoted;
    for (QString text : texts) {
        text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
        quoted << u'"' + text + u'"';
    }
    return QString(u'{' + quoted.join(u',') + u'}');
}

Result<void> Connection::listen(const QString& channel, std::function<void(QString)> notified)
{
    if (d->url.kind == DatabaseKind::Sqlite) {
        return {};
    }
    QSqlDriver* driver = d->database.driver();
    if (!driver->subscribeToNotification(channel)) {
        return databaseError(d->url.kind, driver->lastError(), QStringLiteral("LISTEN"));
    }
    QObject::connect(driver, &QSqlDriver::notification, driver,
                     [channel, notified = std::move(notified)](const QString& name, QSqlDriver::NotificationSource, const QVariant& payload) {
                         if (name == channel) {
                             notified(payload.toString());
                         }
                     });
    return {};
}

Result<DatabaseTransaction> DatabaseTransaction::begin(Connection& connection)
{
    require(!connection.d->inTransaction, "transactions don't nest");
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->runPlain(sqlite ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN")));
    connection.d->inTransaction = true;
    return DatabaseTransaction(connection);
}

Result<DatabaseTransaction> DatabaseTransaction::beginRead(Connection& connection)
{
    require(!connection.d->inTransaction, "transactions don't nest");
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->runPlain(sqlite ? QStringLiteral("BEGIN DEFERRED") : QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")));
    connection.d->inTransaction = true;
    return DatabaseTransaction(connection);
}

DatabaseTransaction::DatabaseTransaction(DatabaseTransaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

DatabaseTransaction::~DatabaseTransaction()
{
    if (m_connection) {
        // The error that led here is the one to report; a failed rollback means the connection is gone and nothing was kept.
        (void)m_connection->d->runPlain(QStringLiteral("ROLLBACK"));
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
    CF_TRY(m_connection->d->runPlain(QStringLiteral("COMMIT")));
    m_connection->d->inTransaction = false;
    m_connection = nullptr;
    return {};
}

} // namespace counterfoil
