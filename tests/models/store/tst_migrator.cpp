// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/migrator.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QFile>

#include <thread>

namespace counterfoil {

namespace {

constexpr UtcTime appliedAt{1'714'564'800'000'000};
const ManualClock clockOfTest{appliedAt};

const QStringList appendOnly{QStringLiteral("ledger_entry"), QStringLiteral("posting"), QStringLiteral("hold_movement"), QStringLiteral("order_event"),
                             QStringLiteral("gateway_payload"), QStringLiteral("gateway_callback_body"), QStringLiteral("audit_event"), QStringLiteral("audit_seal")};

Result<QStringList> textsOf(Connection& connection, const QString& sql, const QVariantList& values = {})
{
    QStringList texts;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        texts << row.text(0);
        return {};
    }));
    return texts;
}

QString tablesSql(DatabaseKind kind)
{
    return kind == DatabaseKind::Sqlite ? QStringLiteral("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
                                        : QStringLiteral("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name COLLATE \"C\"");
}

/// `name type null?` of each column, in order; `integer` and `bigint` are one.
Result<QStringList> columnsOf(Connection& connection, const QString& table)
{
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    QStringList columns;
    const QString sql = sqlite
        ? QStringLiteral("SELECT name, lower(type), \"notnull\" = 1 OR pk > 0 FROM pragma_table_info(?) ORDER BY cid")
        : QStringLiteral("SELECT column_name, data_type, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns WHERE table_name = ? AND table_schema = 'public' ORDER BY ordinal_position");
    CF_TRY(connection.query(sql, {table}, [&](const Row& row) -> Result<void> {
        const QString type = row.text(1) == u"integer" ? QStringLiteral("bigint") : row.text(1);
        columns << row.text(0) + u' ' + type + (row.integer(2) == 1 ? QStringLiteral(" not null") : QString());
        return {};
    }));
    return columns;
}

/// One row for an append-only table.
QString rowFor(const QString& table)
{
    static const QMap<QString, QString> rows{
        {QStringLiteral("ledger_entry"), QStringLiteral("INSERT INTO ledger_entry (id, idempotency_key, kind, created_at) VALUES (1, 'k', 'payment', 1)")},
        {QStringLiteral("posting"), QStringLiteral("INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (1, 1, 1, 'available', 'USD', 5, 5)")},
        {QStringLiteral("hold_movement"), QStringLiteral("INSERT INTO hold_movement (id, hold_id, movement_key, kind, currency, amount, at) VALUES (1, 1, 'k', 'capture', 'USD', 5, 1)")},
        {QStringLiteral("order_event"), QStringLiteral("INSERT INTO order_event (id, order_id, event_key, event, from_state, to_state, outcome, actor, cause, at) VALUES (1, 1, 'k', 'e', 'a', 'b', 'applied', '', '', 1)")},
        {QStringLiteral("gateway_payload"), QStringLiteral("INSERT INTO gateway_payload (exchange_id, attempt, request, answer, http_status, outcome, elapsed_micros) VALUES (1, 1, '', '', 200, '', 1)")},
        {QStringLiteral("gateway_callback_body"), QStringLiteral("INSERT INTO gateway_callback_body (callback_id, body) VALUES (1, '{}')")},
        {QStringLiteral("audit_event"), QStringLiteral("INSERT INTO audit_event (id, at, actor, action, subject, before_text, after_text, reason) VALUES (1, 1, '', '', '', '', '', '')")},
        {QStringLiteral("audit_seal"), QStringLiteral("INSERT INTO audit_seal (position, event_id, row_sha256, chain_sha256, sealed_at) VALUES (1, 1, '', '', 1)")},
    };
    return rows[table];
}

} // namespace

class TestMigrator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup() { m_database.reset(); }

    void bringsAnEmptyDatabaseUp();
    void doesNothingTheSecondTime();
    void refusesADatabaseOfANewerProgram();
    void refusesAVersionThatCannotBe();
    void refusesAChangedMigration();
    void leavesNothingOfAMigrationThatFails();
    void letsTwoMigrateAtOnce();
    void opensOnlyWhatIsCurrent();
    void keepsEveryTableOfBothDialectsAlike();
    void findsOutWhatThePlatformPaidOfOldPayments();
    void protectsAppendOnlyTables_data();
    void protectsAppendOnlyTables();
    void servesJobsAndOpenCausesByIndex();

private:
    Connection& writer() { return m_database->writer(); }
    Migrator migrator() { return Migrator(writer(), clockOfTest); }
    /// Takes away everything that is in the database.
    void empty();

    DatabaseKind m_kind = DatabaseKind::Sqlite;
    std::unique_ptr<TestDatabase> m_database;
};

void TestMigrator::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_kind = kind;
    m_database = TestDatabase::create(kind);
}

void TestMigrator::empty()
{
    if (m_kind == DatabaseKind::Postgresql) {
        CF_VERIFY_OK(writer().executeScript(QStringLiteral("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;")));
        return;
    }
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("PRAGMA foreign_keys=OFF;")));
    const auto tables = textsOf(writer(), tablesSql(m_kind));
    CF_VERIFY_OK(tables);
    for (const QString& table : *tables) {
        CF_VERIFY_OK(writer().executeScript(QStringLiteral("DROP TABLE ") + table));
    }
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("PRAGMA foreign_keys=ON;")));
}

void TestMigrator::bringsAnEmptyDatabaseUp()
{
    empty();
    QVERIFY(textsOf(writer(), tablesSql(m_kind))->isEmpty());
    QVERIFY(*migrator().inspect() == SchemaState::Empty);
    const auto count = migrator().migrate();
    CF_VERIFY_OK(count);
    QVERIFY(*count >= 1);
    QVERIFY(*migrator().inspect() == SchemaState::Current);
    const auto times = textsOf(writer(), QStringLiteral("SELECT DISTINCT applied_at FROM schema_migration"));
    CF_VERIFY_OK(times);
    QCOMPARE(*times, QStringList{QString::number(appliedAt.micros())});
}

void TestMigrator::doesNothingTheSecondTime()
{
    const QStringList before = *textsOf(writer(), QStringLiteral("SELECT checksum FROM schema_migration ORDER BY version"));
    const auto count = migrator().migrate();
    CF_VERIFY_OK(count);
    QCOMPARE(*count, 0);
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT checksum FROM schema_migration ORDER BY version")), before);
}

void TestMigrator::refusesADatabaseOfANewerProgram()
{
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (99, '0099_later', 'x', 1)")));
    CF_COMPARE_ERROR(migrator().inspect(), ErrorCode::DatabaseTooNew);
    CF_COMPARE_ERROR(migrator().migrate(), ErrorCode::DatabaseTooNew);
    CF_COMPARE_ERROR(openCurrent(m_database->url(), ConnectionRole::Reader, clockOfTest), ErrorCode::DatabaseTooNew);
}

void TestMigrator::refusesAVersionThatCannotBe()
{
    for (const int version : {0, -1}) {
        CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?, 'odd', 'x', 1)"), {bound(version)}));
        CF_COMPARE_ERROR(migrator().inspect(), ErrorCode::Integrity);
        CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM schema_migration WHERE version = ?"), {bound(version)}));
    }
}

void TestMigrator::refusesAChangedMigration()
{
    CF_VERIFY_OK(writer().execute(QStringLiteral("UPDATE schema_migration SET checksum = 'other' WHERE version = 1")));
    CF_COMPARE_ERROR(migrator().inspect(), ErrorCode::Integrity);
    CF_COMPARE_ERROR(migrator().migrate(), ErrorCode::Integrity);
    CF_COMPARE_ERROR(openCurrent(m_database->url(), ConnectionRole::Writer, clockOfTest), ErrorCode::Integrity);
}

void TestMigrator::leavesNothingOfAMigrationThatFails()
{
    empty();
    // The last table of the core is in the way already.
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("CREATE TABLE setting (x bigint)")));
    CF_COMPARE_ERROR(migrator().migrate(), ErrorCode::Internal);
    QCOMPARE(*textsOf(writer(), tablesSql(m_kind)), QStringList{QStringLiteral("setting")});
    QVERIFY(*migrator().inspect() == SchemaState::Empty);
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("DROP TABLE setting")));
    CF_VERIFY_OK(migrator().migrate());
    QVERIFY(*migrator().inspect() == SchemaState::Current);
}

void TestMigrator::letsTwoMigrateAtOnce()
{
    empty();
    std::array<Result<int>, 4> outcomes{0, 0, 0, 0};
    std::vector<std::thread> threads;
    for (Result<int>& outcome : outcomes) {
        threads.emplace_back([&] {
            const auto connection = m_database->connect(ConnectionRole::Writer);
            outcome = Migrator(*connection, clockOfTest).migrate();
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    int applied = 0;
    for (const Result<int>& outcome : outcomes) {
        CF_VERIFY_OK(outcome);
        applied += *outcome;
    }
    QCOMPARE(QStringList{QString::number(applied)}, *textsOf(writer(), QStringLiteral("SELECT count(*) FROM schema_migration")));
    QVERIFY(*migrator().inspect() == SchemaState::Current);
}

void TestMigrator::opensOnlyWhatIsCurrent()
{
    CF_VERIFY_OK(openCurrent(m_database->url(), ConnectionRole::Writer, clockOfTest));
    CF_VERIFY_OK(openCurrent(m_database->url(), ConnectionRole::Reader, clockOfTest));
    empty();
    CF_COMPARE_ERROR(openCurrent(m_database->url(), ConnectionRole::Writer, clockOfTest), ErrorCode::DatabaseTooOld);
    QVERIFY(textsOf(writer(), tablesSql(m_kind))->isEmpty());
}

void TestMigrator::keepsEveryTableOfBothDialectsAlike()
{
    const auto sqlite = TestDatabase::create(DatabaseKind::Sqlite);
    const auto tables = textsOf(sqlite->writer(), tablesSql(DatabaseKind::Sqlite));
    CF_VERIFY_OK(tables);
    QVERIFY(tables->size() > 30);
    QCOMPARE(*textsOf(writer(), tablesSql(m_kind)), *tables);
    for (const QString& table : *tables) {
        const auto expected = columnsOf(sqlite->writer(), table);
        const auto found = columnsOf(writer(), table);
        CF_VERIFY_OK(expected);
        CF_VERIFY_OK(found);
        QVERIFY2(!expected->isEmpty() && *found == *expected, qPrintable((QStringList{table} + *found + *expected).join(u'\n')));
    }
}

void TestMigrator::findsOutWhatThePlatformPaidOfOldPayments()
{
    // As the first migration left it: two merchants in one sub-order, nothing known of who paid the discounts.
    for (const char* sql : {
             "INSERT INTO payment_transaction VALUES (1, 'payment', 1, 1, 'USD', 90, 0, 90, 'succeeded', '', '', '', '', '', 1, 1, 1)",
             "INSERT INTO sub_order VALUES (1, 1, 1, NULL, NULL, 'physical', 'USD', 100, 0, 10, 0, 100, 0, '', '', NULL)",
             "INSERT INTO order_item VALUES (1, 1, 1, 1, 1, 'A', 'A', '', 1, 1, 1, 'USD', 60, 60, 0, 4, 0, 0), (2, 1, 1, 2, 1, 'A', 'A', '', 1, 1, 1, 'USD', 20, 20, 0, 1, 0, 0), "
             "(3, 1, 1, 3, 2, 'B', 'B', '', 2, 1, 1, 'USD', 20, 20, 0, 5, 0, 0)",
             "INSERT INTO transaction_detail VALUES (1, 1, 1, 1, 'USD', 80, 0, 0, 80, 0, 0), (1, 2, 1, 2, 'USD', 20, 0, 0, 20, 0, 0)",
         }) {
        CF_VERIFY_OK(writer().execute(QString::fromLatin1(sql)));
    }
    QFile file(QStringLiteral(":/counterfoil/migrations/0002_refunds.sql"));
    QVERIFY(file.open(QFile::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    const qsizetype from = text.indexOf(u"UPDATE transaction_detail");
    QVERIFY(from > 0);
    const auto changed = writer().execute(text.mid(from, text.indexOf(u';', from) - from));
    CF_VERIFY_OK(changed);
    QCOMPARE(*changed, 2);
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT CAST(platform_discount AS text) FROM transaction_detail ORDER BY line")), (QStringList{QStringLiteral("5"), QStringLiteral("5")}));
}

void TestMigrator::protectsAppendOnlyTables_data()
{
    QTest::addColumn<QString>("table");
    for (const QString& table : appendOnly) {
        QTest::newRow(qPrintable(table)) << table;
    }
}

void TestMigrator::protectsAppendOnlyTables()
{
    QFETCH(QString, table);
    CF_VERIFY_OK(writer().execute(rowFor(table)));
    const QString column = columnsOf(writer(), table)->last().section(u' ', 0, 0);
    const QString same = QStringList{QStringLiteral("UPDATE"), table, QStringLiteral("SET"), column, u'=' + column}.join(u' ');
    CF_COMPARE_ERROR(writer().execute(same), ErrorCode::ConstraintViolated);
    CF_COMPARE_ERROR(writer().execute(QStringLiteral("DELETE FROM ") + table), ErrorCode::ConstraintViolated);
    if (m_kind == DatabaseKind::Postgresql) {
        CF_COMPARE_ERROR(writer().executeScript(QStringLiteral("TRUNCATE ") + table), ErrorCode::ConstraintViolated);
        // A replication role switches ordinary triggers off.
        CF_VERIFY_OK(writer().executeScript(QStringLiteral("SET session_replication_role = replica")));
        CF_COMPARE_ERROR(writer().execute(QStringLiteral("DELETE FROM ") + table), ErrorCode::ConstraintViolated);
        CF_COMPARE_ERROR(writer().executeScript(QStringLiteral("TRUNCATE ") + table), ErrorCode::ConstraintViolated);
    } else {
        // REPLACE deletes without a delete trigger unless recursive triggers are on.
        CF_COMPARE_ERROR(writer().execute(rowFor(table).replace(QStringLiteral("INSERT INTO"), QStringLiteral("INSERT OR REPLACE INTO"))), ErrorCode::ConstraintViolated);
    }
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT count(*) FROM ") + table), QStringList{QStringLiteral("1")});
}

void TestMigrator::servesJobsAndOpenCausesByIndex()
{
    if (m_kind != DatabaseKind::Sqlite) {
        // A planner with statistics chooses differently on an empty table.
        return;
    }
    const auto plan = [this](const QString& sql) {
        QStringList steps;
        (void)writer().query(QStringLiteral("EXPLAIN QUERY PLAN ") + sql, {}, [&](const Row& row) -> Result<void> {
            steps << row.text(3);
            return {};
        });
        return steps.join(u'\n');
    };
    const QMap<QString, QString> indexes{
        {QStringLiteral("SELECT id FROM job WHERE state = 'ready' AND due_at <= 5 AND kind NOT IN ('a', 'b') ORDER BY due_at, id LIMIT 5"), QStringLiteral("job_due")},
        {QStringLiteral("SELECT id FROM job WHERE state = 'leased' AND lease_until <= 5 ORDER BY lease_until LIMIT 5"), QStringLiteral("job_lease")},
        {QStringLiteral("SELECT id FROM account WHERE owner_kind IN ('system', 'customer', 'merchant') AND owner_id IN (SELECT value FROM json_each('[1]'))"), QStringLiteral("account_1")},
        {QStringLiteral("SELECT id FROM orders WHERE order_no = 'x'"), QStringLiteral("orders_1")},
    };
    for (const auto& [sql, index] : indexes.asKeyValueRange()) {
        const QString steps = plan(sql);
        QVERIFY2(steps.contains(index), qPrintable(sql + u'\n' + steps));
        QVERIFY2(!steps.contains(QStringLiteral("SCAN job")) || index == u"job_due" || index == u"job_lease", qPrintable(steps));
    }
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestMigrator)
#include "tst_migrator.moc"
