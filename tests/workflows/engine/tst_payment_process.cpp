// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/engine/payment_stage.h"

#include <QTest>

using namespace counterfoil;

/// How a payment ends, with the gateway as last resource (K3, K8) and the order workflow around it.
class TestPaymentProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void walletAloneNeedsNoGateway_data() { TestDatabase::addKindRows(); }
    void walletAloneNeedsNoGateway();
    void aDeclineIsCancelledAtTheGatewayFirst_data() { TestDatabase::addKindRows(); }
    void aDeclineIsCancelledAtTheGatewayFirst();
    void aCancelBeforeTheFirstByteWithdraws_data() { TestDatabase::addKindRows(); }
    void aCancelBeforeTheFirstByteWithdraws();
    void aCancelThatLosesToSuccess_data();
    void aCancelThatLosesToSuccess();
    void aCancelOfAnUnknownCreateWaitsForTheTruth_data();
    void aCancelOfAnUnknownCreateWaitsForTheTruth();
    void expiresWhenTheBuyerDoesNothing_data() { TestDatabase::addKindRows(); }
    void expiresWhenTheBuyerDoesNothing();
    void cancelsAgainWhatWasBeingProcessed_data() { TestDatabase::addKindRows(); }
    void cancelsAgainWhatWasBeingProcessed();
    void goesToReviewWhenTheGatewayStaysSilent_data() { TestDatabase::addKindRows(); }
    void goesToReviewWhenTheGatewayStaysSilent();
    void anotherAmountIsAConflict_data() { TestDatabase::addKindRows(); }
    void anotherAmountIsAConflict();
    void aConflictCanBeCancelled_data() { TestDatabase::addKindRows(); }
    void aConflictCanBeCancelled();
    void aConflictThatWasPaidIsNotCancelled_data() { TestDatabase::addKindRows(); }
    void aConflictThatWasPaidIsNotCancelled();
    void booksConflictedMoneyOnce_data();
    void booksConflictedMoneyOnce();
    void refundsLateMoney_data() { TestDatabase::addKindRows(); }
    void refundsLateMoney();
    void keepsWhatIsNotRefundedYet_data();
    void keepsWhatIsNotRefundedYet();
    void aSecondChargeIsACase_data();
    void aSecondChargeIsACase();
    void cancelledAtTheGatewayByOthers_data() { TestDatabase::addKindRows(); }
    void cancelledAtTheGatewayByOthers();
};

namespace {

constexpr GatewayOperation create = GatewayOperation::CreateIntent;
constexpr GatewayOperation confirm = GatewayOperation::ConfirmIntent;
constexpr GatewayOperation cancel = GatewayOperation::CancelIntent;

#define VERIFY_NOTHING_HELD(stage)                                                                                     \
    do {                                                                                                               \
        QCOMPARE((stage).wallet(Bucket::Frozen), 0);                                                                   \
        QCOMPARE((stage).wallet(Bucket::Available), 5'000);                                                            \
        QCOMPARE((stage).stockFrozen(), 0);                                                                            \
        QCOMPARE((stage).shop.violations(), QStringList());                                                            \
    } while (false)

/// The buyer pays another amount than the one asked for, and a callback tells of it.
void payAnother(PaymentStage& stage, const Money& amount)
{
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.gateway.setAmount(stage.intent().id, amount);
    stage.shop.gateway.takeCallbacks();
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.intent())});
    stage.shop.runDue();
}

#define VERIFY_SUSPENDED_ONCE(stage, amount)                                                                           \
    do {                                                                                                               \
        const Currency currency = (amount).currency();                                                                 \
        QCOMPARE((stage).shop.balance(AccountRef::system(AccountKind::Suspense, currency), Bucket::Available), amount);                \
        QCOMPARE((stage).shop.balance(AccountRef::system(AccountKind::Clearing, currency), Bucket::Available).minor(), -(amount).minor()); \
        const QString key = QStringLiteral("conflict:%1").arg((stage).shop.paymentOf((stage).order).id.value());       \
        QCOMPARE((stage).shop.rows<LedgerEntry>(QStringLiteral("WHERE idempotency_key = ?"), {key}).size(), std::size_t{1});           \
        QCOMPARE((stage).shop.violations(), QStringList());                                                            \
    } while (false)

} // namespace

void TestPaymentProcess::walletAloneNeedsNoGateway()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place(Funding::Wallet);
    QCOMPARE(stage.wallet(Bucket::Frozen), 2'000);
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QVERIFY(stage.shop.gateway.calls().empty());
    QCOMPARE(stage.wallet(Bucket::Available), 3'000);
    QCOMPARE(stage.shop.balance(AccountRef::merchant(stage.merchant, Currency()), Bucket::Frozen), usd(1'800));
    QCOMPARE(stage.system(AccountKind::Fees), 200);
    QCOMPARE(stage.shop.violations(), QStringList());
    // A week later the merchant has it.
    stage.shop.runUntilQuiet(Duration::days(8));
    QCOMPARE(stage.shop.balance(AccountRef::merchant(stage.merchant, Currency()), Bucket::Available), usd(1'800));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestPaymentProcess::aDeclineIsCancelledAtTheGatewayFirst()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::Decline});
    stage.place();
    QVERIFY(stage.shop.runRound());
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.state(), QStringLiteral("payment_failed"));
    QCOMPARE(stage.payment(), QStringLiteral("failed"));
    QCOMPARE(stage.shop.paymentOf(stage.order).declineCode, QStringLiteral("insufficient_funds"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::aCancelBeforeTheFirstByteWithdraws()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    CF_COMPARE_ENUM(stage.shop.apply(stage.order, QStringLiteral("cancel.requested")), EventOutcome::Applied);
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, create).front().state, ExchangeState::Withdrawn);
    stage.shop.runUntilQuiet(Duration::hours(2));
    QVERIFY(stage.shop.gateway.calls().empty());
    QCOMPARE(stage.payment(), QStringLiteral("cancelled"));
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::aCancelThatLosesToSuccess_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("actor");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QStringList>("cases");
    QTest::addColumn<qint64>("wallet");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        const QString asked = QStringLiteral("cancel.requested");
        const QStringList review{QStringLiteral("order_review")};
        QTest::addRow("%s: the buyer's", name) << kind << asked << QStringLiteral("api:shop") << QStringLiteral("refunded") << QStringList() << qint64{5'000};
        QTest::addRow("%s: an operator's", name) << kind << asked << QStringLiteral("operator:ada") << QStringLiteral("review") << review << qint64{4'000};
        QTest::addRow("%s: a deadline's", name) << kind << QStringLiteral("timeout.payment") << QStringLiteral("worker") << QStringLiteral("fulfilling") << QStringList() << qint64{4'000};
    }
}

void TestPaymentProcess::aCancelThatLosesToSuccess()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const QString, event);
    QFETCH(const QString, actor);
    QFETCH(const QString, state);
    QFETCH(const QStringList, cases);
    QFETCH(const qint64, wallet);
    PaymentStage stage(kind);
    stage.place();
    QVERIFY(stage.shop.runRound());
    const auto answers = stage.send();
    QCOMPARE(stage.charges(), 1);
    stage.shop.apply(stage.order, event, actor);
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    stage.apply(answers);
    stage.shop.runUntilQuiet(Duration::hours(2));
    QCOMPARE(stage.state(), state);
    QCOMPARE(stage.payment(), QStringLiteral("succeeded"));
    QCOMPARE(stage.shop.openCases(), cases);
    QCOMPARE(stage.wallet(Bucket::Available), wallet);
    QCOMPARE(stage.intent().refundedMinor, wallet - 4'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestPaymentProcess::aCancelOfAnUnknownCreateWaitsForTheTruth_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: it was created", name) << kind << static_cast<int>(Fault::UnknownAfter);
        QTest::addRow("%s: it was not", name) << kind << static_cast<int>(Fault::UnknownBefore);
    }
}

void TestPaymentProcess::aCancelOfAnUnknownCreateWaitsForTheTruth()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {static_cast<Fault>(fault)});
    stage.place();
    QVERIFY(stage.shop.runRound());
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.runUntilQuiet(Duration::minutes(30));
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    QCOMPARE(stage.calls(confirm), 0);
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::expiresWhenTheBuyerDoesNothing()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::RequiresAction});
    stage.place();
    stage.shop.runUntilQuiet(Duration::minutes(14));
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.runUntilQuiet(Duration::minutes(2));
    QCOMPARE(stage.state(), QStringLiteral("expired"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    QCOMPARE(stage.shop.openCases(), QStringList());
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::cancelsAgainWhatWasBeingProcessed()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::Processing});
    stage.place();
    stage.shop.runUntilQuiet(Duration::minutes(20));
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    QCOMPARE(stage.calls(cancel), 1);
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, cancel).front().state, ExchangeState::Refused);
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    // The bank gives up; the object is open again and must not stay so.
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::RequiresPaymentMethod, QStringLiteral("processing_error"));
    stage.shop.runUntilQuiet(Duration::minutes(20));
    QCOMPARE(stage.calls(cancel), 2);
    QVERIFY(stage.keys(cancel)[0] != stage.keys(cancel)[1]);
    QCOMPARE(stage.state(), QStringLiteral("expired"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::goesToReviewWhenTheGatewayStaysSilent()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::Processing});
    stage.place();
    stage.shop.runUntilQuiet(Duration::minutes(80));
    QCOMPARE(stage.state(), QStringLiteral("review"));
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("order_review")});
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    // It keeps asking, and success still counts.
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.runUntilQuiet(Duration::minutes(10));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestPaymentProcess::anotherAmountIsAConflict()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::WrongAmount});
    stage.place();
    stage.shop.runUntilQuiet(Duration::hours(2));
    QCOMPARE(stage.state(), QStringLiteral("review"));
    QCOMPARE(stage.payment(), QStringLiteral("conflicted"));
    QCOMPARE(stage.calls(confirm), 0);
    QCOMPARE(stage.shop.openCases(), QStringList({QStringLiteral("amount_conflict"), QStringLiteral("order_review")}));
    const auto conflict = stage.shop.rows<InterventionCase>(QStringLiteral("WHERE kind = 'amount_conflict'")).front();
    CF_COMPARE_ENUM(conflict.severity, CaseSeverity::Critical);
    QVERIFY2(conflict.detail.contains(QStringLiteral("10.00 USD")) && conflict.detail.contains(QStringLiteral("10.01 USD")), qPrintable(conflict.detail));
    CF_COMPARE_ENUM(stage.shop.tccOf(stage.order).decision, TccDecision::Trying);
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    QCOMPARE(stage.stockFrozen(), 2);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestPaymentProcess::aConflictCanBeCancelled()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::WrongAmount});
    stage.place();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("review"));
    CF_COMPARE_ENUM(stage.shop.apply(stage.order, QStringLiteral("cancel.requested"), QStringLiteral("operator:sue")), EventOutcome::Applied);
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    QCOMPARE(stage.payment(), QStringLiteral("cancelled"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    QCOMPARE(stage.calls(cancel), 1);
    QCOMPARE(stage.calls(confirm), 0);
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::aConflictThatWasPaidIsNotCancelled()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    payAnother(stage, usd(1'500));
    QCOMPARE(stage.state(), QStringLiteral("review"));
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"), QStringLiteral("operator:sue"));
    stage.shop.runUntilQuiet(Duration::hours(2));
    // The gateway refuses: the money is there, and a person has to decide what becomes of it.
    QCOMPARE(stage.calls(cancel), 1);
    QCOMPARE(stage.state(), QStringLiteral("review"));
    QCOMPARE(stage.payment(), QStringLiteral("conflicted"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    QCOMPARE(stage.stockFrozen(), 2);
    VERIFY_SUSPENDED_ONCE(stage, usd(1'500));
}

void TestPaymentProcess::booksConflictedMoneyOnce_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("cancelledBefore");
    QTest::addColumn<Money>("amount");
    const Money euros(qint64{1'000}, *Currency::parse(u"EUR"));
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: less", name) << kind << false << usd(999);
        QTest::addRow("%s: more", name) << kind << false << usd(1'500);
        QTest::addRow("%s: another currency", name) << kind << false << euros;
        QTest::addRow("%s: after it was cancelled", name) << kind << true << usd(999);
        QTest::addRow("%s: another currency after it was cancelled", name) << kind << true << euros;
    }
}

void TestPaymentProcess::booksConflictedMoneyOnce()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, cancelledBefore);
    QFETCH(const Money, amount);
    PaymentStage stage(kind);
    stage.placeWaiting();
    if (cancelledBefore) {
        stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
        stage.shop.runDue();
        QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    }
    payAnother(stage, amount);
    VERIFY_SUSPENDED_ONCE(stage, amount);
    QCOMPARE(stage.payment(), QStringLiteral("conflicted"));
    // Told again, and asked again.
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.intent())});
    stage.shop.runUntilQuiet(Duration::hours(1));
    VERIFY_SUSPENDED_ONCE(stage, amount);
    QCOMPARE(stage.state(), cancelledBefore ? QStringLiteral("cancelled") : QStringLiteral("review"));
    const QStringList cases{QStringLiteral("amount_conflict"), QStringLiteral("order_review")};
    QCOMPARE(stage.shop.openCases(), cancelledBefore ? QStringList{cases.front()} : cases);
    QCOMPARE(stage.shop.runner().statistics().jobsParked, qint64{0});
    QCOMPARE(stage.wallet(Bucket::Frozen), cancelledBefore ? 0 : 1'000);
    QCOMPARE(stage.stockFrozen(), cancelledBefore ? 0 : 2);
    // Nothing is refunded unasked.
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 0);
}

void TestPaymentProcess::refundsLateMoney()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::RequiresAction});
    stage.place();
    stage.shop.runDue();
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    const auto callbacks = stage.shop.gateway.takeCallbacks();
    stage.shop.deliver(callbacks);
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.system(AccountKind::Clearing), -1'000);
    QCOMPARE(stage.system(AccountKind::Suspense), 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("late_success")});
    // Told twice, it is refunded once.
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.intent())});
    stage.shop.runUntilQuiet(Duration::hours(1));
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 1);
    QCOMPARE(stage.intent().refundedMinor, 1'000);
    QCOMPARE(stage.system(AccountKind::Clearing), 0);
    QCOMPARE(stage.system(AccountKind::Suspense), 0);
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::keepsWhatIsNotRefundedYet_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    QTest::addColumn<qint64>("suspense");
    QTest::addColumn<QStringList>("cases");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        const QString late = QStringLiteral("late_success");
        const QString open = QStringLiteral("refund_open");
        QTest::addRow("%s: succeeded", name) << kind << static_cast<int>(Fault::None) << qint64{0} << QStringList{late};
        QTest::addRow("%s: pending", name) << kind << static_cast<int>(Fault::Pending) << qint64{1'000} << QStringList{late, open};
        QTest::addRow("%s: failed", name) << kind << static_cast<int>(Fault::RefundFailed) << qint64{1'000} << QStringList{late, open};
    }
}

void TestPaymentProcess::keepsWhatIsNotRefundedYet()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    QFETCH(const qint64, suspense);
    QFETCH(const QStringList, cases);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    stage.shop.runDue();
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {static_cast<Fault>(fault)});
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    stage.shop.runUntilQuiet(Duration::hours(2));
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 1);
    const GatewayExchange refund = stage.shop.exchangesOf(stage.order, GatewayOperation::CreateRefund).front();
    CF_COMPARE_ENUM(refund.state, ExchangeState::Answered);
    QVERIFY(refund.gatewayRef.startsWith(QStringLiteral("re_")));
    QCOMPARE(stage.system(AccountKind::Suspense), suspense);
    QCOMPARE(stage.system(AccountKind::Clearing), -suspense);
    QCOMPARE(stage.shop.openCases(), cases);
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    VERIFY_NOTHING_HELD(stage);
}

void TestPaymentProcess::aSecondChargeIsACase_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("paid");
    QTest::addColumn<qint64>("amount");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: while the first is open", name) << kind << false << qint64{1'000};
        QTest::addRow("%s: after the first was paid", name) << kind << true << qint64{1'000};
        QTest::addRow("%s: over another amount", name) << kind << true << qint64{999};
    }
}

void TestPaymentProcess::aSecondChargeIsACase()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, paid);
    QFETCH(const qint64, amount);
    PaymentStage stage(kind);
    if (!paid) {
        stage.shop.gateway.script(confirm, {Fault::RequiresAction});
    }
    stage.place();
    stage.shop.runDue();
    ModelGateway::Intent second = stage.intent();
    second.id = QStringLiteral("pi_second");
    second.status = IntentStatus::Succeeded;
    second.amount = second.received = usd(amount);
    stage.shop.deliver({stage.shop.gateway.callbackOf(second)});
    stage.shop.runDue();
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("second_charge")});
    QCOMPARE(stage.shop.paymentOf(stage.order).gatewayRef, stage.intent().id);
    QCOMPARE(stage.state(), paid ? QStringLiteral("fulfilling") : QStringLiteral("paying"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestPaymentProcess::cancelledAtTheGatewayByOthers()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::RequiresAction});
    stage.place();
    stage.shop.runDue();
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Canceled);
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("payment_failed"));
    QCOMPARE(stage.payment(), QStringLiteral("cancelled"));
    QCOMPARE(stage.calls(cancel), 0);
    VERIFY_NOTHING_HELD(stage);
}

QTEST_GUILESS_MAIN(TestPaymentProcess)
#include "tst_payment_process.moc"
