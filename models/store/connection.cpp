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
            return databaseError(url.kind, query->lastError(), sql);
        }
        return *statements.insert(sql, query.release());
    }

    Result<QSqlQuery*> run(const QString& sql, const QVariantList& values)
    {
        checkThread();
        CF_ASSIGN(QSqlQuery* const query, prepared(sql));
        for (qsizetype i = 0; i < values.size(); ++i) {
            query->bindValue(static_cast<int>(i), values[i]);
        }
        if (!query->exec()) {
            const QSqlError error = query->lastError();
            query->finish();
            return databaseError(url.kind, error, sql);
        }
        return query;
    }

    /// Unprepared: transaction control and definitions, which PostgreSQL can't prepare.
    Result<void> runPlain(const QString& sql)
    {
        checkThread();
        QSqlQuery query(database);
        if (!query.exec(sql)) {
            return databaseError(url.kind, query.lastError(), sql);
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
        const bool isNew = !isUri && !QFileInfo::exists(url.path);
        database.setDatabaseName(url.path);
        QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs);
        if (isUri) {
            options += QStringLiteral(";QSQLITE_OPEN_URI");
        }
        database.setConnectOptions(options);
        if (!database.open()) {
            return databaseError(url.kind, database.lastError(), QStringLiteral("open"));
        }
        if (isNew) {
            QFile::setPermissions(url.path, QFile::ReadOwner | QFile::WriteOwner);
        }
        CF_TRY(runPlain(QStringLiteral("PRAGMA foreign_keys=ON")));
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
    while (outcome && query->next()) {
        outcome = each(row);
    }
    const QSqlError error = query->lastError();
    query->finish();
    if (outcome && error.isValid()) {
        return databaseError(d->url.kind, error, sql);
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
                     [notified = std::move(notified)](const QString&, QSqlDriver::NotificationSource, const QVariant& payload) { notified(payload.toString()); });
    return {};
}

Result<DatabaseTransaction> DatabaseTransaction::begin(Connection& connection)
{
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->runPlain(sqlite ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN")));
    return DatabaseTransaction(connection);
}

Result<DatabaseTransaction> DatabaseTransaction::beginRead(Connection& connection)
{
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    CF_TRY(connection.d->runPlain(sqlite ? QStringLiteral("BEGIN DEFERRED") : QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")));
    return DatabaseTransaction(connection);
}

DatabaseTransaction::DatabaseTransaction(DatabaseTransaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

DatabaseTransaction::~DatabaseTransaction()
{
    if (m_connection) {
        // The error that led here is the one to report; a failed rollback means the connection is gone and nothing was kept.
        (void)m_connection->d->runPlain(QStringLiteral("ROLLBACK"));
    }
}

Result<void> DatabaseTransaction::commit()
{
    require(m_connection, "a transaction is committed once");
    CF_TRY(m_connection->d->runPlain(QStringLiteral("COMMIT")));
    m_connection = nullptr;
    return {};
}

} // namespace counterfoil
