// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/row_set.h"
#include "tests/support/expect.h"
#include "tests/support/flushed.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

namespace counterfoil {

namespace {

const AccountRef clearing = AccountRef::system(AccountKind::Clearing, Currency());

Account wallet(qint64 n, qint64 available)
{
    return sampleAccount(n, AccountRef::wallet(CustomerId(n), Currency()), available, 0);
}

template<class T>
QList<qint64> idsIn(const RowSet<T>& set)
{
    QList<qint64> ids;
    for (const T& row : set.all()) {
        ids << TableOf<T>::key(row).value();
    }
    return ids;
}

} // namespace

class TestRowSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanupTestCase() { m_databases.clear(); }

    void readsWholeAnswersBehindThoseRowByRow();
    void findsWhatItKnows();
    void keepsARowThatIsAdoptedAgain();
    void keepsReferencesWhileItGrows();
    void writesNewAndChangedRows();
    void writesOnlyChangedRows();
    void writesManyRows();
    void refusesAnUpdateOfAnOlderVersion();
    void refusesAnUpdateOfARowThatIsGone();
    void refusesARowThatExists();
    void lentAKeyThatAnUpdateFrees();
    void fallsBackToTheMark();
    void fallsBackOverSeveralEditsOfARow();
    void keepsEditsFromBeforeTheMark();
    void fallsBackToTheNewestMark();
    void writesNothingOfWhatFellBack();
    void takesBackRowsThatCameBehindTheMark();

private:
    Connection& writer() { return m_database->writer(); }
    QList<qint64> balances();

    std::map<DatabaseKind, std::unique_ptr<TestDatabase>> m_databases;
    TestDatabase* m_database = nullptr;
};

void TestRowSet::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    if (!m_databases.contains(kind)) {
        m_databases.emplace(kind, TestDatabase::create(kind));
    }
    m_database = m_databases.at(kind).get();
    for (const QString& table : {QStringLiteral("account"), QStringLiteral("orders"), QStringLiteral("job")}) {
        CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM ") + table));
    }
}

QList<qint64> TestRowSet::balances()
{
    QList<qint64> found;
    const auto rows = selectRows<Account>(writer(), QStringLiteral("ORDER BY id"), {});
    for (const Account& account : rows ? *rows : std::vector<Account>()) {
        found << account.available.minor();
    }
    return found;
}

/// One row by one is a mode of the connection, which must not outlast its statement.
void TestRowSet::readsWholeAnswersBehindThoseRowByRow()
{
    CF_VERIFY_OK(insertRow(writer(), wallet(1, 10)));
    CF_VERIFY_OK(insertRow(writer(), wallet(2, 20)));
    QCOMPARE(balances(), (QList<qint64>{10, 20}));
    for (int turn = 0; turn < 3; ++turn) {
        int rows = 0;
        CF_VERIFY_OK(writer().query(QStringLiteral("SELECT id FROM account"), {}, [&rows](const Row&) -> Result<void> {
            ++rows;
            return {};
        }));
        QCOMPARE(rows, 2);
        QCOMPARE(balances(), (QList<qint64>{10, 20}));
    }
}

void TestRowSet::findsWhatItKnows()
{
    RowSet<Account> set;
    QVERIFY(set.isEmpty());
    QVERIFY(!set.find(AccountId(1)));
    set.adopt(wallet(1, 10));
    set.add(wallet(2, 20));
    QVERIFY(!set.isEmpty());
    QCOMPARE(set.at(AccountId(1)).available, usd(10));
    QCOMPARE(set.find(AccountId(2))->available, usd(20));
    QVERIFY(!set.find(AccountId(3)));
    QCOMPARE(set.findIf([](const Account& a) { return a.available == usd(20); })->id, AccountId(2));
    QVERIFY(!set.findIf([](const Account& a) { return a.available == usd(21); }));
    QVERIFY(set.keysWhere([](const Account& a) { return a.available.minor() >= 10; }) == (std::vector<AccountId>{AccountId(1), AccountId(2)}));
    QCOMPARE(idsIn(set), (QList<qint64>{1, 2}));
}

void TestRowSet::keepsARowThatIsAdoptedAgain()
{
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.edit(AccountId(1)).available = usd(11);
    set.adopt(wallet(1, 99));
    QCOMPARE(set.at(AccountId(1)).available, usd(11));
    QCOMPARE(idsIn(set), QList<qint64>{1});
}

void TestRowSet::keepsReferencesWhileItGrows()
{
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    Account& first = set.edit(AccountId(1));
    for (int i = 2; i < 1000; ++i) {
        set.add(wallet(i, i));
    }
    first.available = usd(12);
    QCOMPARE(set.at(AccountId(1)).available, usd(12));
}

void TestRowSet::writesNewAndChangedRows()
{
    CF_VERIFY_OK(insertRow(writer(), wallet(1, 10)));
    CF_VERIFY_OK(insertRow(writer(), wallet(2, 20)));
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.edit(AccountId(1)).available = usd(15);
    set.add(wallet(3, 30));
    set.edit(AccountId(3)).available = usd(31);
    CF_VERIFY_OK(flushed(set, writer()));
    QCOMPARE(balances(), (QList<qint64>{15, 20, 31}));
}

void TestRowSet::writesOnlyChangedRows()
{
    for (int i = 1; i <= 3; ++i) {
        CF_VERIFY_OK(insertRow(writer(), wallet(i, i)));
    }
    RowSet<Account> set;
    for (int i = 1; i <= 3; ++i) {
        set.adopt(wallet(i, i));
    }
    set.edit(AccountId(1)).available = usd(100);
    // Changed and changed back.
    set.edit(AccountId(2)).available = usd(200);
    set.edit(AccountId(2)).available = usd(2);
    // A write of these would find no row.
    CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM account WHERE id IN (2, 3)")));
    CF_VERIFY_OK(flushed(set, writer()));
    QCOMPARE(balances(), QList<qint64>{100});
}

void TestRowSet::writesManyRows()
{
    constexpr qint64 count = 4100;
    const auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    RowSet<Account> fresh;
    RowSet<Account> known;
    for (qint64 i = 1; i <= count; ++i) {
        fresh.add(wallet(i, i));
        known.adopt(wallet(i, i));
        known.edit(AccountId(i)).available = usd(2 * i);
    }
    CF_VERIFY_OK(flushed(fresh, writer()));
    CF_VERIFY_OK(flushed(known, writer()));
    const QList<qint64> found = balances();
    QCOMPARE(found.size(), count);
    for (qint64 i = 1; i <= count; ++i) {
        QCOMPARE(found[i - 1], 2 * i);
    }
}

void TestRowSet::refusesAnUpdateOfAnOlderVersion()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(1))));
    const auto change = [this](const QString& state) {
        RowSet<Order> set;
        set.adopt(sampleOrder(1, CustomerId(1)));
        Order& order = set.edit(OrderId(1));
        order.state = state;
        ++order.rowVersion;
        return flushed(set, writer());
    };
    CF_VERIFY_OK(change(QStringLiteral("first")));
    CF_COMPARE_ERROR(change(QStringLiteral("second")), ErrorCode::VersionConflict);
    const auto orders = selectRows<Order>(writer(), QString(), {});
    CF_VERIFY_OK(orders);
    QCOMPARE(orders->front().state, QStringLiteral("first"));
    QCOMPARE(orders->front().rowVersion, 2);
}

void TestRowSet::refusesAnUpdateOfARowThatIsGone()
{
    CF_VERIFY_OK(insertRow(writer(), wallet(2, 20)));
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.adopt(wallet(2, 20));
    set.edit(AccountId(1)).available = usd(1);
    set.edit(AccountId(2)).available = usd(2);
    CF_COMPARE_ERROR(flushed(set, writer()), ErrorCode::VersionConflict);
}

void TestRowSet::refusesARowThatExists()
{
    CF_VERIFY_OK(insertRow(writer(), sampleAccount(1, clearing, 0, 0)));
    RowSet<Account> sameId;
    sameId.add(wallet(1, 10));
    CF_COMPARE_ERROR(flushed(sameId, writer()), ErrorCode::ConstraintViolated);
    RowSet<Account> sameName;
    sameName.add(sampleAccount(2, clearing, 5, 0));
    CF_COMPARE_ERROR(flushed(sameName, writer()), ErrorCode::ConstraintViolated);
    QCOMPARE(balances(), QList<qint64>{0});
}

void TestRowSet::lentAKeyThatAnUpdateFrees()
{
    Job timer;
    timer.id = JobId(1);
    timer.dedupeKey = QStringLiteral("timer");
    timer.dueAt = timer.createdAt = sampleTime;
    CF_VERIFY_OK(insertRow(writer(), timer));
    RowSet<Job> set;
    set.adopt(timer);
    set.edit(timer.id).state = JobState::Cancelled;
    Job again = timer;
    again.id = JobId(2);
    set.add(again);
    CF_VERIFY_OK(flushed(set, writer()));
    QCOMPARE(selectRows<Job>(writer(), QStringLiteral("WHERE state = 'ready'"), {})->front().id, JobId(2));
}

void TestRowSet::fallsBackToTheMark()
{
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.mark();
    set.edit(AccountId(1)).available = usd(11);
    set.add(wallet(2, 20));
    set.adopt(wallet(3, 30));
    set.fallBack();
    QCOMPARE(idsIn(set), QList<qint64>{1});
    QCOMPARE(set.at(AccountId(1)).available, usd(10));
    QVERIFY(!set.find(AccountId(2)) && !set.find(AccountId(3)));
    set.add(wallet(2, 21));
    QCOMPARE(set.at(AccountId(2)).available, usd(21));
}

void TestRowSet::fallsBackOverSeveralEditsOfARow()
{
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.mark();
    for (int i = 0; i < 5; ++i) {
        Account& account = set.edit(AccountId(1));
        account.available = *account.available.plus(usd(1));
    }
    set.fallBack();
    QCOMPARE(set.at(AccountId(1)).available, usd(10));
    set.fallBack();
    QCOMPARE(set.at(AccountId(1)).available, usd(10));
}

void TestRowSet::keepsEditsFromBeforeTheMark()
{
    CF_VERIFY_OK(insertRow(writer(), wallet(1, 10)));
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.edit(AccountId(1)).available = usd(11);
    set.add(wallet(2, 20));
    set.mark();
    set.edit(AccountId(1)).available = usd(12);
    set.edit(AccountId(2)).available = usd(22);
    set.fallBack();
    CF_VERIFY_OK(flushed(set, writer()));
    QCOMPARE(balances(), (QList<qint64>{11, 20}));
}

void TestRowSet::fallsBackToTheNewestMark()
{
    RowSet<Account> set;
    set.mark();
    set.add(wallet(1, 10));
    set.mark();
    set.add(wallet(2, 20));
    set.fallBack();
    QCOMPARE(idsIn(set), QList<qint64>{1});
}

void TestRowSet::writesNothingOfWhatFellBack()
{
    CF_VERIFY_OK(insertRow(writer(), wallet(1, 10)));
    RowSet<Account> set;
    set.adopt(wallet(1, 10));
    set.mark();
    set.edit(AccountId(1)).available = usd(99);
    set.add(wallet(2, 20));
    set.fallBack();
    CF_VERIFY_OK(flushed(set, writer()));
    QCOMPARE(balances(), QList<qint64>{10});
}

void TestRowSet::takesBackRowsThatCameBehindTheMark()
{
    RowSet<Account> set;
    set.mark();
    set.adopt(wallet(1, 10));
    set.edit(AccountId(1)).available = usd(11);
    set.fallBack();
    QVERIFY(set.isEmpty());
    set.adopt(wallet(1, 12));
    QCOMPARE(set.at(AccountId(1)).available, usd(12));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestRowSet)
#include "tst_row_set.moc"
