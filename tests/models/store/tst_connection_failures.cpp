// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/migrator.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QFile>
#include <QFileInfo>
#include <QSemaphore>

#include <csignal>
#include <thread>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace counterfoil {

namespace {

const QString insertRow = QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?)");

DatabaseUrl sqliteAt(const QString& path)
{
    DatabaseUrl url;
    url.path = path;
    return url;
}

Result<QString> one(Connection& connection, const QString& sql)
{
    QString value;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        value = row.text(0);
        return {};
    }));
    return value;
}

/// Runs `work` in a child process and returns how it ended: an exit code, or minus the signal.
int inChild(const std::function<int()>& work)
{
    const pid_t pid = fork();
    if (pid == 0) {
        const rlimit noCore{0, 0};
        setrlimit(RLIMIT_CORE, &noCore);
        _exit(work());
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool hasPostgresql()
{
    return TestDatabase::kinds().size() > 1;
}

} // namespace

/// What a connection says when the database, the disk, the network or the programmer is at fault.
class TestConnectionFailures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_folder.reset(); }

    void opensSqliteDurably();
    void makesTheFileForItsOwnerOnly();
    void sharesADatabaseInMemory();
    void saysThatAFileIsMissing();
    void saysThatAFolderIsMissing();
    void refusesAFileThatIsNoDatabase();
    void refusesATruncatedFile();
    void refusesADamagedPage();
    void waitsForASecondWriterAndGivesUp();
    void refusesToWriteAReadOnlyFile();
    void reportsAFullDatabase();
    void survivesADiskThatTakesNoMore();
    void mapsConstraints_data();
    void mapsConstraints();
    void abortsWhenMisused_data();
    void abortsWhenMisused();

    void saysThatAServerIsUnreachable();
    void saysThatTheServerRefusesUs_data();
    void saysThatTheServerRefusesUs();
    void refusesWeakDurability();
    void reportsALostConnection();
    void givesUpOnALockedRow();
    void reportsADeadlock();
    void keepsRowsOutOfErrors();

private:
    DatabaseUrl sqlite() const { return sqliteAt(m_folder->filePath(QStringLiteral("pay.db"))); }
    /// A migrated file with some rows.
    void makeFile();

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestConnectionFailures::init()
{
    failOnWarnings();
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestConnectionFailures::makeFile()
{
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    CF_VERIFY_OK(Migrator(**connection, SystemClock()).migrate());
    auto transaction = DatabaseTransaction::begin(**connection);
    CF_VERIFY_OK(transaction);
    for (int i = 0; i < 500; ++i) {
        CF_VERIFY_OK((*connection)->execute(insertRow, {QStringLiteral("name %1").arg(i), QString(200, u'v')}));
    }
    CF_VERIFY_OK(transaction->commit());
}

void TestConnectionFailures::opensSqliteDurably()
{
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    QCOMPARE(*one(**connection, QStringLiteral("PRAGMA journal_mode")), QStringLiteral("wal"));
    QCOMPARE(*one(**connection, QStringLiteral("PRAGMA synchronous")), QStringLiteral("2"));
    QCOMPARE(*one(**connection, QStringLiteral("PRAGMA foreign_keys")), QStringLiteral("1"));
    QCOMPARE(*one(**connection, QStringLiteral("PRAGMA busy_timeout")), QStringLiteral("5000"));
}

void TestConnectionFailures::makesTheFileForItsOwnerOnly()
{
    const mode_t before = umask(0);
    makeFile();
    umask(before);
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    CF_VERIFY_OK((*connection)->execute(insertRow, {QStringLiteral("more"), QString()}));
    const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    for (const QString& suffix : {QString(), QStringLiteral("-wal"), QStringLiteral("-shm")}) {
        QVERIFY2(QFile::exists(sqlite().path + suffix), qPrintable(suffix));
        QVERIFY2(!(QFile::permissions(sqlite().path + suffix) & others), qPrintable(suffix));
    }
}

void TestConnectionFailures::sharesADatabaseInMemory()
{
    const DatabaseUrl url = sqliteAt(QStringLiteral("file:/failures?vfs=memdb"));
    const auto writer = Connection::open(url, ConnectionRole::Writer);
    CF_VERIFY_OK(writer);
    CF_VERIFY_OK(Migrator(**writer, SystemClock()).migrate());
    const auto reader = Connection::open(url, ConnectionRole::Reader);
    CF_VERIFY_OK(reader);
    CF_VERIFY_OK((*writer)->execute(insertRow, {QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(*one(**reader, QStringLiteral("SELECT value FROM setting")), QStringLiteral("b"));
    CF_COMPARE_ERROR((*reader)->execute(QStringLiteral("DELETE FROM setting")), ErrorCode::DatabaseReadOnly);
}

void TestConnectionFailures::saysThatAFileIsMissing()
{
    CF_COMPARE_ERROR(Connection::open(sqlite(), ConnectionRole::Reader), ErrorCode::DatabaseUnavailable);
    QVERIFY(!QFile::exists(sqlite().path));
}

void TestConnectionFailures::saysThatAFolderIsMissing()
{
    CF_COMPARE_ERROR(Connection::open(sqliteAt(m_folder->filePath(QStringLiteral("no/where.db"))), ConnectionRole::Writer), ErrorCode::DatabaseUnavailable);
    CF_COMPARE_ERROR(Connection::open(sqliteAt(m_folder->path()), ConnectionRole::Writer), ErrorCode::DatabaseUnavailable);
}

void TestConnectionFailures::refusesAFileThatIsNoDatabase()
{
    QFile file(sqlite().path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    CF_COMPARE_ERROR(Connection::open(sqlite(), ConnectionRole::Writer), ErrorCode::DatabaseCorrupt);
    CF_COMPARE_ERROR(openCurrent(sqlite(), ConnectionRole::Reader, SystemClock()), ErrorCode::DatabaseCorrupt);
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray(8192, 'x'));
}

void TestConnectionFailures::refusesATruncatedFile()
{
    makeFile();
    QVERIFY(QFile::resize(sqlite().path, QFileInfo(sqlite().path).size() / 2));
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    const auto answer = connection ? one(**connection, QStringLiteral("PRAGMA quick_check")) : passOn(connection);
    // SQLite may say so at once or when it comes to a page that isn't there.
    if (answer) {
        CF_COMPARE_ERROR((*connection)->query(QStringLiteral("SELECT * FROM setting"), {}, [](const Row&) -> Result<void> { return {}; }), ErrorCode::DatabaseCorrupt);
    } else {
        CF_COMPARE_ERROR(answer, ErrorCode::DatabaseCorrupt);
    }
}

void TestConnectionFailures::refusesADamagedPage()
{
    makeFile();
    QFile file(sqlite().path);
    QVERIFY(file.open(QFile::ReadWrite));
    // All but the first page, which holds the schema.
    QVERIFY(file.seek(4096));
    file.write(QByteArray(static_cast<qsizetype>(file.size()) - 4096, '\xa5'));
    file.close();
    const auto connection = Connection::open(sqlite(), ConnectionRole::Reader);
    CF_VERIFY_OK(connection);
    CF_COMPARE_ERROR((*connection)->query(QStringLiteral("SELECT value FROM setting"), {}, [](const Row&) -> Result<void> { return {}; }), ErrorCode::DatabaseCorrupt);
}

void TestConnectionFailures::waitsForASecondWriterAndGivesUp()
{
    makeFile();
    const auto first = Connection::open(sqlite(), ConnectionRole::Writer);
    const auto second = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(first);
    CF_VERIFY_OK(second);
    CF_VERIFY_OK(one(**second, QStringLiteral("PRAGMA busy_timeout=20")));
    {
        const auto transaction = DatabaseTransaction::begin(**first);
        CF_VERIFY_OK(transaction);
        CF_COMPARE_ERROR(DatabaseTransaction::begin(**second), ErrorCode::DatabaseBusy);
        CF_COMPARE_ERROR((*second)->execute(insertRow, {QStringLiteral("x"), QString()}), ErrorCode::DatabaseBusy);
        // Readers are not disturbed.
        CF_VERIFY_OK(one(**second, QStringLiteral("SELECT count(*) FROM setting")));
    }
    CF_VERIFY_OK(DatabaseTransaction::begin(**second));
}

void TestConnectionFailures::refusesToWriteAReadOnlyFile()
{
    makeFile();
    const auto connection = Connection::open(sqliteAt(QStringLiteral("file:") + sqlite().path + QStringLiteral("?mode=ro")), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    CF_COMPARE_ERROR((*connection)->execute(insertRow, {QStringLiteral("x"), QString()}), ErrorCode::DatabaseReadOnly);
    CF_VERIFY_OK(one(**connection, QStringLiteral("SELECT count(*) FROM setting")));
}

void TestConnectionFailures::reportsAFullDatabase()
{
    makeFile();
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    CF_VERIFY_OK(one(**connection, QStringLiteral("PRAGMA max_page_count=1")));
    Result<int> outcome = 0;
    {
        const auto transaction = DatabaseTransaction::begin(**connection);
        CF_VERIFY_OK(transaction);
        for (int i = 0; i < 100 && outcome; ++i) {
            outcome = (*connection)->execute(insertRow, {QStringLiteral("more %1").arg(i), QString(5000, u'w')});
        }
    }
    CF_COMPARE_ERROR(outcome, ErrorCode::DatabaseFull);
    QCOMPARE(*one(**connection, QStringLiteral("SELECT count(*) FROM setting")), QStringLiteral("500"));
    CF_VERIFY_OK(one(**connection, QStringLiteral("PRAGMA max_page_count=100000")));
    CF_VERIFY_OK((*connection)->execute(insertRow, {QStringLiteral("more"), QString(5000, u'w')}));
}

void TestConnectionFailures::survivesADiskThatTakesNoMore()
{
    makeFile();
    const qint64 limit = QFileInfo(sqlite().path).size() + 200'000;
    const int ended = inChild([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit size{static_cast<rlim_t>(limit), static_cast<rlim_t>(limit)};
        const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
        if (!connection || setrlimit(RLIMIT_FSIZE, &size) != 0) {
            return 1;
        }
        auto transaction = DatabaseTransaction::begin(**connection);
        Result<int> outcome = 0;
        for (int i = 0; i < 100'000 && outcome; ++i) {
            outcome = (*connection)->execute(insertRow, {QStringLiteral("more %1").arg(i), QString(1000, u'w')});
        }
        const Result<void> committed = outcome ? transaction->commit() : passOn(outcome);
        const bool isAsExpected = !committed && (committed.error().code == ErrorCode::DatabaseFull || committed.error().code == ErrorCode::DatabaseUnavailable);
        return isAsExpected ? 0 : 2;
    });
    QCOMPARE(ended, 0);
    const auto connection = Connection::open(sqlite(), ConnectionRole::Writer);
    CF_VERIFY_OK(connection);
    QCOMPARE(*one(**connection, QStringLiteral("SELECT count(*) FROM setting")), QStringLiteral("500"));
    QCOMPARE(*one(**connection, QStringLiteral("PRAGMA integrity_check")), QStringLiteral("ok"));
}

void TestConnectionFailures::mapsConstraints_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<ErrorCode>("code");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const QString name = kind == DatabaseKind::Sqlite ? QStringLiteral("sqlite ") : QStringLiteral("postgresql ");
        const auto add = [&](const QString& what, const QString& sql, ErrorCode code) { QTest::newRow(qPrintable(name + what)) << kind << sql << code; };
        add(QStringLiteral("primary key"), QStringLiteral("INSERT INTO warehouse (id, code, name) VALUES (1, 'b', 'b')"), ErrorCode::ConstraintViolated);
        add(QStringLiteral("unique"), QStringLiteral("INSERT INTO warehouse (id, code, name) VALUES (2, 'a', 'b')"), ErrorCode::ConstraintViolated);
        add(QStringLiteral("not null"), QStringLiteral("INSERT INTO warehouse (id, code) VALUES (2, 'b')"), ErrorCode::ConstraintViolated);
        add(QStringLiteral("check"), QStringLiteral("INSERT INTO merchant (id, external_ref, name, commission_bp, created_at) VALUES (1, 'm', 'm', 10001, 1)"), ErrorCode::ConstraintViolated);
        add(QStringLiteral("foreign key"), QStringLiteral("INSERT INTO product (id, external_ref, name, category, merchant_id) VALUES (1, 'p', 'p', '', 77)"), ErrorCode::ConstraintViolated);
        add(QStringLiteral("no table"), QStringLiteral("SELECT 1 FROM nothing"), ErrorCode::Internal);
        add(QStringLiteral("no SQL"), QStringLiteral("SELEKT"), ErrorCode::Internal);
    }
}

void TestConnectionFailures::mapsConstraints()
{
    QFETCH(DatabaseKind, kind);
    QFETCH(QString, sql);
    QFETCH(ErrorCode, code);
    const auto database = TestDatabase::create(kind);
    CF_VERIFY_OK(database->writer().execute(QStringLiteral("INSERT INTO warehouse (id, code, name) VALUES (1, 'a', 'a')")));
    CF_COMPARE_ERROR(database->writer().execute(sql), code);
    // The statement isn't remembered in a state that harms the next try.
    CF_COMPARE_ERROR(database->writer().execute(sql), code);
}

void TestConnectionFailures::abortsWhenMisused_data()
{
    QTest::addColumn<int>("misuse");
    QTest::newRow("used on another thread") << 0;
    QTest::newRow("used while it reads") << 1;
    QTest::newRow("nested transactions") << 2;
    QTest::newRow("committed twice") << 3;
}

void TestConnectionFailures::abortsWhenMisused()
{
    QFETCH(int, misuse);
    const DatabaseUrl url = sqlite();
    const int ended = inChild([&] {
        (void)!freopen("/dev/null", "w", stderr);
        auto connection = std::move(*Connection::open(url, ConnectionRole::Writer));
        const auto nothing = [](const Row&) -> Result<void> { return {}; };
        if (misuse == 0) {
            std::thread([&] { (void)connection->execute(QStringLiteral("SELECT 1")); }).join();
        } else if (misuse == 1) {
            (void)connection->query(QStringLiteral("SELECT 1"), {}, [&](const Row&) { return connection->query(QStringLiteral("SELECT 2"), {}, nothing); });
        } else if (misuse == 2) {
            const auto outer = DatabaseTransaction::begin(*connection);
            (void)DatabaseTransaction::beginRead(*connection);
        } else {
            auto transaction = DatabaseTransaction::begin(*connection);
            (void)transaction->commit();
            (void)transaction->commit();
        }
        return 0;
    });
    QCOMPARE(ended, -SIGABRT);
}

void TestConnectionFailures::saysThatAServerIsUnreachable()
{
    const auto url = DatabaseUrl::parse(QStringLiteral("postgresql://nobody@127.0.0.1:1/pay"));
    CF_VERIFY_OK(url);
    for (const ConnectionRole role : {ConnectionRole::Writer, ConnectionRole::Reader}) {
        CF_COMPARE_ERROR(Connection::open(*url, role), ErrorCode::DatabaseUnavailable);
    }
}

void TestConnectionFailures::saysThatTheServerRefusesUs_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("name");
    QTest::newRow("unknown user") << QStringLiteral("counterfoil_nobody") << QStringLiteral("postgres");
    QTest::newRow("unknown database") << QString() << QStringLiteral("counterfoil_no_such_database");
    QTest::newRow("user who may not log in") << QStringLiteral("pg_monitor") << QStringLiteral("postgres");
}

void TestConnectionFailures::saysThatTheServerRefusesUs()
{
    if (!hasPostgresql()) {
        QSKIP("no PostgreSQL server");
    }
    QFETCH(QString, user);
    QFETCH(QString, name);
    DatabaseUrl url = *DatabaseUrl::parse(qEnvironmentVariable("COUNTERFOIL_TEST_POSTGRESQL"));
    url.user = user.isEmpty() ? url.user : user;
    url.name = name;
    const auto refused = Connection::open(url, ConnectionRole::Writer);
    CF_COMPARE_ERROR(refused, ErrorCode::DatabaseUnavailable);
    const QString named = user.isEmpty() ? name : user;
    QVERIFY2(refused.error().detail.contains(named), qPrintable(refused.error().detail));
}

void TestConnectionFailures::refusesWeakDurability()
{
    if (!hasPostgresql()) {
        QSKIP("no PostgreSQL server");
    }
    const auto database = TestDatabase::create(DatabaseKind::Postgresql);
    for (const QString& weak : {QStringLiteral("off"), QStringLiteral("local"), QStringLiteral("remote_write")}) {
        CF_VERIFY_OK(database->writer().executeScript(QStringList{QStringLiteral("ALTER DATABASE"), database->url().name, QStringLiteral("SET synchronous_commit ="), weak}.join(u' ')));
        const auto refused = Connection::open(database->url(), ConnectionRole::Writer);
        CF_COMPARE_ERROR(refused, ErrorCode::DurabilityTooWeak);
        QVERIFY2(refused.error().detail.contains(QStringLiteral("synchronous_commit=") + weak), qPrintable(refused.error().detail));
        CF_VERIFY_OK(Connection::open(database->url(), ConnectionRole::Reader));
    }
    CF_VERIFY_OK(database->writer().executeScript(QStringList{QStringLiteral("ALTER DATABASE"), database->url().name, QStringLiteral("SET synchronous_commit = on")}.join(u' ')));
    CF_VERIFY_OK(Connection::open(database->url(), ConnectionRole::Writer));
}

void TestConnectionFailures::reportsALostConnection()
{
    if (!hasPostgresql()) {
        QSKIP("no PostgreSQL server");
    }
    const auto database = TestDatabase::create(DatabaseKind::Postgresql);
    auto victim = database->connect(ConnectionRole::Writer);
    auto transaction = DatabaseTransaction::begin(*victim);
    CF_VERIFY_OK(transaction);
    CF_VERIFY_OK(victim->execute(insertRow, {QStringLiteral("lost"), QStringLiteral("x")}));
    const auto pid = one(*victim, QStringLiteral("SELECT pg_backend_pid()"));
    CF_VERIFY_OK(pid);
    CF_VERIFY_OK(database->writer().query(QStringLiteral("SELECT pg_terminate_backend(?::int)"), {*pid}, [](const Row&) -> Result<void> { return {}; }));
    CF_COMPARE_ERROR(victim->execute(insertRow, {QStringLiteral("lost too"), QStringLiteral("x")}), ErrorCode::DatabaseUnavailable);
    CF_COMPARE_ERROR(transaction->commit(), ErrorCode::DatabaseUnavailable);
    CF_COMPARE_ERROR(one(*victim, QStringLiteral("SELECT 1")), ErrorCode::DatabaseUnavailable);
    QCOMPARE(*one(database->writer(), QStringLiteral("SELECT count(*) FROM setting")), QStringLiteral("0"));
}

void TestConnectionFailures::givesUpOnALockedRow()
{
    if (!hasPostgresql()) {
        QSKIP("no PostgreSQL server");
    }
    const auto database = TestDatabase::create(DatabaseKind::Postgresql);
    CF_VERIFY_OK(database->writer().execute(insertRow, {QStringLiteral("row"), QStringLiteral("x")}));
    const auto transaction = DatabaseTransaction::begin(database->writer());
    CF_VERIFY_OK(transaction);
    CF_VERIFY_OK(database->writer().execute(QStringLiteral("UPDATE setting SET value = 'y'")));
    const auto other = database->connect(ConnectionRole::Writer);
    CF_VERIFY_OK(other->executeScript(QStringLiteral("SET lock_timeout = '20ms'")));
    CF_COMPARE_ERROR(other->execute(QStringLiteral("UPDATE setting SET value = 'z'")), ErrorCode::DatabaseBusy);
}

void TestConnectionFailures::reportsADeadlock()
{
    if (!hasPostgresql()) {
        QSKIP("no PostgreSQL server");
    }
    const auto database = TestDatabase::create(DatabaseKind::Postgresql);
    CF_VERIFY_OK(database->writer().execute(insertRow, {QStringLiteral("a"), QStringLiteral("x")}));
    CF_VERIFY_OK(database->writer().execute(insertRow, {QStringLiteral("b"), QStringLiteral("x")}));
    const QString update = QStringLiteral("UPDATE setting SET value = 'y' WHERE name = ?");
    auto begun = DatabaseTransaction::begin(database->writer());
    CF_VERIFY_OK(begun);
    auto transaction = std::make_unique<DatabaseTransaction>(std::move(*begun));
    CF_VERIFY_OK(database->writer().execute(update, {QStringLiteral("a")}));
    QSemaphore hasFirst;
    Result<int> theirs = 0;
    std::thread other([&] {
        const auto connection = database->connect(ConnectionRole::Writer);
        const auto mine = DatabaseTransaction::begin(*connection);
        (void)connection->execute(update, {QStringLiteral("b")});
        hasFirst.release();
        theirs = connection->execute(update, {QStringLiteral("a")});
    });
    hasFirst.acquire();
    const Result<int> ours = database->writer().execute(update, {QStringLiteral("b")});
    if (ours) {
        CF_VERIFY_OK(transaction->commit());
    } else {
        CF_COMPARE_ERROR(transaction->commit(), ErrorCode::SerializationFailure);
        transaction.reset();
    }
    other.join();
    QVERIFY(ours.has_value() != theirs.has_value());
    CF_COMPARE_ERROR(ours ? theirs : ours, ErrorCode::SerializationFailure);
}

void TestConnectionFailures::keepsRowsOutOfErrors()
{
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const auto database = TestDatabase::create(kind);
        const auto refused = database->writer().execute(QStringLiteral("INSERT INTO merchant (id, external_ref, name, commission_bp, created_at) VALUES (1, 'm', ?, 10001, 1)"),
                                                        {QStringLiteral("Sean Secret")});
        CF_COMPARE_ERROR(refused, ErrorCode::ConstraintViolated);
        QVERIFY2(!refused.error().detail.contains(QStringLiteral("Secret")), qPrintable(refused.error().detail));
    }
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestConnectionFailures)
#include "tst_connection_failures.moc"
