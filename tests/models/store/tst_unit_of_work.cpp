// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/unit_of_work.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QDeadlineTimer>
#include <QSemaphore>

#include <thread>

namespace counterfoil {

namespace {

const ManualClock clockOfTest{sampleTime};
const AccountRef clearing = AccountRef::system(AccountKind::Clearing, Currency());
const AccountRef wallet = AccountRef::wallet(CustomerId(7), Currency());

/// Adds `amount` to an account in a unit of work of its own; made anew while others are in the way.
Result<void> addToAccount(Connection& connection, IdSource& ids, const AccountRef& ref, qint64 amount)
{
    Result<void> outcome;
    for (int attempt = 0; attempt < 50; ++attempt) {
        UnitOfWork work(connection, clockOfTest, ids);
        outcome = work.begin();
        if (outcome) {
            outcome = work.loadAccounts({ref});
        }
        if (outcome) {
            CF_TRY(applyPosting(work.accounts.edit(work.account(ref).id), Bucket::Available, usd(amount)));
            outcome = work.commit();
        }
        const bool again = !outcome && (outcome.error().code == ErrorCode::DatabaseBusy || outcome.error().code == ErrorCode::SerializationFailure
                                        || outcome.error().code == ErrorCode::ConstraintViolated);
        if (!again) {
            return outcome;
        }
    }
    return outcome;
}

Hold sampleHold(qint64 n, AccountId account, OrderId order, qint64 amount)
{
    Hold hold;
    hold.id = HoldId(n);
    hold.account = account;
    hold.amount = hold.remaining = usd(amount);
    hold.reason = HoldReason::Settlement;
    hold.order = order;
    hold.createdAt = sampleTime;
    return hold;
}

/// Runs `body` on `count` threads at once, each with a connection of its own.
std::vector<Result<void>> onThreads(const TestDatabase& database, int count, const std::function<Result<void>(Connection&)>& body)
{
    std::vector<Result<void>> outcomes(static_cast<std::size_t>(count));
    std::vector<std::thread> threads;
    for (Result<void>& outcome : outcomes) {
        threads.emplace_back([&] {
            const auto connection = database.connect(ConnectionRole::Writer);
            outcome = body(*connection);
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return outcomes;
}

} // namespace

class TestUnitOfWork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup() { m_database.reset(); }

    void writesEverythingAtCommit();
    void writesNothingWithoutCommit();
    void writesNothingBehindAFailure();
    void makesAccountsThatAreMissing();
    void knowsAccountsByTheirWholeName();
    void forgetsAccountsThatCameBehindTheMark();
    void loadsAnOrderAsDeepAsAsked();
    void leavesOutOrdersThatAreNotThere();
    void keepsOthersFromItsOrders();
    void makesOneAccountWhenManyWantIt();
    void addsUpWhenManyChangeOneAccount();
    void releasesAHoldOnce();
    void seesAHoldAsTheLastOneLeftIt_data();
    void seesAHoldAsTheLastOneLeftIt();
    void findsOrdersByGatewayAndTransaction();
    void knowsOpenCasesAndJobs();
    void tellsListenersWhichOrdersChanged();

private:
    Connection& writer() { return m_database->writer(); }
    qint64 countOf(const QString& table);
    Account stored(const AccountRef& ref);
    void addOrderWithHold();

    DatabaseKind m_kind = DatabaseKind::Sqlite;
    std::unique_ptr<TestDatabase> m_database;
    IdSource m_ids{clockOfTest, 1};
};

void TestUnitOfWork::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_kind = kind;
    m_database = TestDatabase::create(kind);
}

qint64 TestUnitOfWork::countOf(const QString& table)
{
    qint64 count = -1;
    (void)m_database->reader().query(QStringLiteral("SELECT count(*) FROM ") + table, {}, [&](const Row& row) -> Result<void> {
        count = row.integer(0);
        return {};
    });
    return count;
}

Account TestUnitOfWork::stored(const AccountRef& ref)
{
    const auto rows = selectRows<Account>(m_database->reader(), QString(), {});
    for (const Account& account : rows ? *rows : std::vector<Account>()) {
        if (account.ref() == ref) {
            return account;
        }
    }
    return {};
}

/// Order 1 of customer 7 with its wallet (account 70) that holds 100 for it.
void TestUnitOfWork::addOrderWithHold()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    CF_VERIFY_OK(insertRow(writer(), sampleAccount(70, wallet, 0, 100)));
    CF_VERIFY_OK(insertRow(writer(), sampleHold(5, AccountId(70), OrderId(1), 100)));
}

void TestUnitOfWork::writesEverythingAtCommit()
{
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    work.customers.add(sampleCustomer(7, QStringLiteral("Claire Gute"), QStringLiteral("cg@example.org")));
    work.orders.add(sampleOrder(1, CustomerId(7)));
    work.audit(QStringLiteral("cli"), QStringLiteral("order.created"), QStringLiteral("1"), {}, {}, QStringLiteral("why"));
    QCOMPARE(countOf(QStringLiteral("orders")), 0);
    CF_VERIFY_OK(work.commit());
    QCOMPARE(countOf(QStringLiteral("customer")), 1);
    QCOMPARE(countOf(QStringLiteral("orders")), 1);
    const auto audits = selectRows<AuditEvent>(writer(), QString(), {});
    CF_VERIFY_OK(audits);
    QCOMPARE(audits->front().at, sampleTime);
    QCOMPARE(audits->front().reason, QStringLiteral("why"));
}

void TestUnitOfWork::writesNothingWithoutCommit()
{
    {
        UnitOfWork work(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(work.begin());
        CF_VERIFY_OK(work.loadAccounts({clearing}));
        work.orders.add(sampleOrder(1, CustomerId(7)));
    }
    QCOMPARE(countOf(QStringLiteral("orders")), 0);
    QCOMPARE(countOf(QStringLiteral("account")), 0);
    CF_VERIFY_OK(UnitOfWork(writer(), clockOfTest, m_ids).begin());
}

void TestUnitOfWork::writesNothingBehindAFailure()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    {
        UnitOfWork work(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(work.begin());
        CF_VERIFY_OK(work.loadAccounts({clearing}));
        work.customers.add(sampleCustomer(7, QStringLiteral("Claire Gute"), QString()));
        work.orders.add(sampleOrder(1, CustomerId(7)));
        CF_COMPARE_ERROR(work.commit(), ErrorCode::ConstraintViolated);
    }
    QCOMPARE(countOf(QStringLiteral("customer")), 0);
    QCOMPARE(countOf(QStringLiteral("account")), 0);
    CF_VERIFY_OK(addToAccount(writer(), m_ids, clearing, 5));
}

void TestUnitOfWork::makesAccountsThatAreMissing()
{
    CF_VERIFY_OK(insertRow(writer(), sampleAccount(70, wallet, 500, 0)));
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    QVERIFY(!work.knowsAccount(wallet));
    CF_VERIFY_OK(work.loadAccounts({wallet, clearing}));
    QVERIFY(work.knowsAccount(wallet) && work.knowsAccount(clearing));
    QCOMPARE(work.account(wallet).available, usd(500));
    QCOMPARE(work.account(clearing).available, usd(0));
    const AccountId made = work.account(clearing).id;
    CF_VERIFY_OK(work.loadAccounts({wallet, clearing}));
    QCOMPARE(work.account(clearing).id, made);
    CF_VERIFY_OK(work.commit());
    QCOMPARE(countOf(QStringLiteral("account")), 2);
    QCOMPARE(stored(clearing).id, made);
    QVERIFY(stored(clearing).status == AccountStatus::Open);
}

void TestUnitOfWork::knowsAccountsByTheirWholeName()
{
    const Currency eur = *Currency::parse(u"EUR");
    const std::set<AccountRef> refs{wallet, AccountRef::wallet(CustomerId(7), eur), AccountRef::merchant(MerchantId(7), Currency()), AccountRef::wallet(CustomerId(8), Currency()), clearing,
                                    AccountRef::system(AccountKind::Bank, Currency()), AccountRef::system(AccountKind::Clearing, eur)};
    for (int round = 0; round < 2; ++round) {
        UnitOfWork work(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(work.begin());
        CF_VERIFY_OK(work.loadAccounts(refs));
        std::set<AccountId> ids;
        for (const AccountRef& ref : refs) {
            QVERIFY(work.account(ref).ref() == ref);
            QVERIFY(work.account(ref).available.currency() == ref.currency);
            ids.insert(work.account(ref).id);
        }
        QCOMPARE(ids.size(), refs.size());
        CF_VERIFY_OK(work.commit());
        QCOMPARE(countOf(QStringLiteral("account")), static_cast<qint64>(refs.size()));
    }
}

void TestUnitOfWork::forgetsAccountsThatCameBehindTheMark()
{
    CF_VERIFY_OK(insertRow(writer(), sampleAccount(70, wallet, 500, 0)));
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    CF_VERIFY_OK(work.loadAccounts({clearing}));
    work.mark();
    CF_VERIFY_OK(work.loadAccounts({wallet, AccountRef::system(AccountKind::Bank, Currency())}));
    CF_VERIFY_OK(applyPosting(work.accounts.edit(work.account(clearing).id), Bucket::Available, usd(-5)));
    CF_VERIFY_OK(applyPosting(work.accounts.edit(work.account(wallet).id), Bucket::Available, usd(5)));
    work.orders.add(sampleOrder(1, CustomerId(7)));
    work.fallBack();
    QVERIFY(work.knowsAccount(clearing));
    QVERIFY(!work.knowsAccount(wallet));
    QCOMPARE(work.account(clearing).available, usd(0));
    CF_VERIFY_OK(work.loadAccounts({wallet}));
    QCOMPARE(work.account(wallet).available, usd(500));
    CF_VERIFY_OK(applyPosting(work.accounts.edit(work.account(wallet).id), Bucket::Available, usd(1)));
    CF_VERIFY_OK(work.commit());
    QCOMPARE(stored(wallet).available, usd(501));
    QCOMPARE(countOf(QStringLiteral("account")), 2);
    QCOMPARE(countOf(QStringLiteral("orders")), 0);
}

void TestUnitOfWork::loadsAnOrderAsDeepAsAsked()
{
    addOrderWithHold();
    for (const OrderDepth depth : {OrderDepth::Header, OrderDepth::Full}) {
        UnitOfWork work(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(work.begin());
        CF_VERIFY_OK(work.loadOrders({OrderId(1)}, depth));
        const bool isFull = depth == OrderDepth::Full;
        QCOMPARE(work.orders.at(OrderId(1)).orderNo, QStringLiteral("CA-2024-1"));
        QCOMPARE(work.holds.find(HoldId(5)) != nullptr, isFull);
        QCOMPARE(work.knowsAccount(wallet), isFull);
        QCOMPARE(work.knowsAccount(clearing), isFull);
    }
}

void TestUnitOfWork::leavesOutOrdersThatAreNotThere()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    CF_VERIFY_OK(work.loadOrders({OrderId(1), OrderId(2)}, OrderDepth::Full));
    QVERIFY(work.orders.find(OrderId(1)) && !work.orders.find(OrderId(2)));
    CF_VERIFY_OK(work.loadOrders({}, OrderDepth::Full));
    CF_VERIFY_OK(work.loadAccounts({}));
    CF_VERIFY_OK(work.loadHolds({}));
    CF_VERIFY_OK(work.loadHolds({HoldId(404)}));
    CF_VERIFY_OK(work.loadExchanges({ExchangeId(404)}));
    CF_VERIFY_OK(work.loadCallbacks({CallbackId(404)}));
    CF_VERIFY_OK(work.commit());
}

void TestUnitOfWork::keepsOthersFromItsOrders()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    const auto other = m_database->connect(ConnectionRole::Writer);
    const bool sqlite = m_kind == DatabaseKind::Sqlite;
    CF_VERIFY_OK(other->query(sqlite ? QStringLiteral("PRAGMA busy_timeout=20") : QStringLiteral("SELECT set_config('lock_timeout', '20ms', false)"), {},
                              [](const Row&) -> Result<void> { return {}; }));
    const auto tryOther = [&]() -> Result<void> {
        UnitOfWork theirs(*other, clockOfTest, m_ids);
        CF_TRY(theirs.begin());
        return theirs.loadOrders({OrderId(1)}, OrderDepth::Header);
    };
    {
        UnitOfWork mine(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(mine.begin());
        CF_VERIFY_OK(mine.loadOrders({OrderId(1)}, OrderDepth::Header));
        CF_COMPARE_ERROR(tryOther(), ErrorCode::DatabaseBusy);
    }
    CF_VERIFY_OK(tryOther());
}

void TestUnitOfWork::makesOneAccountWhenManyWantIt()
{
    constexpr int count = 6;
    for (const Result<void>& outcome : onThreads(*m_database, count, [this](Connection& connection) { return addToAccount(connection, m_ids, wallet, 5); })) {
        CF_VERIFY_OK(outcome);
    }
    QCOMPARE(countOf(QStringLiteral("account")), 1);
    QCOMPARE(stored(wallet).available, usd(5 * count));
}

void TestUnitOfWork::addsUpWhenManyChangeOneAccount()
{
    constexpr int count = 4;
    constexpr int rounds = 25;
    CF_VERIFY_OK(addToAccount(writer(), m_ids, wallet, 1000));
    const auto body = [this](Connection& connection) -> Result<void> {
        for (int i = 0; i < rounds; ++i) {
            CF_TRY(addToAccount(connection, m_ids, wallet, i % 2 ? -3 : 5));
        }
        return {};
    };
    for (const Result<void>& outcome : onThreads(*m_database, count, body)) {
        CF_VERIFY_OK(outcome);
    }
    QCOMPARE(stored(wallet).available, usd(1000 + count * (13 * 5 - 12 * 3)));
    QCOMPARE(stored(wallet).version, 1 + count * rounds);
}

void TestUnitOfWork::releasesAHoldOnce()
{
    addOrderWithHold();
    const auto release = [this](Connection& connection) -> Result<void> {
        UnitOfWork work(connection, clockOfTest, m_ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadHolds({HoldId(5)}));
        if (work.holds.at(HoldId(5)).state != HoldState::Open) {
            return fail(ErrorCode::HoldExceeded);
        }
        CF_TRY(consume(work.holds.edit(HoldId(5)), HoldMovementKind::Release, usd(100)));
        Account& account = work.accounts.edit(AccountId(70));
        CF_TRY(applyPosting(account, Bucket::Frozen, usd(-100)));
        CF_TRY(applyPosting(account, Bucket::Available, usd(100)));
        return work.commit();
    };
    int released = 0;
    for (const Result<void>& outcome : onThreads(*m_database, 6, release)) {
        released += outcome.has_value();
        if (!outcome) {
            CF_COMPARE_ERROR(outcome, ErrorCode::HoldExceeded);
        }
    }
    QCOMPARE(released, 1);
    QCOMPARE(stored(wallet).available, usd(100));
    QCOMPARE(stored(wallet).frozen, usd(0));
}

void TestUnitOfWork::seesAHoldAsTheLastOneLeftIt_data()
{
    QTest::addColumn<bool>("byOrder");
    QTest::newRow("by its order") << true;
    QTest::newRow("by itself") << false;
}

void TestUnitOfWork::seesAHoldAsTheLastOneLeftIt()
{
    QFETCH(bool, byOrder);
    addOrderWithHold();
    // One releases by the hold, another comes meanwhile and waits for the account.
    UnitOfWork first(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(first.begin());
    CF_VERIFY_OK(first.loadHolds({HoldId(5)}));
    CF_VERIFY_OK(consume(first.holds.edit(HoldId(5)), HoldMovementKind::Release, usd(100)));
    Result<void> outcome;
    qint64 remaining = -1;
    QSemaphore hasStarted;
    std::thread other([&] {
        const auto connection = m_database->connect(ConnectionRole::Writer);
        UnitOfWork work(*connection, clockOfTest, m_ids);
        hasStarted.release();
        outcome = work.begin();
        if (outcome) {
            outcome = byOrder ? work.loadOrders({OrderId(1)}, OrderDepth::Full) : work.loadHolds({HoldId(5)});
            remaining = outcome ? work.holds.at(HoldId(5)).remaining.minor() : -1;
        }
    });
    hasStarted.acquire();
    if (m_kind == DatabaseKind::Postgresql) {
        qint64 waiting = 0;
        QDeadlineTimer patience(10'000);
        while (waiting == 0 && !patience.hasExpired()) {
            CF_VERIFY_OK(m_database->reader().query(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted"), {}, [&](const Row& row) -> Result<void> {
                waiting = row.integer(0);
                return {};
            }));
        }
    }
    const auto committed = first.commit();
    other.join();
    CF_VERIFY_OK(committed);
    CF_VERIFY_OK(outcome);
    QCOMPARE(remaining, 0);
}

void TestUnitOfWork::findsOrdersByGatewayAndTransaction()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    PaymentTransaction transaction;
    transaction.id = TransactionId(11);
    transaction.order = OrderId(1);
    transaction.gatewayRef = QStringLiteral("pi_1");
    transaction.createdAt = sampleTime;
    CF_VERIFY_OK(insertRow(writer(), transaction));
    PaymentTransaction recharge = transaction;
    recharge.id = TransactionId(12);
    recharge.order = OrderId();
    recharge.gatewayRef.clear();
    CF_VERIFY_OK(insertRow(writer(), recharge));
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    const auto byRef = work.paymentsOfGatewayRefs({QStringLiteral("pi_1"), QStringLiteral("pi_2"), QString()});
    CF_VERIFY_OK(byRef);
    QCOMPARE(byRef->size(), std::size_t{1});
    QCOMPARE(byRef->at(QStringLiteral("pi_1")).order, OrderId(1));
    QVERIFY(!byRef->at(QStringLiteral("pi_1")).hasSucceeded);
    const auto byTransaction = work.ordersOfTransactions({TransactionId(11), TransactionId(12), TransactionId(13)});
    CF_VERIFY_OK(byTransaction);
    QVERIFY(*byTransaction == std::set<OrderId>{OrderId(1)});
    QVERIFY(work.ordersOfTransactions({})->empty());
}

void TestUnitOfWork::knowsOpenCasesAndJobs()
{
    CF_VERIFY_OK(insertRow(writer(), sampleOrder(1, CustomerId(7))));
    InterventionCase cause;
    cause.id = CaseId(1);
    cause.order = OrderId(1);
    cause.dedupeKey = QStringLiteral("open");
    cause.openedAt = sampleTime;
    cause.dueAt = cause.openedAt;
    CF_VERIFY_OK(insertRow(writer(), cause));
    cause.id = CaseId(2);
    cause.dedupeKey = QStringLiteral("resolved");
    cause.state = CaseState::Resolved;
    CF_VERIFY_OK(insertRow(writer(), cause));
    Job job;
    job.id = JobId(1);
    job.order = OrderId(1);
    job.dedupeKey = QStringLiteral("waits");
    job.dueAt = job.createdAt = sampleTime;
    CF_VERIFY_OK(insertRow(writer(), job));
    job.id = JobId(2);
    job.dedupeKey = QStringLiteral("done");
    job.state = JobState::Done;
    CF_VERIFY_OK(insertRow(writer(), job));
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    CF_VERIFY_OK(work.loadOrders({OrderId(1)}, OrderDepth::Header));
    QVERIFY(work.hasOpenCase(QStringLiteral("open")) && !work.hasOpenCase(QStringLiteral("resolved")));
    QVERIFY(work.hasOpenJob(QStringLiteral("waits")) && !work.hasOpenJob(QStringLiteral("done")));
    work.jobs.edit(JobId(1)).state = JobState::Cancelled;
    QVERIFY(!work.hasOpenJob(QStringLiteral("waits")));
}

void TestUnitOfWork::tellsListenersWhichOrdersChanged()
{
    if (m_kind == DatabaseKind::Sqlite) {
        return;
    }
    QStringList heard;
    CF_VERIFY_OK(m_database->reader().listen(QStringLiteral("counterfoil_changed"), [&](const QString& payload) { heard << payload; }));
    {
        UnitOfWork lost(writer(), clockOfTest, m_ids);
        CF_VERIFY_OK(lost.begin());
        lost.orders.add(sampleOrder(9, CustomerId(7)));
    }
    UnitOfWork work(writer(), clockOfTest, m_ids);
    CF_VERIFY_OK(work.begin());
    for (int i = 1; i <= 300; ++i) {
        Order order = sampleOrder(i, CustomerId(7));
        order.id = OrderId(1'000'000'000'000'000'000 + i);
        work.orders.add(order);
    }
    CF_VERIFY_OK(work.commit());
    QTRY_COMPARE(heard.size(), 1);
    QVERIFY(heard.front().startsWith(QStringLiteral("1000000000000000001,1000000000000000002,")));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestUnitOfWork)
#include "tst_unit_of_work.moc"
