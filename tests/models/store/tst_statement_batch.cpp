// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <array>

namespace counterfoil {

namespace {

const QString insertText = QStringLiteral("INSERT INTO probe (id, body) VALUES (?, ?)");

SetStatement insertProbe()
{
    return {insertText, QStringLiteral("INSERT INTO probe (id, body) SELECT * FROM unnest(?::bigint[], ?::text[])"), {ColumnType::Integer, ColumnType::Text}};
}

Result<QStringList> textsOf(Connection& connection, const QString& sql)
{
    QStringList texts;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        texts << row.text(0);
        return {};
    }));
    return texts;
}

} // namespace

/// Statements that share a round trip: in their order, and with the first thing that goes wrong.
class TestStatementBatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();

    void runsABatchInItsOrder();
    void runsABatchBehindALongAnswer();
    void endsABatchWithItsFirstFailure();
    void endsABatchWithTheFirstErrorOfACallback();
    void forgetsABatchThatIsNotFinished();

private:
    Connection& writer() { return m_database->writer(); }
    QStringList bodies() { return *textsOf(m_database->reader(), QStringLiteral("SELECT body FROM probe ORDER BY id")); }

    DatabaseKind m_kind = DatabaseKind::Sqlite;
    std::unique_ptr<TestDatabase> m_database;
};

void TestStatementBatch::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_kind = kind;
    m_database = TestDatabase::create(kind);
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("CREATE TABLE probe (id bigint PRIMARY KEY, body text NOT NULL, other bigint)")));
}

void TestStatementBatch::runsABatchInItsOrder()
{
    auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    QStringList found;
    int added = 0;
    const auto read = [&found](const Row& row) -> Result<void> {
        found << row.text(0);
        return {};
    };
    const auto count = [&added](int rows) -> Result<void> {
        added += rows;
        return {};
    };
    const auto put = [](std::size_t row, ValueSink& sink) {
        sink.integer(static_cast<qint64>(row) + 1);
        sink.text(QStringLiteral("row %1").arg(row + 1));
    };
    StatementBatch batch(writer());
    batch.query(QStringLiteral("SELECT body FROM probe ORDER BY id"), {}, read);
    batch.write(insertProbe(), 3, put, count);
    batch.query(QStringLiteral("SELECT body FROM probe WHERE id > ? ORDER BY id"), {bound(2)}, read);
    batch.queryOf(QStringLiteral("SELECT body FROM probe WHERE id {ids} ORDER BY id"), std::array<qint64, 2>{1, 2}, read);
    batch.queryOf(QStringLiteral("SELECT body FROM probe WHERE id {ids} ORDER BY id"), {}, read);
    CF_VERIFY_OK(batch.finish());
    QCOMPARE(added, 3);
    QCOMPARE(found, (QStringList{QStringLiteral("row 3"), QStringLiteral("row 1"), QStringLiteral("row 2")}));
    CF_VERIFY_OK(transaction->commit());
    QCOMPARE(bodies().size(), 3);
}

void TestStatementBatch::runsABatchBehindALongAnswer()
{
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO probe (id, body) VALUES (1, 'a'), (2, 'b'), (3, 'c')")));
    const QString sql = QStringLiteral("SELECT body FROM probe ORDER BY id");
    const QStringList all{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")};
    // Row by row, then as a whole, in turns: the one must not change how the other is handed over.
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(*textsOf(writer(), sql), all);
        QStringList found;
        const auto read = [&found](const Row& row) -> Result<void> {
            found << row.text(0);
            return {};
        };
        CF_VERIFY_OK(writer().queryAll(sql, {}, read));
        QCOMPARE(found, all);
        QCOMPARE(*textsOf(writer(), sql), all);
        QCOMPARE(*writer().execute(QStringLiteral("UPDATE probe SET body = body WHERE id > ?"), {bound(1)}), 2);
    }
}

void TestStatementBatch::endsABatchWithItsFirstFailure()
{
    bool isRead = false;
    {
        auto transaction = DatabaseTransaction::begin(writer());
        CF_VERIFY_OK(transaction);
        StatementBatch batch(writer());
        const auto same = [](std::size_t, ValueSink& sink) {
            sink.integer(1);
            sink.text(QStringLiteral("same"));
        };
        batch.write(insertProbe(), 2, same, {});
        batch.query(QStringLiteral("SELECT body FROM probe"), {}, [&isRead](const Row&) -> Result<void> {
            isRead = true;
            return {};
        });
        batch.query(QStringLiteral("SELECT nothing FROM nowhere"), {}, [](const Row&) -> Result<void> { return {}; });
        CF_COMPARE_ERROR(batch.finish(), ErrorCode::ConstraintViolated);
        CF_COMPARE_ERROR(transaction->commit(), ErrorCode::ConstraintViolated);
    }
    QVERIFY(!isRead);
    QCOMPARE(bodies(), QStringList());
    CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("next")}));
    CF_COMPARE_ERROR(textsOf(writer(), QStringLiteral("SELECT nothing FROM nowhere")), ErrorCode::Internal);
}

void TestStatementBatch::endsABatchWithTheFirstErrorOfACallback()
{
    CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
    int called = 0;
    const auto refuse = [&called](const Row&) -> Result<void> {
        ++called;
        return fail(ErrorCode::NotFound, QStringLiteral("not this one"));
    };
    StatementBatch batch(writer());
    batch.query(QStringLiteral("SELECT body FROM probe"), {}, refuse);
    batch.query(QStringLiteral("SELECT body FROM probe"), {}, refuse);
    CF_COMPARE_ERROR(batch.finish(), ErrorCode::NotFound);
    QCOMPARE(called, 1);
    QCOMPARE(bodies(), QStringList{QStringLiteral("x")});
}

void TestStatementBatch::forgetsABatchThatIsNotFinished()
{
    CF_VERIFY_OK(writer().execute(insertText, {bound(1), QStringLiteral("x")}));
    int called = 0;
    int before = 0;
    {
        StatementBatch batch(writer());
        batch.query(QStringLiteral("SELECT body FROM probe"), {}, [&called](const Row&) -> Result<void> {
            ++called;
            return {};
        });
        before = called;
    }
    // SQLite's answer was there at once.
    QCOMPARE(called, before);
    QCOMPARE(before, m_kind == DatabaseKind::Sqlite ? 1 : 0);
    QCOMPARE(*textsOf(writer(), QStringLiteral("SELECT 'next'")), QStringList{QStringLiteral("next")});
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestStatementBatch)
#include "tst_statement_batch.moc"
