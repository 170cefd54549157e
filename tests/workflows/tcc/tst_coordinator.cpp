// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/tcc/divided_funds.h"
#include "workflows/tcc/ledger.h"
#include "workflows/tcc/stock_participant.h"

#include <QTest>

using namespace counterfoil;

/// The coordinator's rules K1 to K6 (20-engine).
class TestCoordinator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void registersEverythingBeforeTheFirstTry_data() { TestDatabase::addKindRows(); }
    void registersEverythingBeforeTheFirstTry();
    void cancelsEveryBranchAfterARefusal_data() { TestDatabase::addKindRows(); }
    void cancelsEveryBranchAfterARefusal();
    void refusesALateTryOfAnEmptyCancel_data() { TestDatabase::addKindRows(); }
    void refusesALateTryOfAnEmptyCancel();
    void neverFlipsADecision_data();
    void neverFlipsADecision();
    void confirmsOnlyWhatIsWhollyTried_data() { TestDatabase::addKindRows(); }
    void confirmsOnlyWhatIsWhollyTried();
    void drivesOnceHoweverOftenItIsAsked_data();
    void drivesOnceHoweverOftenItIsAsked();
    void aBadBranchDelaysNoOther_data() { TestDatabase::addKindRows(); }
    void aBadBranchDelaysNoOther();
    void takesABusinessKeyOnce_data() { TestDatabase::addKindRows(); }
    void takesABusinessKeyOnce();
};

namespace {

/// A transaction of 30.00 from a wallet and two pieces from stock, for an order that needn't exist.
struct Stage {
    explicit Stage(DatabaseKind kind, qint64 inWallet = 5'000, qint64 onHand = 10) : shop(kind)
    {
        const MerchantId merchant = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        shop.addSku({QStringLiteral("PEN"), merchant, usd(1'500), onHand});
        buyer = shop.recharge(QStringLiteral("ann"), usd(inWallet));
        stock = shop.rows<Stock>().front().id;
        funds = DividedFunds{buyer, usd(3'000), usd(0), usd(0), {{SubOrderId(21), merchant, usd(2'700), usd(300)}}};
    }

    TccId registered()
    {
        shop.write([&](UnitOfWork& work) {
            const QByteArray pieces = stockArgs({{stock, OrderItemId(31), 2, QStringLiteral("PEN")}});
            gid = coordinator.registerTransaction(work, {QStringLiteral("payment:11"), OrderId(11), TransactionId(12), QStringLiteral("hash"), sampleTime + Duration::hours(1),
                                                         {{Participant::Stock, pieces}, {Participant::Accounts, funds.toJson()}}});
        });
        return gid;
    }

    /// Runs `call` in a unit of work that has everything loaded; commits what it returns as fine, or with `keepFailure` whatever it did.
    template<class Function>
    auto in(Function call, bool keepFailure = false)
    {
        UnitOfWork work(shop.connection(), shop.clock, shop.ids);
        EngineFixture::unwrap(work.begin());
        for (auto& row : shop.rows<TccTransaction>()) {
            work.tccs.adopt(row);
        }
        for (auto& row : shop.rows<TccBranch>(QStringLiteral("ORDER BY gid, n"))) {
            work.branches.adopt(row);
        }
        for (auto& row : shop.rows<TccFence>()) {
            work.fences.adopt(row);
        }
        for (auto& row : shop.rows<Stock>()) {
            work.stocks.adopt(row);
        }
        for (auto& row : shop.rows<StockReservation>()) {
            work.reservations.adopt(row);
        }
        for (auto& row : shop.rows<Hold>()) {
            work.holds.adopt(row);
        }
        const Currency currency;
        EngineFixture::unwrap(work.loadAccounts({AccountRef::wallet(buyer, currency), AccountRef::merchant(funds.shares.front().merchant, currency),
                                                 AccountRef::system(AccountKind::Fees, currency), AccountRef::system(AccountKind::Clearing, currency),
                                                 AccountRef::system(AccountKind::Promotions, currency)}));
        auto outcome = call(work);
        if (outcome || keepFailure) {
            EngineFixture::unwrap(work.commit());
        }
        return outcome;
    }

    Result<void> tryAll(bool keepFailure = false)
    {
        return in([&](UnitOfWork& work) { return coordinator.tryAll(work, gid); }, keepFailure);
    }
    Result<void> decide(TccDecision decision)
    {
        return in([&](UnitOfWork& work) { return coordinator.decide(work, gid, decision, QStringLiteral("test"), QStringLiteral("because")); });
    }
    Result<bool> drive(bool keepFailure = false)
    {
        return in([&](UnitOfWork& work) { return coordinator.drive(work, gid); }, keepFailure);
    }

    TccDecision decision() { return shop.rows<TccTransaction>().front().decision; }
    QStringList phases()
    {
        QStringList found;
        for (const TccBranch& branch : shop.rows<TccBranch>(QStringLiteral("ORDER BY gid, n"))) {
            found << toString(branch.phase);
        }
        return found;
    }
    Stock stockRow() { return shop.rows<Stock>().front(); }
    qint64 wallet(Bucket bucket) { return shop.balance(AccountRef::wallet(buyer, Currency()), bucket).minor(); }

    EngineFixture shop;
    TccCoordinator coordinator{Duration::days(7)};
    CustomerId buyer;
    StockId stock;
    DividedFunds funds;
    TccId gid;
};

const QStringList bothCancelled{QStringLiteral("cancelled"), QStringLiteral("cancelled")};
const QStringList bothConfirmed{QStringLiteral("confirmed"), QStringLiteral("confirmed")};

void addDecisionRows()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("confirming");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: confirm", name) << kind << true;
        QTest::addRow("%s: cancel", name) << kind << false;
    }
}

} // namespace

void TestCoordinator::registersEverythingBeforeTheFirstTry()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.registered();
    QCOMPARE(stage.phases(), QStringList({QStringLiteral("registered"), QStringLiteral("registered")}));
    QVERIFY(stage.shop.rows<TccFence>().empty());
    QCOMPARE(stage.stockRow().frozen, 0);
    for (const TccBranch& branch : stage.shop.rows<TccBranch>()) {
        QCOMPARE(branch.argsSha256.size(), 64);
    }
    CF_VERIFY_OK(stage.tryAll());
    QCOMPARE(stage.phases(), QStringList({QStringLiteral("tried"), QStringLiteral("tried")}));
    QCOMPARE(stage.stockRow().frozen, 2);
    QCOMPARE(stage.wallet(Bucket::Frozen), 3'000);
}

void TestCoordinator::cancelsEveryBranchAfterARefusal()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind, 1'000);
    stage.registered();
    CF_COMPARE_ERROR(stage.tryAll(true), ErrorCode::InsufficientFunds);
    QCOMPARE(stage.phases(), QStringList({QStringLiteral("tried"), QStringLiteral("refused")}));
    CF_VERIFY_OK(stage.decide(TccDecision::Cancelling));
    CF_VERIFY_OK(stage.drive());
    QCOMPARE(stage.phases(), bothCancelled);
    CF_COMPARE_ENUM(stage.decision(), TccDecision::Cancelled);
    QCOMPARE(stage.stockRow().frozen, 0);
    QCOMPARE(stage.wallet(Bucket::Available), 1'000);
    const auto fences = stage.shop.rows<TccFence>(QStringLiteral("ORDER BY n"));
    QCOMPARE(fences.size(), std::size_t{2});
    CF_COMPARE_ENUM(fences[0].state, FenceState::Cancelled);
    CF_COMPARE_ENUM(fences[1].state, FenceState::Tombstone);
}

void TestCoordinator::refusesALateTryOfAnEmptyCancel()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.registered();
    CF_VERIFY_OK(stage.decide(TccDecision::Cancelling));
    CF_VERIFY_OK(stage.drive());
    QCOMPARE(stage.phases(), bothCancelled);
    for (const TccFence& fence : stage.shop.rows<TccFence>()) {
        CF_COMPARE_ENUM(fence.state, FenceState::Tombstone);
    }
    CF_COMPARE_ERROR(stage.tryAll(), ErrorCode::EventNotAccepted);
    QCOMPARE(stage.stockRow().frozen, 0);
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
}

void TestCoordinator::neverFlipsADecision_data()
{
    addDecisionRows();
}

void TestCoordinator::neverFlipsADecision()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, confirming);
    const TccDecision first = confirming ? TccDecision::Confirming : TccDecision::Cancelling;
    const TccDecision other = confirming ? TccDecision::Cancelling : TccDecision::Confirming;
    Stage stage(kind);
    stage.registered();
    CF_VERIFY_OK(stage.tryAll());
    CF_VERIFY_OK(stage.decide(first));
    CF_COMPARE_ERROR(stage.decide(other), ErrorCode::EventNotAccepted);
    CF_VERIFY_OK(stage.decide(first));
    CF_VERIFY_OK(stage.drive());
    CF_COMPARE_ERROR(stage.decide(other), ErrorCode::EventNotAccepted);
    CF_VERIFY_OK(stage.decide(first));
    CF_COMPARE_ENUM(stage.decision(), confirming ? TccDecision::Confirmed : TccDecision::Cancelled);
    QCOMPARE(stage.shop.rows<TccTransaction>().front().decidedBy, QStringLiteral("test"));
}

void TestCoordinator::confirmsOnlyWhatIsWhollyTried()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind, 1'000);
    stage.registered();
    CF_COMPARE_ERROR(stage.decide(TccDecision::Confirming), ErrorCode::Integrity);
    CF_COMPARE_ERROR(stage.tryAll(true), ErrorCode::InsufficientFunds);
    CF_COMPARE_ERROR(stage.decide(TccDecision::Confirming), ErrorCode::Integrity);
    CF_COMPARE_ENUM(stage.decision(), TccDecision::Trying);
}

void TestCoordinator::drivesOnceHoweverOftenItIsAsked_data()
{
    addDecisionRows();
}

void TestCoordinator::drivesOnceHoweverOftenItIsAsked()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, confirming);
    Stage stage(kind);
    stage.registered();
    CF_VERIFY_OK(stage.tryAll());
    CF_VERIFY_OK(stage.decide(confirming ? TccDecision::Confirming : TccDecision::Cancelling));
    for (int i = 0; i < 3; ++i) {
        const Result<bool> driven = stage.drive();
        CF_VERIFY_OK(driven);
        QVERIFY(*driven);
    }
    QCOMPARE(stage.phases(), confirming ? bothConfirmed : bothCancelled);
    QCOMPARE(stage.stockRow().onHand, confirming ? 8 : 10);
    QCOMPARE(stage.stockRow().frozen, 0);
    QCOMPARE(stage.wallet(Bucket::Available), confirming ? 2'000 : 5'000);
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
    // Recharge, freeze, and one entry of phase two.
    QCOMPARE(stage.shop.count(QStringLiteral("ledger_entry")), 3);
}

void TestCoordinator::aBadBranchDelaysNoOther()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.registered();
    CF_VERIFY_OK(stage.tryAll());
    CF_VERIFY_OK(stage.decide(TccDecision::Confirming));
    // The stock branch's memory is damaged.
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE tcc_fence SET state = 'cancelled' WHERE n = 1")));
    CF_COMPARE_ERROR(stage.drive(true), ErrorCode::Integrity);
    QCOMPARE(stage.phases(), QStringList({QStringLiteral("tried"), QStringLiteral("confirmed")}));
    CF_COMPARE_ENUM(stage.decision(), TccDecision::Confirming);
    QCOMPARE(stage.wallet(Bucket::Available), 2'000);
    QVERIFY(stage.shop.rows<TccBranch>(QStringLiteral("ORDER BY n")).front().lastError.startsWith(QStringLiteral("integrity")));
    // Once it is mended, only what is missing is done.
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE tcc_fence SET state = 'tried' WHERE n = 1")));
    CF_VERIFY_OK(stage.drive());
    CF_COMPARE_ENUM(stage.decision(), TccDecision::Confirmed);
    QCOMPARE(stage.stockRow().onHand, 8);
    QCOMPARE(stage.shop.count(QStringLiteral("ledger_entry")), 3);
}

void TestCoordinator::takesABusinessKeyOnce()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.registered();
    UnitOfWork work(stage.shop.connection(), stage.shop.clock, stage.shop.ids);
    CF_VERIFY_OK(work.begin());
    stage.coordinator.registerTransaction(work, {QStringLiteral("payment:11"), OrderId(11), TransactionId(12), {}, sampleTime, {}});
    CF_COMPARE_ERROR(work.commit(), ErrorCode::ConstraintViolated);
    QCOMPARE(stage.shop.count(QStringLiteral("tcc_transaction")), 1);
}

QTEST_GUILESS_MAIN(TestCoordinator)
#include "tst_coordinator.moc"
