// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"
#include "models/store/reads/search_reads.h"
#include "models/store/reads/status_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

/// `order 1000` or `account 2`, in the order found.
QStringList textsOf(const std::vector<SearchHit>& hits)
{
    static const QStringList kinds{QStringLiteral("order"), QStringLiteral("account"), QStringLiteral("customer"), QStringLiteral("merchant")};
    QStringList texts;
    for (const SearchHit& hit : hits) {
        texts << kinds[static_cast<int>(hit.kind)] + u' ' + QString::number(hit.id);
    }
    return texts;
}

} // namespace

/// Accounts, search and status, on every kind of database.
class TestReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

    void listsAccountsWithTheirOwners();
    void readsAnAccountWithItsHolds();
    void pagesPostingsNewestFirst();
    void sumsBalancesByKind();
    void finds_data();
    void finds();
    void findsNothingFor_data();
    void findsNothingFor();
    void tellsTheStateOfTheSystem();
    void sumsOrdersByState();
    void refusesToWriteThroughAReader();

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestReads::listsAccountsWithTheirOwners()
{
    const auto all = accountPage(reader(), {}, {});
    CF_VERIFY_OK(all);
    QCOMPARE(all->size(), 3U);
    QCOMPARE((*all)[0].ownerName, QString());
    QCOMPARE((*all)[1].ownerName, QStringLiteral("Claire Gute"));
    QCOMPARE((*all)[1].total(), usd(6'500));
    QCOMPARE((*all)[2].ownerName, QStringLiteral("Bush Furniture"));
    const AccountFilter wallets{.kind = AccountKind::Wallet};
    QCOMPARE(accountPage(reader(), wallets, {})->size(), 1U);
    QCOMPARE(*accountCount(reader(), {.owner = QStringLiteral("bush")}), 1);
    QCOMPARE(*accountCount(reader(), {.kind = AccountKind::Wallet, .owner = QStringLiteral("bush")}), 0);
    QCOMPARE(*accountCountBefore(reader(), {}, RowKey{3, 0}), 2);
    const auto backward = accountPage(reader(), {}, {.anchor = RowKey{3, 0}, .backward = true, .limit = 5});
    CF_VERIFY_OK(backward);
    QCOMPARE(backward->front().account.id, AccountId(1));
}

void TestReads::readsAnAccountWithItsHolds()
{
    const auto merchant = accountDetail(reader(), AccountId(3));
    CF_VERIFY_OK(merchant);
    QCOMPARE(merchant->holds.size(), 1U);
    QCOMPARE(merchant->holds[0].orderNo, QStringLiteral("CA-2016-152156"));
    QCOMPARE(merchant->heldTotal, merchant->row.account.frozen);
    QCOMPARE(merchant->holdCount, 1);
    const auto clearing = accountDetail(reader(), AccountId(1));
    CF_VERIFY_OK(clearing);
    QVERIFY(clearing->holds.empty());
    QCOMPARE(clearing->heldTotal, usd(0));
}

void TestReads::pagesPostingsNewestFirst()
{
    const PostingFilter wallet{AccountId(2), {}};
    const auto page = postingPage(reader(), wallet, {.limit = 2});
    CF_VERIFY_OK(page);
    QCOMPARE(page->size(), 2U);
    QCOMPARE((*page)[0].posting.entry, LedgerEntryId(6002));
    QCOMPARE((*page)[0].posting.balanceAfter, usd(5'000));
    QCOMPARE((*page)[0].orderNo, QStringLiteral("CA-2016-152156"));
    const auto rest = postingPage(reader(), wallet, {.anchor = RowKey{6001, 0}, .limit = 2});
    CF_VERIFY_OK(rest);
    QCOMPARE(rest->size(), 1U);
    QVERIFY(rest->front().kind == EntryKind::Recharge);
    QCOMPARE(rest->front().orderNo, QString());
    const auto last = postingPage(reader(), wallet, {.backward = true, .limit = 2});
    CF_VERIFY_OK(last);
    QCOMPARE(last->back().posting.entry, LedgerEntryId(6000));
    QCOMPARE(*postingCount(reader(), wallet), 3);
    QCOMPARE(*postingCount(reader(), {AccountId(2), Bucket::Frozen}), 0);
    QCOMPARE(*postingCountBefore(reader(), wallet, RowKey{6000, 0}), 2);
}

void TestReads::sumsBalancesByKind()
{
    const auto totals = kindTotals(reader());
    CF_VERIFY_OK(totals);
    QCOMPARE(totals->size(), 3U);
    QVERIFY((*totals)[0].kind == AccountKind::Wallet);
    QCOMPARE((*totals)[0].frozen, usd(1'500));
    QVERIFY((*totals)[2].kind == AccountKind::Clearing);
    QCOMPARE((*totals)[2].available, usd(-20'000));
}

void TestReads::finds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("hits");
    const QStringList order{QStringLiteral("order 1000")};
    const QStringList claire{QStringLiteral("customer 1"), QStringLiteral("account 2")};
    const QStringList bush{QStringLiteral("merchant 7"), QStringLiteral("account 3")};
    QTest::newRow("order id") << rich.toText() << order;
    QTest::newRow("order id in capitals") << rich.toText().toUpper() << order;
    QTest::newRow("transaction") << TransactionId(4000).toText() << order;
    QTest::newRow("hold") << HoldId(5000).toText() << order;
    QTest::newRow("exchange") << ExchangeId(8000).toText() << order;
    QTest::newRow("callback without order") << CallbackId(9000).toText() << order;
    QTest::newRow("case") << CaseId(9200).toText() << order;
    QTest::newRow("job") << JobId(9101).toText() << order;
    QTest::newRow("tcc") << TccId(9300).toText() << order;
    QTest::newRow("item") << OrderItemId(3000).toText() << order;
    QTest::newRow("entry of an order") << LedgerEntryId(6001).toText() << order;
    QTest::newRow("entry of an account") << LedgerEntryId(6000).toText() << QStringList{QStringLiteral("account 2")};
    QTest::newRow("account") << AccountId(3).toText() << QStringList{QStringLiteral("account 3")};
    QTest::newRow("customer id") << CustomerId(1).toText() << claire;
    QTest::newRow("order number") << QStringLiteral("CA-2016-152156") << order;
    QTest::newRow("number's beginning") << QStringLiteral("CA-2016") << order;
    QTest::newRow("gateway reference") << QStringLiteral("pi_3abc") << order;
    QTest::newRow("name") << QStringLiteral("claire gu") << claire;
    QTest::newRow("e-mail") << QStringLiteral("claire@example.com") << claire;
    QTest::newRow("merchant") << QStringLiteral("Bush") << bush;
    QTest::newRow("amount") << QStringLiteral("261.96") << order;
    QTest::newRow("amount with currency") << QStringLiteral("261.96 usd") << order;
    QTest::newRow("amount as it is shown") << QStringLiteral("0,261.96 USD") << order;
    QTest::newRow("what the card was charged") << QStringLiteral("200.00") << order;
    QTest::newRow("card") << QStringLiteral("4242") << order;
}

void TestReads::finds()
{
    QFETCH(QString, text);
    QFETCH(QStringList, hits);
    const auto found = findAnything(reader(), text);
    CF_VERIFY_OK(found);
    QCOMPARE(textsOf(*found), hits);
    for (const SearchHit& hit : *found) {
        QVERIFY(!hit.title.isEmpty());
        QVERIFY(!hit.idText.isEmpty());
    }
    QVERIFY(findAnything(reader(), text, 1)->size() <= 1U);
}

void TestReads::findsNothingFor_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("spaces") << QStringLiteral("   ");
    QTest::newRow("wildcard") << QStringLiteral("%%");
    QTest::newRow("an id that isn't there") << OrderId(123'456).toText();
    QTest::newRow("a mistyped id") << rich.toText().replace(rich.toText().size() - 1, 1, QStringLiteral("q"));
    QTest::newRow("another amount") << QStringLiteral("261.97");
    QTest::newRow("what the wallet paid") << QStringLiteral("61.96");
    QTest::newRow("commas that group nothing") << QStringLiteral("2,61.96");
    QTest::newRow("another currency") << QStringLiteral("261.96 EUR");
    QTest::newRow("minor units are no amount") << QStringLiteral("26196");
    QTest::newRow("another card") << QStringLiteral("4243");
    QTest::newRow("quotes") << QStringLiteral("'; DROP TABLE orders; --");
    QTest::newRow("a very long text") << QString(5000, u'x');
    QTest::newRow("too big for an amount") << QStringLiteral("99999999999999999999999.99");
}

void TestReads::findsNothingFor()
{
    QFETCH(QString, text);
    const auto found = findAnything(reader(), text);
    CF_VERIFY_OK(found);
    QCOMPARE(textsOf(*found), QStringList());
}

void TestReads::tellsTheStateOfTheSystem()
{
    const UtcTime now = sampleTime + Duration::minutes(10);
    const auto status = systemStatus(reader(), now);
    CF_VERIFY_OK(status);
    QCOMPARE(status->workers.size(), 1U);
    QVERIFY(!status->workers[0].isAlive(now));
    QVERIFY(status->workers[0].isAlive(sampleTime + Duration::seconds(15)));
    QCOMPARE(status->queue.readyDue, 1);
    QCOMPARE(status->queue.readyFuture, 1);
    QCOMPARE(status->queue.leased, 1);
    QCOMPARE(status->queue.parked, 1);
    QCOMPARE(status->openCases, 1);
    QCOMPARE(status->criticalCases, 1);
    QCOMPARE(status->environment, QStringLiteral("sandbox"));
    QVERIFY(status->databaseBytes > 0);
    QFETCH_GLOBAL(DatabaseKind, kind);
    QVERIFY(status->databaseKind == kind);
}

void TestReads::sumsOrdersByState()
{
    const auto summary = businessSummary(reader());
    CF_VERIFY_OK(summary);
    QCOMPARE(summary->states.size(), 3U);
    QCOMPARE(summary->states[0].payable, usd(5 * 10'500));
    QCOMPARE(summary->states[2].paid, usd(26'196));
    QCOMPARE(summary->balances.size(), 3U);
}

void TestReads::refusesToWriteThroughAReader()
{
    CF_COMPARE_ERROR(reader().execute(QStringLiteral("UPDATE orders SET state = 'x' WHERE id = 1")), ErrorCode::DatabaseReadOnly);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestReads)
#include "tst_reads.moc"
