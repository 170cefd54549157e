// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_database.h"

#include "models/store/migrator.h"

#include <QCoreApplication>
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
    } else {
        database->m_server = orAbort(DatabaseUrl::parse(server.isEmpty() ? qEnvironmentVariable("COUNTERFOIL_TEST_POSTGRESQL") : server));
        database->m_url = database->m_server;
        database->m_url.name = uniqueName();
        const auto connection = orAbort(Connection::open(database->m_server, ConnectionRole::Writer));
        // A run that was killed may have left one of the same name.
        orAbort(connection->executeScript(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(database->m_url.name)));
        orAbort(connection->executeScript(QStringLiteral("CREATE DATABASE %1").arg(database->m_url.name)));
    }
    orAbort(Migrator(database->writer(), SystemClock()).migrate());
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
