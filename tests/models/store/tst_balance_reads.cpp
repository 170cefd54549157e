// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>

namespace counterfoil {

namespace {

constexpr qint64 busyEntries = 100'000;
constexpr AccountId busy{50};
constexpr AccountId idle{52};

/// A wallet with 100,000 postings of 1.00 each, a second apart; every tenth is frozen. The other side is the bank.
Result<void> addBusyWallet(Connection& writer)
{
    Account wallet = sampleAccount(busy.value(), AccountRef::wallet(CustomerId(2), Currency()), busyEntries * 90, busyEntries * 10);
    CF_TRY(insertRow(writer, wallet));
    CF_TRY(insertRow(writer, sampleAccount(51, AccountRef::system(AccountKind::Bank, Currency()), -busyEntries * 100, 0)));
    CF_TRY(insertRow(writer, sampleAccount(idle.value(), AccountRef::wallet(CustomerId(3), Currency()), 0, 0)));
    const QString numbers = QStringLiteral("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) ");
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(writer));
    CF_TRY(writer.execute(numbers + QStringLiteral("INSERT INTO ledger_entry (id, idempotency_key, kind, created_at) SELECT 100000 + i, 'busy:' || i, 'recharge', ? + i * 1000000 FROM n"),
                          {bound(sampleTime)}));
    CF_TRY(writer.execute(numbers + QStringLiteral("INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) "
                                                   "SELECT 100000 + i, 1, 51, 'available', 'USD', -100, -100 * i FROM n"), {}));
    CF_TRY(writer.execute(numbers + QStringLiteral("INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) "
                                                   "SELECT 100000 + i, 2, 50, CASE WHEN i % 10 = 0 THEN 'frozen' ELSE 'available' END, 'USD', 100, 100 * i FROM n"), {}));
    CF_TRY(transaction.commit());
    return writer.executeScript(QStringLiteral("ANALYZE"));
}

} // namespace

/// Explanations of an account with many postings, on every kind of database: exact, by the index, and quick.
class TestBalanceReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind, addBusyWallet).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

    void findsThePlaceOfAMoment_data();
    void findsThePlaceOfAMoment();
    void saysThatTheBooksDontAgree();
    void explainsAnAccountWithoutPostings();
    void saysThatAnAccountIsNotThere();
    void listsPostingsBetweenTwoEntries();
    void isQuickWithManyPostings();
    void isServedByTheIndex();

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestBalanceReads::findsThePlaceOfAMoment_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<qint64>("last");
    QTest::addColumn<qint64>("available");
    QTest::newRow("before the first") << qint64{0} << qint64{0} << qint64{0};
    QTest::newRow("with the first") << qint64{1} << qint64{100'001} << qint64{100};
    QTest::newRow("with the second") << qint64{2} << qint64{100'002} << qint64{200};
    QTest::newRow("in the middle") << qint64{54'320} << qint64{154'320} << qint64{54'320 * 90};
    QTest::newRow("in front of the last") << qint64{99'999} << qint64{199'999} << qint64{9'000'000};
    QTest::newRow("with the last") << qint64{100'000} << qint64{200'000} << qint64{9'000'000};
    QTest::newRow("long after") << qint64{900'000} << qint64{200'000} << qint64{9'000'000};
}

void TestBalanceReads::findsThePlaceOfAMoment()
{
    QFETCH(qint64, seconds);
    QFETCH(qint64, last);
    QFETCH(qint64, available);
    // Less than a second later nothing has changed.
    for (const Duration later : {Duration(), Duration::milliseconds(999)}) {
        const auto slice = balanceAsOf(reader(), busy, BalancePart::Available, sampleTime + Duration::seconds(seconds) + later);
        CF_VERIFY_OK(slice);
        QCOMPARE(slice->last.value(), last);
        QCOMPARE(slice->balance, usd(available));
        const auto proof = proveBalance(reader(), *slice);
        CF_VERIFY_OK(proof);
        QCOMPARE(proof->sum, usd(available));
        QCOMPARE(*proof->sum.plus(proof->later), usd(9'000'000));
        QVERIFY(proof->agrees());
    }
}

void TestBalanceReads::saysThatTheBooksDontAgree()
{
    // The samples' wallet says 50.00 and holds 15.00 that no posting of it has frozen.
    const auto frozen = balanceAsOf(reader(), AccountId(2), BalancePart::Frozen, {});
    CF_VERIFY_OK(frozen);
    const auto proof = proveBalance(reader(), *frozen);
    CF_VERIFY_OK(proof);
    QVERIFY(!proof->agrees());
    QCOMPARE(proof->sum, usd(0));
    QCOMPARE(proof->stated, usd(1'500));
    QVERIFY(proveBalance(reader(), *balanceAsOf(reader(), AccountId(2), BalancePart::Available, {}))->agrees());
}

void TestBalanceReads::explainsAnAccountWithoutPostings()
{
    for (const UtcTime moment : {UtcTime(), sampleTime}) {
        const auto slice = balanceAsOf(reader(), idle, BalancePart::Total, moment);
        CF_VERIFY_OK(slice);
        QVERIFY(slice->last.isNone());
        QVERIFY(balancePage(reader(), *slice, {})->empty());
        QVERIFY(proveBalance(reader(), *slice)->agrees());
    }
    const auto history = balanceHistory(reader(), idle, {}, sampleTime, 200);
    CF_VERIFY_OK(history);
    QVERIFY(history->points.empty());
}

void TestBalanceReads::saysThatAnAccountIsNotThere()
{
    CF_COMPARE_ERROR(balanceAsOf(reader(), AccountId(4'711), BalancePart::Available, {}), ErrorCode::NotFound);
    CF_COMPARE_ERROR(balanceHistory(reader(), AccountId(4'711), {}, sampleTime, 10), ErrorCode::NotFound);
}

void TestBalanceReads::listsPostingsBetweenTwoEntries()
{
    const PostingFilter filter{busy, {}, LedgerEntryId(100'500), LedgerEntryId(100'520)};
    const auto page = postingPage(reader(), filter, {});
    CF_VERIFY_OK(page);
    QCOMPARE(page->size(), 20U);
    QCOMPARE(page->front().posting.entry, LedgerEntryId(100'520));
    QCOMPARE(page->back().posting.entry, LedgerEntryId(100'501));
    QCOMPARE(*postingCount(reader(), filter), 20);
    QCOMPARE(*postingCountBefore(reader(), filter, RowKey{100'511, 2}), 9);
}

void TestBalanceReads::isQuickWithManyPostings()
{
    QElapsedTimer clock;
    const auto measure = [&clock](const char* what, qint64 mostMs, auto work) {
        work();
        clock.start();
        work();
        const qint64 took = clock.elapsed();
        qInfo("%s: %lld ms", what, static_cast<long long>(took));
        QVERIFY2(took <= mostMs * slowness, what);
    };
    const auto slice = balanceAsOf(reader(), busy, BalancePart::Available, {});
    CF_VERIFY_OK(slice);
    const UtcTime half = sampleTime + Duration::seconds(busyEntries / 2);
    measure("the place of now", 100, [&] { (void)balanceAsOf(reader(), busy, BalancePart::Available, {}); });
    measure("the first page", 100, [&] { QCOMPARE(balancePage(reader(), *slice, {.limit = 200})->size(), 200U); });
    measure("the last page", 1'000, [&] { QCOMPARE(balancePage(reader(), *slice, {.backward = true, .limit = 200})->size(), 200U); });
    measure("a past moment with its sum", 1'000, [&] { QVERIFY(proveBalance(reader(), *balanceAsOf(reader(), busy, BalancePart::Available, half))->agrees()); });
    measure("what was billed", 2'000, [&] { QVERIFY(proveBalance(reader(), *balanceAsOf(reader(), busy, BalancePart::Billed, {}))->agrees()); });
    measure("the history of everything", 2'000, [&] { QVERIFY(balanceHistory(reader(), busy, {}, sampleTime + Duration::days(2), 200)->points.size() <= 201U); });
    measure("the history of an hour", 200, [&] {
        const UtcTime end = sampleTime + Duration::seconds(busyEntries);
        QVERIFY(balanceHistory(reader(), busy, end - Duration::hours(1), end, 200)->points.size() <= 201U);
    });
}

void TestBalanceReads::isServedByTheIndex()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const bool isSqlite = kind == DatabaseKind::Sqlite;
    const QString explain = isSqlite ? QStringLiteral("EXPLAIN QUERY PLAN ") : QStringLiteral("EXPLAIN ");
    for (const char* sql : {"SELECT p.entry_id, p.line FROM posting p WHERE p.account_id = 50 AND p.bucket = 'available' AND p.entry_id <= 200000 ORDER BY p.entry_id DESC, +p.line DESC LIMIT 200",
                            "SELECT entry_id FROM posting WHERE account_id = 50 AND entry_id >= 150000 ORDER BY entry_id LIMIT 1",
                            "SELECT sum(p.amount) FROM posting p WHERE p.account_id = 50 AND p.entry_id > 199000"}) {
        QString plan;
        CF_VERIFY_OK(reader().query(explain + QString::fromLatin1(sql), {}, [&](const Row& row) -> Result<void> {
            plan += row.text(isSqlite ? 3 : 0) + u'\n';
            return {};
        }));
        QVERIFY2(plan.contains(QStringLiteral("posting_account")), qPrintable(plan));
    }
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestBalanceReads)
#include "tst_balance_reads.moc"
