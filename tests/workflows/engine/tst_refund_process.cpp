// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/engine/refund_stage.h"

#include <QTest>

using namespace counterfoil;

/// How a refund of a paid order ends, by what the gateway reports (10-domain, 30-gateway).
class TestRefundProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void givesAllBackThroughTheGateway_data() { TestDatabase::addKindRows(); }
    void givesAllBackThroughTheGateway();
    void whatFailsIsGivenBackAsItWas_data();
    void whatFailsIsGivenBackAsItWas();
    void anUnknownOutcomeIsOnlyAskedAbout_data();
    void anUnknownOutcomeIsOnlyAskedAbout();
    void aRefundThatNeverCameIsAskedAboutAndHasACase_data();
    void aRefundThatNeverCameIsAskedAboutAndHasACase();
    void whatWasNotSentIsSentLater_data();
    void whatWasNotSentIsSentLater();
    void aCrashBeforeTheAnswerAsks_data() { TestDatabase::addKindRows(); }
    void aCrashBeforeTheAnswerAsks();
    void aPendingRefundWaits_data();
    void aPendingRefundWaits();
    void theCallbackMayComeFirst_data() { TestDatabase::addKindRows(); }
    void theCallbackMayComeFirst();
    void theCallbackMayBeAllThatComes_data() { TestDatabase::addKindRows(); }
    void theCallbackMayBeAllThatComes();
    void aCallbackThatLiesIsNotBelieved_data() { TestDatabase::addKindRows(); }
    void aCallbackThatLiesIsNotBelieved();
    void moneyThatComesBackIsInSuspense_data() { TestDatabase::addKindRows(); }
    void moneyThatComesBackIsInSuspense();
    void moneyThatLeavesAfterAFailureIsACase_data() { TestDatabase::addKindRows(); }
    void moneyThatLeavesAfterAFailureIsACase();
    void anotherAmountIsAConflict_data() { TestDatabase::addKindRows(); }
    void anotherAmountIsAConflict();
    void aKeyThatIsKnownOtherwiseIsAskedAbout_data() { TestDatabase::addKindRows(); }
    void aKeyThatIsKnownOtherwiseIsAskedAbout();
    void aSecondObjectIsACase_data() { TestDatabase::addKindRows(); }
    void aSecondObjectIsACase();
    void otherRefundsAreNotOurs_data() { TestDatabase::addKindRows(); }
    void otherRefundsAreNotOurs();
};

namespace {

constexpr GatewayOperation create = GatewayOperation::CreateRefund;
constexpr GatewayOperation fetch = GatewayOperation::FetchRefund;
constexpr GatewayOperation list = GatewayOperation::FindRefund;

const QString refusedCase = QStringLiteral("refund_refused");

QByteArray nameOf(DatabaseKind kind, const char* what)
{
    return QByteArray(kind == DatabaseKind::Sqlite ? "sqlite: " : "postgresql: ") + what;
}

/// A refund of 10.00 that the gateway reports as pending, its callback taken away.
TransactionId pendingRefund(RefundStage& stage)
{
    stage.pay(Funding::Both);
    stage.shop.gateway.script(create, {Fault::Pending});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runDue();
    stage.shop.gateway.takeCallbacks();
    require(stage.status(refund) == u"processing" && !stage.transaction(refund).gatewayRef.isEmpty(), "the refund is pending");
    return refund;
}

#define VERIFY_REFUNDED_ONCE(stage, refund, amount)                                                                    \
    do {                                                                                                               \
        QCOMPARE((stage).status(refund), QStringLiteral("succeeded"));                                                 \
        QCOMPARE((stage).decision(refund), QStringLiteral("confirmed"));                                               \
        QCOMPARE((stage).calls(create), 1);                                                                            \
        QCOMPARE((stage).refunded(), qint64{amount});                                                                  \
        QCOMPARE((stage).held(HoldReason::Refund), 0);                                                                 \
        QCOMPARE((stage).shop.gateway.refundsOf((refund).toText()).size(), std::size_t{1});                            \
        QCOMPARE((stage).shop.violations(), QStringList());                                                            \
    } while (false)

#define VERIFY_NOT_REFUNDED(stage, refund)                                                                             \
    do {                                                                                                               \
        QCOMPARE((stage).status(refund), QStringLiteral("failed"));                                                    \
        QCOMPARE((stage).decision(refund), QStringLiteral("cancelled"));                                               \
        QCOMPARE((stage).refunded(), qint64{0});                                                                       \
        QCOMPARE((stage).held(HoldReason::Refund), 0);                                                                 \
        QCOMPARE((stage).shop.violations(), QStringList());                                                            \
    } while (false)

} // namespace

void TestRefundProcess::givesAllBackThroughTheGateway()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const qint64 held = stage.held(HoldReason::Settlement);
    const TransactionId refund = stage.refundAll();
    QCOMPARE(stage.held(HoldReason::Refund), held);
    QCOMPARE(stage.held(HoldReason::Settlement), 0);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runDue();
    VERIFY_REFUNDED_ONCE(stage, refund, 2'999);
    QCOMPARE(stage.state(), QStringLiteral("refunded"));
    QCOMPARE(stage.system(AccountKind::Clearing), 0);
    QCOMPARE(stage.system(AccountKind::Fees), 0);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Frozen) + stage.merchant(stage.beta, Bucket::Frozen), 0);
    QCOMPARE(stage.shop.openCases(), QStringList());
    const GatewayRequest& sent = stage.shop.gateway.calls().back();
    QCOMPARE(sent.objectId, stage.shop.paymentOf(stage.order).gatewayRef);
    QCOMPARE(sent.transactionRef, refund.toText());
}

void TestRefundProcess::whatFailsIsGivenBackAsItWas_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("refused");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::newRow(nameOf(kind, "refused").constData()) << kind << true;
        QTest::newRow(nameOf(kind, "made and failed").constData()) << kind << false;
    }
}

void TestRefundProcess::whatFailsIsGivenBackAsItWas()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, refused);
    RefundStage stage(kind);
    stage.pay();
    const qint64 held = stage.held(HoldReason::Settlement);
    if (refused) {
        // Somebody refunded it at the gateway, past us.
        GatewayRequest byHand;
        byHand.operation = create;
        byHand.idempotencyKey = QStringLiteral("by hand");
        byHand.objectId = stage.shop.paymentOf(stage.order).gatewayRef;
        byHand.amount = usd(2'999);
        stage.shop.gateway.answer(byHand);
    } else {
        stage.shop.gateway.script(create, {Fault::RefundFailed});
    }
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runDue();
    VERIFY_NOT_REFUNDED(stage, refund);
    QCOMPARE(stage.held(HoldReason::Settlement), held);
    QCOMPARE(stage.shop.openCases(), QStringList{refusedCase});
    QCOMPARE(stage.news().back(), QStringLiteral("refund.cancelled noted"));
    QCOMPARE(stage.transaction(refund).declineCode, refused ? QStringLiteral("charge_already_refunded") : QString());
    // It is released on its own date.
    stage.shop.runUntilQuiet(Duration::days(8));
    QCOMPARE(stage.held(HoldReason::Settlement), 0);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available) + stage.merchant(stage.beta, Bucket::Available), held);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::anUnknownOutcomeIsOnlyAskedAbout_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::newRow(nameOf(kind, "the answer was lost").constData()) << kind << static_cast<int>(Fault::UnknownAfter);
        QTest::newRow(nameOf(kind, "an error that is stored").constData()) << kind << static_cast<int>(Fault::StoredErrorAfter);
    }
}

void TestRefundProcess::anUnknownOutcomeIsOnlyAskedAbout()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(create, {static_cast<Fault>(fault)});
    stage.shop.gateway.script(list, {Fault::NotSent, Fault::UnknownBefore});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runDue();
    QCOMPARE(stage.status(refund), QStringLiteral("unknown"));
    QVERIFY(stage.held(HoldReason::Refund) > 0);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runUntilQuiet(Duration::minutes(5));
    QCOMPARE(stage.calls(list), 3);
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestRefundProcess::aRefundThatNeverCameIsAskedAboutAndHasACase_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::newRow(nameOf(kind, "lost on its way").constData()) << kind << static_cast<int>(Fault::UnknownBefore);
        QTest::newRow(nameOf(kind, "an error that is stored").constData()) << kind << static_cast<int>(Fault::StoredErrorBefore);
    }
}

void TestRefundProcess::aRefundThatNeverCameIsAskedAboutAndHasACase()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(create, {static_cast<Fault>(fault)});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runUntilQuiet(Duration::minutes(10));
    QCOMPARE(stage.shop.openCases(), QStringList());
    stage.shop.runUntilQuiet(Duration::hours(30));
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("refund_unknown")});
    // It is neither sent again nor given up, and what it holds stays held.
    QCOMPARE(stage.calls(create), 1);
    QVERIFY(stage.calls(list) > 30);
    QCOMPARE(stage.status(refund), QStringLiteral("unknown"));
    QCOMPARE(stage.decision(refund), QStringLiteral("trying"));
    QVERIFY(stage.held(HoldReason::Refund) > 0);
    QCOMPARE(stage.shop.violations(), QStringList());
    // The request was on its way all the time.
    GatewayRequest late = *std::ranges::find(stage.shop.gateway.calls(), create, &GatewayRequest::operation);
    if (static_cast<Fault>(fault) == Fault::UnknownBefore) {
        stage.shop.gateway.answer(late);
        stage.shop.gateway.takeCallbacks();
        stage.shop.runUntilQuiet(Duration::hours(2));
        QCOMPARE(stage.status(refund), QStringLiteral("succeeded"));
        QCOMPARE(stage.refunded(), 1'000);
        QCOMPARE(stage.shop.violations(), QStringList());
    }
}

void TestRefundProcess::whatWasNotSentIsSentLater_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::newRow(nameOf(kind, "no connection").constData()) << kind << static_cast<int>(Fault::NotSent);
        QTest::newRow(nameOf(kind, "our key is not accepted").constData()) << kind << static_cast<int>(Fault::Unauthenticated);
        QTest::newRow(nameOf(kind, "our circuit is open").constData()) << kind << static_cast<int>(Fault::CircuitOpen);
    }
}

void TestRefundProcess::whatWasNotSentIsSentLater()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(create, {static_cast<Fault>(fault), static_cast<Fault>(fault)});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runUntilQuiet(Duration::minutes(10));
    QCOMPARE(stage.status(refund), QStringLiteral("succeeded"));
    QCOMPARE(stage.calls(create), 3);
    QCOMPARE(stage.refunded(), 1'000);
    QCOMPARE(stage.shop.gateway.refunds().size(), std::size_t{1});
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::aCrashBeforeTheAnswerAsks()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const TransactionId refund = stage.refund(1'000);
    // Sent, and the worker dies with the answer.
    QCOMPARE(stage.send().size(), std::size_t{1});
    stage.shop.gateway.takeCallbacks();
    stage.shop.restartRunner(QStringLiteral("another"));
    stage.shop.clock.advance(Duration::seconds(6));
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.status(refund), QStringLiteral("unknown"));
    stage.shop.runUntilQuiet(Duration::minutes(1));
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    QCOMPARE(stage.calls(list), 1);
}

void TestRefundProcess::aPendingRefundWaits_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("end");
    QTest::addColumn<bool>("byCallback");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::newRow(nameOf(kind, "succeeds, asked").constData()) << kind << QStringLiteral("succeeded") << false;
        QTest::newRow(nameOf(kind, "succeeds, told").constData()) << kind << QStringLiteral("succeeded") << true;
        QTest::newRow(nameOf(kind, "fails, asked").constData()) << kind << QStringLiteral("failed") << false;
        QTest::newRow(nameOf(kind, "fails, told").constData()) << kind << QStringLiteral("failed") << true;
        QTest::newRow(nameOf(kind, "is cancelled, told").constData()) << kind << QStringLiteral("canceled") << true;
    }
}

void TestRefundProcess::aPendingRefundWaits()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const QString, end);
    QFETCH(const bool, byCallback);
    RefundStage stage(kind);
    const TransactionId refund = pendingRefund(stage);
    stage.shop.runUntilQuiet(Duration::hours(20));
    QVERIFY(stage.calls(fetch) > 10 && stage.calls(fetch) < 60);
    QCOMPARE(stage.status(refund), QStringLiteral("processing"));
    QCOMPARE(stage.shop.openCases(), QStringList());
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, end);
    const auto callbacks = stage.shop.gateway.takeCallbacks();
    if (byCallback) {
        stage.shop.deliver(callbacks);
        QVERIFY(stage.shop.runRound(0));
    } else {
        stage.shop.runUntilQuiet(Duration::hours(2));
    }
    if (end == u"succeeded") {
        VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    } else {
        VERIFY_NOT_REFUNDED(stage, refund);
        QCOMPARE(stage.shop.openCases(), QStringList{refusedCase});
    }
    // Told again, asked again.
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.shop.gateway.refunds().front())});
    stage.shop.runUntilQuiet(Duration::hours(2));
    QCOMPARE(stage.refunded(), end == u"succeeded" ? 1'000 : 0);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::theCallbackMayComeFirst()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const TransactionId refund = stage.refund(1'000);
    const auto answers = stage.send();
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.status(refund), QStringLiteral("succeeded"));
    stage.apply(answers);
    stage.shop.runUntilQuiet(Duration::hours(1));
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestRefundProcess::theCallbackMayBeAllThatComes()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const TransactionId refund = stage.refund(1'000);
    QCOMPARE(stage.send().size(), std::size_t{1});
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    // The worker that sent it is lost: nothing is unknown about it for all that.
    stage.shop.restartRunner(QStringLiteral("another"));
    stage.shop.clock.advance(Duration::seconds(6));
    stage.shop.runUntilQuiet(Duration::hours(1));
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    QCOMPARE(stage.calls(list) + stage.calls(fetch), 0);
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestRefundProcess::aCallbackThatLiesIsNotBelieved()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    const TransactionId refund = pendingRefund(stage);
    stage.shop.gateway.setCallbacksLie(true);
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, QStringLiteral("succeeded"));
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.status(refund), QStringLiteral("processing"));
    const int asked = stage.calls(fetch);
    stage.shop.runDue();
    QCOMPARE(stage.calls(fetch), asked + 1);
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestRefundProcess::moneyThatComesBackIsInSuspense()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runDue();
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
    const qint64 clearing = stage.system(AccountKind::Clearing);
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, QStringLiteral("failed"));
    const auto told = stage.shop.gateway.takeCallbacks();
    stage.shop.deliver(told);
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.shop.gateway.refunds().front())});
    stage.shop.runUntilQuiet(Duration::hours(1));
    QCOMPARE(stage.system(AccountKind::Suspense), 1'000);
    QCOMPARE(stage.system(AccountKind::Clearing), clearing - 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("refund_returned")});
    // For the buyer and the merchants it has happened; a person pays the buyer another way.
    VERIFY_REFUNDED_ONCE(stage, refund, 1'000);
}

void TestRefundProcess::moneyThatLeavesAfterAFailureIsACase()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(create, {Fault::RefundFailed});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runDue();
    VERIFY_NOT_REFUNDED(stage, refund);
    const qint64 clearing = stage.system(AccountKind::Clearing);
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, QStringLiteral("succeeded"));
    const auto told = stage.shop.gateway.takeCallbacks();
    stage.shop.deliver(told);
    stage.shop.deliver({stage.shop.gateway.callbackOf(stage.shop.gateway.refunds().front())});
    stage.shop.runUntilQuiet(Duration::hours(1));
    QCOMPARE(stage.system(AccountKind::Suspense), -1'000);
    QCOMPARE(stage.system(AccountKind::Clearing), clearing + 1'000);
    QCOMPARE(stage.shop.openCases(), QStringList({QStringLiteral("refund_late"), refusedCase}));
    VERIFY_NOT_REFUNDED(stage, refund);
}

void TestRefundProcess::anotherAmountIsAConflict()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const TransactionId refund = stage.refund(1'000);
    auto answers = stage.send();
    answers.front().answer.refund->amount = usd(900);
    stage.apply(answers);
    stage.shop.runUntilQuiet(Duration::hours(2));
    QCOMPARE(stage.status(refund), QStringLiteral("conflicted"));
    QCOMPARE(stage.decision(refund), QStringLiteral("trying"));
    QVERIFY(stage.held(HoldReason::Refund) > 0);
    QCOMPARE(stage.calls(create), 1);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("amount_conflict")});
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::aKeyThatIsKnownOtherwiseIsAskedAbout()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(create, {Fault::KeyReused});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runUntilQuiet(Duration::hours(1));
    QCOMPARE(stage.status(refund), QStringLiteral("unknown"));
    QCOMPARE(stage.calls(create), 1);
    QVERIFY(stage.calls(list) > 3);
    QCOMPARE(stage.shop.openCases(), QStringList({QStringLiteral("integrity"), QStringLiteral("refund_unknown")}));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::aSecondObjectIsACase()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    const TransactionId refund = pendingRefund(stage);
    ModelGateway::Refund second = stage.shop.gateway.refunds().front();
    second.id = QStringLiteral("re_second");
    second.status = QStringLiteral("succeeded");
    stage.shop.deliver({stage.shop.gateway.callbackOf(second)});
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("second_refund")});
    QCOMPARE(stage.status(refund), QStringLiteral("processing"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundProcess::otherRefundsAreNotOurs()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    ModelGateway::Refund other{QStringLiteral("re_other"), stage.shop.paymentOf(stage.order).gatewayRef, QStringLiteral("succeeded"), usd(100), {}};
    stage.shop.deliver({stage.shop.gateway.callbackOf(other)});
    other.transactionRef = stage.shop.paymentOf(stage.order).id.toText();
    stage.shop.deliver({stage.shop.gateway.callbackOf(other)});
    stage.shop.runDue();
    QStringList notes;
    for (const GatewayCallback& callback : stage.shop.rows<GatewayCallback>(QStringLiteral("WHERE object_ref = 're_other' ORDER BY id"))) {
        notes << toString(callback.state) + u' ' + callback.note;
    }
    QCOMPARE(notes, QStringList({QStringLiteral("ignored no refund of ours"), QStringLiteral("ignored a refund of late money")}));
    QCOMPARE(stage.refunded(), 0);
    QCOMPARE(stage.shop.violations(), QStringList());
}

QTEST_GUILESS_MAIN(TestRefundProcess)
#include "tst_refund_process.moc"
