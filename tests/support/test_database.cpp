// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_database.h"

#include "models/store/migrator.h"
#include "resources/resources.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDirIterator>
#include <QTest>

#include <atomic>

namespace counterfoil {

namespace {

template<class T>
T orAbort(Result<T> result)
{
    if (!result) {
        qFatal("test database: %s", qPrintable(result.error().text()));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// The file of a database that was just migrated: a copy takes a fraction of the time.
const QByteArray& migratedFile()
{
    static const QByteArray bytes = [] {
        const QTemporaryDir folder;
        DatabaseUrl url;
        url.path = folder.filePath(QStringLiteral("migrated.db"));
        {
            const auto connection = orAbort(Connection::open(url, ConnectionRole::Writer));
            orAbort(Migrator(*connection, SystemClock()).migrate());
            orAbort(connection->executeScript(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")));
        }
        QFile file(url.path);
        if (!file.open(QFile::ReadOnly)) {
            qFatal("test database: %s", qPrintable(file.errorString()));
        }
        return file.readAll();
    }();
    return bytes;
}

void copyMigratedFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QFile::WriteOnly | QFile::NewOnly, QFile::ReadOwner | QFile::WriteOwner) || file.write(migratedFile()) != migratedFile().size()) {
        qFatal("test database: %s", qPrintable(file.errorString()));
    }
}

/// By the migrations' texts: a server that outlives a change of them keeps one for each.
QString templateName()
{
    static const QString name = [] {
        initResources();
        QStringList files;
        for (QDirIterator it(QStringLiteral(":/counterfoil/migrations")); it.hasNext();) {
            files << it.next();
        }
        files.sort();
        QCryptographicHash hash(QCryptographicHash::Sha256);
        for (const QString& path : std::as_const(files)) {
            QFile file(path);
            if (file.open(QFile::ReadOnly)) {
                hash.addData(file.readAll());
            }
        }
        return QStringLiteral("counterfoil_template_") + QString::fromLatin1(hash.result().toHex().left(16));
    }();
    return name;
}

/// The migrated database on this server that others are copied from; the first program that needs it makes it.
QString templateOn(Connection& server, const DatabaseUrl& url)
{
    const QString name = templateName();
    const auto exists = [&server, &name] {
        bool found = false;
        orAbort(server.query(QStringLiteral("SELECT 1 FROM pg_database WHERE datname = ?"), {name}, [&found](const Row&) -> Result<void> {
            found = true;
            return {};
        }));
        return found;
    };
    if (exists()) {
        return name;
    }
    const auto alone = orAbort(Connection::open(url, ConnectionRole::Writer));
    orAbort(alone->query(QStringLiteral("SELECT pg_advisory_lock(20261127)"), {}, [](const Row&) -> Result<void> { return {}; }));
    if (!exists()) {
        DatabaseUrl unfinished = url;
        unfinished.name = name + QStringLiteral("_unfinished");
        orAbort(server.executeScript(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(unfinished.name)));
        orAbort(server.executeScript(QStringLiteral("CREATE DATABASE %1").arg(unfinished.name)));
        orAbort(Migrator(*orAbort(Connection::open(unfinished, ConnectionRole::Writer)), SystemClock()).migrate());
        orAbort(server.executeScript(QStringLiteral("ALTER DATABASE %1 RENAME TO %2").arg(unfinished.name, name)));
    }
    return name;
}

QString uniqueName()
{
    static std::atomic<int> counter{0};
    return QStringLiteral("counterfoil_test_%1_%2").arg(QCoreApplication::applicationPid()).arg(++counter);
}

} // namespace

std::vector<DatabaseKind> TestDatabase::kinds()
{
    std::vector<DatabaseKind> kinds{DatabaseKind::Sqlite};
    if (qEnvironmentVariableIsSet("COUNTERFOIL_TEST_POSTGRESQL")) {
        kinds.push_back(DatabaseKind::Postgresql);
    }
    return kinds;
}

void TestDatabase::addKindRows()
{
    QTest::addColumn<DatabaseKind>("kind");
    for (const DatabaseKind kind : kinds()) {
        QTest::newRow(kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql") << kind;
    }
}

std::unique_ptr<TestDatabase> TestDatabase::create(DatabaseKind kind, const QString& server)
{
    std::unique_ptr<TestDatabase> database(new TestDatabase);
    if (kind == DatabaseKind::Sqlite) {
        database->m_folder = std::make_unique<QTemporaryDir>();
        database->m_url.path = database->m_folder->filePath(QStringLiteral("test.db"));
        copyMigratedFile(database->m_url.path);
    } else {
        database->m_server = orAbort(DatabaseUrl::parse(server.isEmpty() ? qEnvironmentVariable("COUNTERFOIL_TEST_POSTGRESQL") : server));
        database->m_url = database->m_server;
        database->m_url.name = uniqueName();
        const auto connection = orAbort(Connection::open(database->m_server, ConnectionRole::Writer));
        // A run that was killed may have left one of the same name.
        orAbort(connection->executeScript(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(database->m_url.name)));
        orAbort(connection->executeScript(QStringLiteral("CREATE DATABASE %1 TEMPLATE %2").arg(database->m_url.name, templateOn(*connection, database->m_server))));
        // A copy is open to everybody again.
        orAbort(connection->execute(QStringLiteral("UPDATE pg_database AS copy SET datacl = original.datacl FROM pg_database AS original WHERE copy.datname = ? AND original.datname = ?"),
                                    {database->m_url.name, templateName()}));
    }
    return database;
}

std::unique_ptr<TestDatabase> TestDatabase::existing(const QString& path)
{
    std::unique_ptr<TestDatabase> database(new TestDatabase);
    database->m_url.path = path;
    return database;
}

TestDatabase::~TestDatabase()
{
    m_reader.reset();
    m_writer.reset();
    if (m_url.kind == DatabaseKind::Postgresql) {
        const auto server = orAbort(Connection::open(m_server, ConnectionRole::Writer));
        orAbort(server->executeScript(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(m_url.name)));
    }
}

Connection& TestDatabase::writer()
{
    if (!m_writer) {
        m_writer = connect(ConnectionRole::Writer);
    }
    return *m_writer;
}

Connection& TestDatabase::reader()
{
    if (!m_reader) {
        m_reader = connect(ConnectionRole::Reader);
    }
    return *m_reader;
}

void TestDatabase::reconnect()
{
    m_reader.reset();
    m_writer.reset();
}

std::unique_ptr<Connection> TestDatabase::connect(ConnectionRole role) const
{
    return orAbort(Connection::open(m_url, role));
}

} // namespace counterfoil
