// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/engine/payment_stage.h"
#include "workflows/services/callback_intake.h"

#include <QTest>

using namespace counterfoil;

/// Callbacks are stored first and applied by a job; their content is a hint (30-gateway).
class TestCallbacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void confirmsWithoutAQuestion_data() { TestDatabase::addKindRows(); }
    void confirmsWithoutAQuestion();
    void dropsDuplicates_data() { TestDatabase::addKindRows(); }
    void dropsDuplicates();
    void asksWhenTheAmountIsAnother_data() { TestDatabase::addKindRows(); }
    void asksWhenTheAmountIsAnother();
    void asksWhenTheStateIsNotFinal_data() { TestDatabase::addKindRows(); }
    void asksWhenTheStateIsNotFinal();
    void comesBeforeTheAnswerOfTheCreate_data() { TestDatabase::addKindRows(); }
    void comesBeforeTheAnswerOfTheCreate();
    void comesInWrongOrder_data() { TestDatabase::addKindRows(); }
    void comesInWrongOrder();
    void changesNothingThatIsFinal_data() { TestDatabase::addKindRows(); }
    void changesNothingThatIsFinal();
    void opensACaseForOneThatCantBeRead_data() { TestDatabase::addKindRows(); }
    void opensACaseForOneThatCantBeRead();
    void opensOneCaseForMoneyOfNoPayment_data() { TestDatabase::addKindRows(); }
    void opensOneCaseForMoneyOfNoPayment();
    void ignoresWhatIsNoneOfOurs_data() { TestDatabase::addKindRows(); }
    void ignoresWhatIsNoneOfOurs();
    void aPollAskedForWhileOneRunsIsNotLost_data() { TestDatabase::addKindRows(); }
    void aPollAskedForWhileOneRunsIsNotLost();
};

namespace {

constexpr GatewayOperation confirm = GatewayOperation::ConfirmIntent;
constexpr GatewayOperation fetch = GatewayOperation::FetchIntent;

QStringList callbackStates(PaymentStage& stage)
{
    QStringList states;
    for (const GatewayCallback& row : stage.shop.rows<GatewayCallback>(QStringLiteral("ORDER BY id"))) {
        states << toString(row.state);
    }
    return states;
}

} // namespace

void TestCallbacks::confirmsWithoutAQuestion()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    const int asked = stage.calls(fetch);
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    QCOMPARE(callbackStates(stage), QStringList{QStringLiteral("stored")});
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(callbackStates(stage), QStringList{QStringLiteral("applied")});
    QCOMPARE(stage.calls(fetch), asked);
    QCOMPARE(stage.shop.rows<GatewayCallback>().front().order.value(), stage.order.value());
    stage.shop.runUntilQuiet(Duration::minutes(10));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCallbacks::dropsDuplicates()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    const auto bodies = stage.shop.gateway.takeCallbacks();
    QCOMPARE(stage.shop.deliver({bodies.front(), bodies.front()}), 1);
    QCOMPARE(stage.shop.deliver(bodies), 0);
    stage.shop.runDue();
    QCOMPARE(stage.shop.deliver(bodies), 0);
    stage.shop.runDue();
    QCOMPARE(stage.shop.count(QStringLiteral("gateway_callback")), 1);
    QCOMPARE(stage.shop.count(QStringLiteral("gateway_callback_body")), 1);
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
}

void TestCallbacks::asksWhenTheAmountIsAnother()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.gateway.setCallbacksLie(true);
    ModelGateway::Intent lie = stage.intent();
    lie.status = IntentStatus::Succeeded;
    lie.received = lie.amount;
    const int asked = stage.calls(fetch);
    stage.shop.deliver({stage.shop.gateway.callbackOf(lie)});
    stage.shop.runDue();
    QCOMPARE(stage.calls(fetch), asked + 1);
    // The gateway says that nothing was paid.
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    QCOMPARE(stage.shop.openCases(), QStringList());
    // A true success with a lying callback is found out as well.
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCallbacks::asksWhenTheStateIsNotFinal()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    const int asked = stage.calls(fetch);
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Processing);
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    QCOMPARE(stage.calls(fetch), asked + 1);
    QCOMPARE(stage.state(), QStringLiteral("paying"));
}

void TestCallbacks::comesBeforeTheAnswerOfTheCreate()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    const auto answers = stage.send();
    QCOMPARE(answers.size(), std::size_t{1});
    QVERIFY(stage.shop.paymentOf(stage.order).gatewayRef.isEmpty());
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.shop.paymentOf(stage.order).gatewayRef, stage.intent().id);
    // The answer never comes; the next worker asks by id and goes on.
    stage.shop.restartRunner();
    stage.shop.clock.advance(Duration::seconds(6));
    stage.shop.runUntilQuiet(Duration::minutes(5));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.calls(GatewayOperation::CreateIntent), 1);
    QCOMPARE(stage.charges(), 1);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCallbacks::comesInWrongOrder()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Processing);
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    auto bodies = stage.shop.gateway.takeCallbacks();
    QCOMPARE(bodies.size(), std::size_t{2});
    stage.shop.deliver({bodies[1]});
    stage.shop.runDue();
    const std::size_t calls = stage.shop.gateway.calls().size();
    stage.shop.deliver({bodies[0]});
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.gateway.calls().size(), calls);
    QCOMPARE(callbackStates(stage), QStringList({QStringLiteral("applied"), QStringLiteral("applied")}));
}

void TestCallbacks::changesNothingThatIsFinal()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    ModelGateway::Intent stale = stage.intent();
    for (const IntentStatus status : {IntentStatus::Succeeded, IntentStatus::Canceled, IntentStatus::Processing}) {
        stale.status = status;
        stage.shop.deliver({stage.shop.gateway.callbackOf(stale)});
    }
    const qint64 events = stage.shop.count(QStringLiteral("order_event"));
    const qint64 entries = stage.shop.count(QStringLiteral("ledger_entry"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.count(QStringLiteral("order_event")), events);
    QCOMPARE(stage.shop.count(QStringLiteral("ledger_entry")), entries);
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestCallbacks::opensACaseForOneThatCantBeRead()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    CallbackEvent event;
    event.eventId = QStringLiteral("evt_odd");
    event.type = QStringLiteral("odd");
    const std::vector<VerifiedCallback> odd{{event, QByteArray("{\"id\":")}};
    CF_VERIFY_OK(storeCallbacks(stage.shop.connection(), stage.shop.clock, stage.shop.ids, odd));
    stage.shop.runDue();
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("callback_unreadable")});
    QCOMPARE(callbackStates(stage), QStringList{QStringLiteral("case")});
    QCOMPARE(stage.shop.rows<CallbackBody>().front().body, QStringLiteral("{\"id\":"));
}

void TestCallbacks::opensOneCaseForMoneyOfNoPayment()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    ModelGateway::Intent foreign;
    foreign.id = QStringLiteral("pi_foreign");
    foreign.status = IntentStatus::Succeeded;
    foreign.amount = foreign.received = usd(4'200);
    stage.shop.deliver({stage.shop.gateway.callbackOf(foreign)});
    stage.shop.runDue();
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("unknown_payment")});
    QVERIFY(stage.shop.rows<InterventionCase>().front().detail.contains(QStringLiteral("42.00 USD")));
    // A second event about it comes in a later batch.
    stage.shop.deliver({stage.shop.gateway.callbackOf(foreign)});
    stage.shop.runDue();
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("unknown_payment")});
    QCOMPARE(callbackStates(stage), QStringList({QStringLiteral("case"), QStringLiteral("case")}));
    QCOMPARE(stage.shop.runner().statistics().jobsParked, qint64{0});
}

void TestCallbacks::ignoresWhatIsNoneOfOurs()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    ModelGateway::Intent foreign;
    foreign.id = QStringLiteral("pi_foreign");
    foreign.status = IntentStatus::Processing;
    foreign.amount = usd(4'200);
    foreign.received = usd(0);
    const QByteArray balance(R"({"id":"evt_b","type":"balance.available","created":1714564800,"livemode":false,"data":{"object":{"object":"balance"}}})");
    stage.shop.deliver({stage.shop.gateway.callbackOf(foreign), balance});
    stage.shop.runDue();
    QCOMPARE(callbackStates(stage), QStringList({QStringLiteral("ignored"), QStringLiteral("ignored")}));
    QCOMPARE(stage.shop.openCases(), QStringList());
}

void TestCallbacks::aPollAskedForWhileOneRunsIsNotLost()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.clock.advance(Duration::minutes(1));
    const auto answers = stage.send();
    QCOMPARE(answers.size(), std::size_t{1});
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Leased);
    // While the question is under way, the buyer's bank goes on, and the callback about it can't be taken at its word.
    stage.shop.write([&](UnitOfWork& work) {
        EngineFixture::unwrap(work.loadOrders({stage.order}, OrderDepth::Full));
        for (const JobId id : work.jobs.keysWhere([](const Job& job) { return job.kind == JobKind::GatewayPoll && job.state == JobState::Leased; })) {
            work.jobs.edit(id).dueAt = work.now() + Duration::milliseconds(1);
        }
    });
    stage.shop.clock.advance(Duration::seconds(2));
    std::vector<RemoteAnswer> paid = answers;
    paid.front().answer.intent->status = IntentStatus::Succeeded;
    paid.front().answer.intent->amountReceived = usd(1'000);
    stage.apply(paid);
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Ready);
    stage.shop.runDue();
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Done);
}

QTEST_GUILESS_MAIN(TestCallbacks)
#include "tst_callbacks.moc"
