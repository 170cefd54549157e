// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/engine/payment_stage.h"

#include <QTest>

using namespace counterfoil;

/// What becomes of requests whose answer is late, lost, wrong or never comes (K3 and the rules of 30-gateway).
class TestGatewayDialogue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void createsThenConfirms_data() { TestDatabase::addKindRows(); }
    void createsThenConfirms();
    void repeatsACreateUnderItsKey_data() { TestDatabase::addKindRows(); }
    void repeatsACreateUnderItsKey();
    void findsWhatWasCreatedInTheList_data() { TestDatabase::addKindRows(); }
    void findsWhatWasCreatedInTheList();
    void createsAgainUnderItsKeyIfTheListHasNothing_data() { TestDatabase::addKindRows(); }
    void createsAgainUnderItsKeyIfTheListHasNothing();
    void asksBeforeAConfirmationIsRepeated_data();
    void asksBeforeAConfirmationIsRepeated();
    void takesANewKeyForAStoredErrorOnlyAfterPatience_data() { TestDatabase::addKindRows(); }
    void takesANewKeyForAStoredErrorOnlyAfterPatience();
    void retriesWhatWasNotSent_data() { TestDatabase::addKindRows(); }
    void retriesWhatWasNotSent();
    void triesARefusedKeyAgainWithOneCase_data() { TestDatabase::addKindRows(); }
    void triesARefusedKeyAgainWithOneCase();
    void keepsAskingWhileItIsProcessed_data() { TestDatabase::addKindRows(); }
    void keepsAskingWhileItIsProcessed();
    void recordsEveryAttempt_data() { TestDatabase::addKindRows(); }
    void recordsEveryAttempt();
    void neverSendsARefundOfUnknownOutcomeAgain_data();
    void neverSendsARefundOfUnknownOutcomeAgain();
    void asksWhenAKeyMayBeForgotten_data();
    void asksWhenAKeyMayBeForgotten();
    void neverSendsARefundWhoseKeyMayBeForgotten_data() { TestDatabase::addKindRows(); }
    void neverSendsARefundWhoseKeyMayBeForgotten();
    void sendsLateWhatWasNeverSent_data() { TestDatabase::addKindRows(); }
    void sendsLateWhatWasNeverSent();
    void parksAKeyThatWasUsedOtherwise_data();
    void parksAKeyThatWasUsedOtherwise();
    void anOpenCircuitIsNoAttempt_data() { TestDatabase::addKindRows(); }
    void anOpenCircuitIsNoAttempt();
};

namespace {

constexpr GatewayOperation create = GatewayOperation::CreateIntent;
constexpr GatewayOperation confirm = GatewayOperation::ConfirmIntent;
constexpr GatewayOperation fetch = GatewayOperation::FetchIntent;
constexpr GatewayOperation list = GatewayOperation::FindIntent;
constexpr Duration aWhile = Duration::minutes(5);

constexpr Duration overADay = Duration::hours(25);

/// The worker stands still for longer than the buyer has, but the order is to be paid all the same.
void withoutDeadline(PaymentStage& stage)
{
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE job SET state = 'cancelled' WHERE kind = 'order_timer' AND state = 'ready'")));
}

#define VERIFY_PAID_ONCE(stage)                                                                                        \
    do {                                                                                                               \
        QCOMPARE((stage).state(), QStringLiteral("fulfilling"));                                                       \
        QCOMPARE((stage).payment(), QStringLiteral("succeeded"));                                                      \
        QCOMPARE((stage).charges(), 1);                                                                                \
        QCOMPARE((stage).shop.violations(), QStringList());                                                            \
    } while (false)

} // namespace

void TestGatewayDialogue::createsThenConfirms()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    QCOMPARE(stage.state(), QStringLiteral("awaiting_payment"));
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    QCOMPARE(toString(stage.intent().status), QStringLiteral("requires_confirmation"));
    QCOMPARE(stage.intent().amount, usd(1'000));
    QVERIFY(stage.shop.runRound());
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.calls(create) + stage.calls(confirm), 2);
    QCOMPARE(stage.shop.gateway.calls().size(), std::size_t{2});
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestGatewayDialogue::repeatsACreateUnderItsKey()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::UnknownAfter});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.keys(create).size(), 2);
    QCOMPARE(stage.keys(create)[0], stage.keys(create)[1]);
    QCOMPARE(stage.shop.exchangesOf(stage.order, create).size(), std::size_t{1});
}

void TestGatewayDialogue::findsWhatWasCreatedInTheList()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::UnknownAfter, Fault::UnknownAfter, Fault::UnknownAfter});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.calls(create), 3);
    QCOMPARE(stage.calls(list), 1);
}

void TestGatewayDialogue::createsAgainUnderItsKeyIfTheListHasNothing()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::UnknownBefore, Fault::UnknownBefore, Fault::UnknownBefore});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QVERIFY(stage.calls(list) >= 1);
    QStringList keys = stage.keys(create);
    QVERIFY(keys.size() >= 4);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 1);
}

void TestGatewayDialogue::asksBeforeAConfirmationIsRepeated_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("confirmations");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: it happened", name) << kind << static_cast<int>(Fault::UnknownAfter) << 1;
        QTest::addRow("%s: it did not happen", name) << kind << static_cast<int>(Fault::UnknownBefore) << 2;
        QTest::addRow("%s: an error after the effect", name) << kind << static_cast<int>(Fault::StoredErrorAfter) << 1;
    }
}

void TestGatewayDialogue::asksBeforeAConfirmationIsRepeated()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    QFETCH(const int, confirmations);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {static_cast<Fault>(fault)});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.calls(confirm), confirmations);
    QStringList keys = stage.keys(confirm);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 1);
    // The question came between the two.
    const auto& calls = stage.shop.gateway.calls();
    QCOMPARE(toString(calls[2].operation), toString(fetch));
}

void TestGatewayDialogue::takesANewKeyForAStoredErrorOnlyAfterPatience()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::StoredErrorBefore});
    stage.place();
    stage.shop.runUntilQuiet(Duration::minutes(9));
    QStringList keys = stage.keys(confirm);
    QVERIFY(keys.size() > 1);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 1);
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    QCOMPARE(stage.charges(), 0);
    stage.shop.runUntilQuiet(Duration::minutes(6));
    keys = stage.keys(confirm);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 2);
    VERIFY_PAID_ONCE(stage);
}

void TestGatewayDialogue::retriesWhatWasNotSent()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::NotSent, Fault::NotSent, Fault::NotSent});
    stage.place();
    QVERIFY(stage.shop.runRound());
    const Job job = stage.job(JobKind::GatewaySend);
    CF_COMPARE_ENUM(job.state, JobState::Ready);
    CF_COMPARE_ENUM(job.lastErrorClass, ErrorClass::Transient);
    QVERIFY(job.dueAt >= stage.shop.clock.now());
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, create).front().state, ExchangeState::Queued);
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QStringList keys = stage.keys(create);
    QCOMPARE(keys.size(), 4);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 1);
    QCOMPARE(stage.calls(list), 0);
}

void TestGatewayDialogue::triesARefusedKeyAgainWithOneCase()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::Unauthenticated, Fault::Unauthenticated});
    stage.place();
    stage.shop.runUntilQuiet(Duration::seconds(50));
    QCOMPARE(stage.calls(create), 1);
    CF_COMPARE_ENUM(stage.job(JobKind::GatewaySend).state, JobState::Ready);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("gateway_key")});
    QCOMPARE(stage.state(), QStringLiteral("awaiting_payment"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("gateway_key")});
    QStringList keys = stage.keys(create);
    QCOMPARE(keys.size(), 3);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), 1);
}

void TestGatewayDialogue::keepsAskingWhileItIsProcessed()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::Processing});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    const int asked = stage.calls(fetch);
    QVERIFY2(asked >= 5 && asked <= 12, qPrintable(QString::number(asked)));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.calls(confirm), 1);
}

void TestGatewayDialogue::recordsEveryAttempt()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {Fault::NotSent, Fault::UnknownAfter});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    const GatewayExchange exchange = stage.shop.exchangesOf(stage.order, create).front();
    QCOMPARE(exchange.attempt, 3);
    QCOMPARE(exchange.gatewayRef, stage.intent().id);
    QStringList outcomes;
    for (const ExchangePayload& payload : stage.shop.rows<ExchangePayload>(QStringLiteral("WHERE exchange_id = ? ORDER BY attempt"), {bound(exchange.id)})) {
        outcomes << payload.outcome;
    }
    QCOMPARE(outcomes, QStringList({QStringLiteral("not_sent"), QStringLiteral("unknown"), QStringLiteral("succeeded")}));
}

void TestGatewayDialogue::neverSendsARefundOfUnknownOutcomeAgain_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("workerLost");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: the answer was lost", name) << kind << false;
        QTest::addRow("%s: the worker was lost", name) << kind << true;
    }
}

void TestGatewayDialogue::neverSendsARefundOfUnknownOutcomeAgain()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, workerLost);
    PaymentStage stage(kind);
    stage.shop.gateway.script(confirm, {Fault::RequiresAction});
    stage.place();
    stage.shop.runDue();
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    // It cannot be, but the gateway says so.
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    if (workerLost) {
        QVERIFY(stage.shop.runRound(0));
        QCOMPARE(stage.send().size(), std::size_t{1});
        stage.shop.clock.advance(Duration::seconds(6));
    } else {
        stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::UnknownAfter});
    }
    stage.shop.runUntilQuiet(Duration::hours(1));
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 1);
    QCOMPARE(stage.shop.openCases(), QStringList({QStringLiteral("late_success"), QStringLiteral("refund_unknown")}));
    // The books keep it as unidentified until a person has found out.
    QCOMPARE(stage.system(AccountKind::Suspense), 1'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestGatewayDialogue::asksWhenAKeyMayBeForgotten_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("creates");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: nothing is found", name) << kind << static_cast<int>(Fault::UnknownBefore) << 2;
        QTest::addRow("%s: it is found", name) << kind << static_cast<int>(Fault::UnknownAfter) << 1;
    }
}

void TestGatewayDialogue::asksWhenAKeyMayBeForgotten()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, fault);
    QFETCH(const int, creates);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {static_cast<Fault>(fault)});
    stage.place();
    QVERIFY(stage.shop.runRound());
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, create).front().state, ExchangeState::Queued);
    withoutDeadline(stage);
    stage.shop.clock.advance(overADay);
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(toString(stage.shop.gateway.calls()[1].operation), toString(list));
    QStringList keys = stage.keys(create);
    QCOMPARE(keys.size(), creates);
    keys.removeDuplicates();
    QCOMPARE(keys.size(), creates);
    const auto exchanges = stage.shop.exchangesOf(stage.order, create);
    QCOMPARE(exchanges.size(), static_cast<std::size_t>(creates));
    QCOMPARE(exchanges.front().attempt, 1);
    QCOMPARE(stage.shop.gateway.of(stage.ref()).size(), std::size_t{1});
}

void TestGatewayDialogue::neverSendsARefundWhoseKeyMayBeForgotten()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    stage.shop.runDue();
    stage.shop.gateway.takeCallbacks();
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::Unauthenticated});
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 1);
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, GatewayOperation::CreateRefund).front().state, ExchangeState::Queued);
    stage.shop.clock.advance(overADay);
    stage.shop.runUntilQuiet(Duration::days(2));
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 1);
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, GatewayOperation::CreateRefund).front().state, ExchangeState::Unknown);
    QVERIFY(stage.shop.openCases().contains(QStringLiteral("refund_unknown")));
    QCOMPARE(stage.system(AccountKind::Suspense), 1'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestGatewayDialogue::sendsLateWhatWasNeverSent()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    withoutDeadline(stage);
    stage.shop.clock.advance(overADay);
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.calls(create), 1);
    QCOMPARE(stage.calls(list), 0);
}

void TestGatewayDialogue::parksAKeyThatWasUsedOtherwise_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("exists");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: its object is found", name) << kind << true;
        QTest::addRow("%s: nothing is found", name) << kind << false;
    }
}

void TestGatewayDialogue::parksAKeyThatWasUsedOtherwise()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, exists);
    PaymentStage stage(kind);
    stage.shop.gateway.script(create, {exists ? Fault::UnknownAfter : Fault::UnknownBefore, Fault::KeyReused});
    stage.place();
    stage.shop.runUntilQuiet(aWhile);
    const GatewayExchange exchange = stage.shop.exchangesOf(stage.order, create).front();
    CF_COMPARE_ENUM(exchange.state, ExchangeState::Unknown);
    const auto payloads = stage.shop.rows<ExchangePayload>(QStringLiteral("WHERE exchange_id = ? ORDER BY attempt"), {bound(exchange.id)});
    QCOMPARE(payloads.size(), std::size_t{2});
    QCOMPARE(payloads.back().outcome, QStringLiteral("refused"));
    QVERIFY(!payloads.back().answer.isEmpty());
    CF_COMPARE_ENUM(stage.job(JobKind::GatewaySend).state, JobState::Parked);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("integrity")});
    CF_COMPARE_ENUM(stage.shop.rows<InterventionCase>().front().severity, CaseSeverity::Critical);
    QCOMPARE(stage.state(), QStringLiteral("awaiting_payment"));
    QCOMPARE(stage.calls(list), 0);
    // Time runs out: what the gateway has under the key decides.
    stage.shop.clock.advance(Duration::minutes(11));
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 1'000);
    stage.shop.runUntilQuiet(Duration::hours(2));
    QVERIFY(stage.calls(list) >= 1);
    QCOMPARE(stage.state(), exists ? QStringLiteral("expired") : QStringLiteral("review"));
    QCOMPARE(stage.wallet(Bucket::Frozen), exists ? 0 : 1'000);
    QCOMPARE(stage.stockFrozen(), exists ? 0 : 2);
    QCOMPARE(stage.calls(create), 2);
    if (exists) {
        QCOMPARE(toString(stage.intent().status), QStringLiteral("canceled"));
    }
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestGatewayDialogue::anOpenCircuitIsNoAttempt()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    for (int i = 0; i < 12; ++i) {
        stage.shop.gateway.script(create, {Fault::CircuitOpen});
        stage.shop.clock.set(stage.job(JobKind::GatewaySend).dueAt);
        QVERIFY(stage.shop.runRound());
        QCOMPARE(stage.calls(create), i + 1);
        const Job job = stage.job(JobKind::GatewaySend);
        CF_COMPARE_ENUM(job.state, JobState::Ready);
        QCOMPARE(job.attempt, 0);
        QVERIFY(job.dueAt > stage.shop.clock.now());
    }
    // A connection that was refused is one.
    stage.shop.gateway.script(create, {Fault::NotSent});
    stage.shop.clock.set(stage.job(JobKind::GatewaySend).dueAt);
    QVERIFY(stage.shop.runRound());
    QCOMPARE(stage.job(JobKind::GatewaySend).attempt, 1);
    QCOMPARE(stage.shop.openCases(), QStringList());
    stage.shop.runUntilQuiet(aWhile);
    VERIFY_PAID_ONCE(stage);
    QCOMPARE(stage.shop.exchangesOf(stage.order, create).size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestGatewayDialogue)
#include "tst_gateway_dialogue.moc"
