// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/at_once.h"
#include "tests/support/expect.h"
#include "tests/workflows/engine/payment_stage.h"

#include <QTest>

#include <mutex>

using namespace counterfoil;

/// Leases, batches and failures of jobs (20-engine, Jobs).
class TestJobRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void dropsTheAnswerOfALostLease_data() { TestDatabase::addKindRows(); }
    void dropsTheAnswerOfALostLease();
    void dropsTheAnswerOfAnEarlierClaim_data() { TestDatabase::addKindRows(); }
    void dropsTheAnswerOfAnEarlierClaim();
    void takesAnAnswerWhileTheLeaseIsRenewed_data() { TestDatabase::addKindRows(); }
    void takesAnAnswerWhileTheLeaseIsRenewed();
    void oneThatFailsHarmsNoOther_data();
    void oneThatFailsHarmsNoOther();
    void escalatesAfterEightAttempts_data() { TestDatabase::addKindRows(); }
    void escalatesAfterEightAttempts();
    void dropsTimersOfAnEarlierLife_data() { TestDatabase::addKindRows(); }
    void dropsTimersOfAnEarlierLife();
    void cancelsTheTimerOfALeftState_data() { TestDatabase::addKindRows(); }
    void cancelsTheTimerOfALeftState();
    void parksAgainUnderTheSameCase_data() { TestDatabase::addKindRows(); }
    void parksAgainUnderTheSameCase();
    void claimsNoMoreCallsThanThereIsRoomFor_data() { TestDatabase::addKindRows(); }
    void claimsNoMoreCallsThanThereIsRoomFor();
    void keepsAnAnswerThatCannotBe_data() { TestDatabase::addKindRows(); }
    void keepsAnAnswerThatCannotBe();
    void givesOutWhatWasPreparedBeforeAnOutage_data() { TestDatabase::addKindRows(); }
    void givesOutWhatWasPreparedBeforeAnOutage();
    void twoRunnersShareTheWork_data();
    void twoRunnersShareTheWork();
};

namespace {

QString stateOf(PaymentStage& stage, OrderId order)
{
    return stage.shop.orderOf(order).state;
}

/// From here on the database is full whenever `full` is written, and doesn't take `broken` at all.
void spoilExchanges(PaymentStage& stage, ExchangeId broken, ExchangeId full)
{
    Connection& connection = stage.shop.connection();
    const auto run = [&](const QString& statement) { EngineFixture::unwrap(connection.executeScript(statement)); };
    if (connection.kind() == DatabaseKind::Postgresql) {
        run(QStringLiteral("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                           "IF NEW.id = %1 THEN RAISE EXCEPTION 'broken' USING ERRCODE = '23514'; END IF; "
                           "IF NEW.id = %2 THEN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$")
                .arg(broken.value())
                .arg(full.value()));
        run(QStringLiteral("CREATE TRIGGER spoil BEFORE UPDATE ON gateway_exchange FOR EACH ROW EXECUTE FUNCTION spoil()"));
        return;
    }
    qint64 pages = 0;
    EngineFixture::unwrap(connection.query(QStringLiteral("PRAGMA page_count"), {}, [&](const Row& row) -> Result<void> {
        pages = row.integer(0);
        return {};
    }));
    run(QStringLiteral("CREATE TABLE filler (content BLOB)"));
    run(QStringLiteral("CREATE TRIGGER broken BEFORE UPDATE ON gateway_exchange WHEN NEW.id = %1 BEGIN SELECT RAISE(ABORT, 'broken'); END").arg(broken.value()));
    run(QStringLiteral("CREATE TRIGGER full BEFORE UPDATE ON gateway_exchange WHEN NEW.id = %1 BEGIN INSERT INTO filler VALUES (zeroblob(16000000)); END").arg(full.value()));
    EngineFixture::unwrap(connection.query(QStringLiteral("PRAGMA max_page_count = %1").arg(pages + 500), {}, [](const Row&) -> Result<void> { return {}; }));
}

void mendExchanges(PaymentStage& stage)
{
    Connection& connection = stage.shop.connection();
    const QStringList triggers = connection.kind() == DatabaseKind::Postgresql ? QStringList{QStringLiteral("spoil ON gateway_exchange")}
                                                                              : QStringList{QStringLiteral("broken"), QStringLiteral("full")};
    for (const QString& trigger : triggers) {
        EngineFixture::unwrap(connection.executeScript(QStringLiteral("DROP TRIGGER ") + trigger));
    }
}

} // namespace

void TestJobRunner::dropsTheAnswerOfALostLease()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    const auto answers = stage.send();
    QCOMPARE(answers.size(), std::size_t{1});
    stage.shop.clock.advance(Duration::seconds(6));
    // Somebody else finds that its outcome is unknown, and asks.
    QVERIFY(stage.shop.runRound(0) == false);
    QVERIFY(stage.shop.runRound());
    CF_COMPARE_ENUM(stage.shop.exchangesOf(stage.order, GatewayOperation::CreateIntent).front().state, ExchangeState::Unknown);
    stage.apply(answers);
    QCOMPARE(stage.shop.runner().statistics().answersDropped, qint64{1});
    QVERIFY(stage.shop.paymentOf(stage.order).gatewayRef.isEmpty());
    stage.shop.runUntilQuiet(Duration::minutes(5));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.calls(GatewayOperation::FindIntent), 1);
    QCOMPARE(stage.calls(GatewayOperation::CreateIntent), 1);
    QCOMPARE(stage.charges(), 1);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestJobRunner::dropsTheAnswerOfAnEarlierClaim()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(GatewayOperation::ConfirmIntent, {Fault::Processing});
    stage.place();
    stage.shop.runDue();
    stage.shop.clock.advance(Duration::minutes(1));
    const auto early = stage.send();
    QCOMPARE(early.size(), std::size_t{1});
    stage.shop.clock.advance(Duration::seconds(6));
    const auto late = stage.send();
    QCOMPARE(late.size(), std::size_t{1});
    QCOMPARE(late.front().call.job.id.value(), early.front().call.job.id.value());
    QVERIFY(late.front().call.job.epoch > early.front().call.job.epoch);
    const qint64 applied = stage.shop.runner().statistics().answersApplied;
    stage.apply(early);
    QCOMPARE(stage.shop.runner().statistics().answersDropped, qint64{1});
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Leased);
    stage.apply(late);
    QCOMPARE(stage.shop.runner().statistics().answersApplied, applied + 1);
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Ready);
}

void TestJobRunner::takesAnAnswerWhileTheLeaseIsRenewed()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    const auto answers = stage.send();
    for (int i = 0; i < 10; ++i) {
        stage.shop.clock.advance(Duration::milliseconds(1'500));
        CF_VERIFY_OK(stage.shop.runner().renew(std::array{answers.front().call.job.id}));
        QVERIFY(!stage.shop.runRound());
    }
    stage.apply(answers);
    QCOMPARE(stage.shop.runner().statistics().answersDropped, qint64{0});
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
}

void TestJobRunner::oneThatFailsHarmsNoOther_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("whenWriting");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        QTest::addRow("%s: in memory", name) << kind << false;
        QTest::addRow("%s: when it is written", name) << kind << true;
    }
}

void TestJobRunner::oneThatFailsHarmsNoOther()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, whenWriting);
    PaymentStage stage(kind);
    const OrderId before = stage.place(Funding::Wallet, QStringLiteral("A-1"));
    const OrderId broken = stage.place(Funding::Wallet, QStringLiteral("A-2"));
    const TccId gid = stage.shop.tccOf(broken).gid;
    if (whenWriting) {
        // The key of the entry that it is about to book is taken.
        stage.shop.write([&](UnitOfWork& work) {
            for (int n = 1; n <= 2; ++n) {
                work.entries.add({work.ids().next<LedgerEntryId>(), BranchCall{gid, n, {}, {}, {}}.key("confirm"), EntryKind::Adjustment, {}, {}, {}, work.now()});
            }
        });
    } else {
        CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE tcc_fence SET state = 'cancelled' WHERE gid = ? AND n = 1"), {bound(gid)}));
    }
    const OrderId after = stage.place(Funding::Both, QStringLiteral("A-3"));
    stage.shop.runDue();
    QCOMPARE(stateOf(stage, before), QStringLiteral("fulfilling"));
    QCOMPARE(stateOf(stage, after), QStringLiteral("fulfilling"));
    QCOMPARE(stateOf(stage, broken), QStringLiteral("awaiting_payment"));
    CF_COMPARE_ENUM(stage.shop.tccOf(broken).decision, TccDecision::Trying);
    const auto cases = stage.shop.rows<InterventionCase>();
    QCOMPARE(cases.size(), std::size_t{1});
    QCOMPARE(cases.front().kind, QStringLiteral("integrity"));
    CF_COMPARE_ENUM(cases.front().severity, CaseSeverity::Critical);
    const auto parked = stage.shop.rows<Job>(QStringLiteral("WHERE state = 'parked'"));
    QCOMPARE(parked.size(), std::size_t{1});
    CF_COMPARE_ENUM(parked.front().lastErrorClass, ErrorClass::Integrity);
    QCOMPARE(stage.shop.runner().statistics().batchesSplit, qint64{whenWriting ? 1 : 0});
}

void TestJobRunner::escalatesAfterEightAttempts()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    const auto notSent = Fault::NotSent;
    stage.shop.gateway.script(GatewayOperation::CreateIntent, {notSent, notSent, notSent, notSent, notSent, notSent, notSent});
    stage.place();
    while (stage.calls(GatewayOperation::CreateIntent) < 7) {
        stage.shop.runUntilQuiet(Duration::seconds(1));
    }
    QCOMPARE(stage.shop.openCases(), QStringList());
    stage.shop.gateway.script(GatewayOperation::CreateIntent, {notSent, notSent, notSent});
    while (stage.calls(GatewayOperation::CreateIntent) < 10) {
        stage.shop.runUntilQuiet(Duration::seconds(10));
    }
    // One case, while it goes on.
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("job_escalated")});
    CF_COMPARE_ENUM(stage.shop.rows<InterventionCase>().front().severity, CaseSeverity::Warning);
    stage.shop.runUntilQuiet(Duration::minutes(10));
    QVERIFY(stage.calls(GatewayOperation::CreateIntent) > 10);
}

void TestJobRunner::dropsTimersOfAnEarlierLife()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.shop.gateway.script(GatewayOperation::ConfirmIntent, {Fault::RequiresAction});
    stage.place();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    const qint64 version = stage.shop.orderOf(stage.order).stateVersion;
    const auto arm = [&](qint64 ofVersion, const char* key) {
        stage.shop.write([&](UnitOfWork& work) {
            Job job;
            job.id = work.ids().next<JobId>();
            job.kind = JobKind::OrderTimer;
            job.order = stage.order;
            job.subject = stage.order.value();
            job.dedupeKey = QString::fromLatin1(key);
            job.payload = QStringLiteral("%1 timeout.payment").arg(ofVersion);
            job.dueAt = job.createdAt = work.now();
            work.jobs.add(job);
        });
        stage.shop.runDue();
    };
    arm(version - 1, "old");
    QCOMPARE(stage.state(), QStringLiteral("paying"));
    CF_COMPARE_ENUM(stage.shop.rows<Job>(QStringLiteral("WHERE dedupe_key = 'old'")).front().state, JobState::Done);
    arm(version, "present");
    QCOMPARE(stage.state(), QStringLiteral("expired"));
}

void TestJobRunner::cancelsTheTimerOfALeftState()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QStringList armed;
    for (const Job& job : stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'order_timer' AND state = 'ready'"))) {
        armed << job.payload.section(u' ', 1);
    }
    QCOMPARE(armed, QStringList{QStringLiteral("timeout.fulfilment")});
    stage.shop.runUntilQuiet(Duration::days(13));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    stage.shop.runUntilQuiet(Duration::days(2));
    QCOMPARE(stage.state(), QStringLiteral("review"));
}

void TestJobRunner::parksAgainUnderTheSameCase()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.place();
    stage.shop.runDue();
    const QString close = QStringLiteral("UPDATE account SET status = ? WHERE kind = 'merchant'");
    CF_VERIFY_OK(stage.shop.connection().execute(close, {QStringLiteral("closed")}));
    stage.shop.runUntilQuiet(Duration::days(8));
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("job_parked")});
    // Tried again before the reason is gone: the case stays the only one.
    stage.retryParked();
    stage.shop.runDue();
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("job_parked")});
    CF_COMPARE_ENUM(stage.job(JobKind::SettlementRelease).state, JobState::Parked);
    CF_VERIFY_OK(stage.shop.connection().execute(close, {QStringLiteral("open")}));
    stage.retryParked();
    stage.shop.runDue();
    CF_COMPARE_ENUM(stage.job(JobKind::SettlementRelease).state, JobState::Done);
    QCOMPARE(stage.shop.balance(AccountRef::merchant(stage.merchant, Currency()), Bucket::Available), usd(1'800));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestJobRunner::claimsNoMoreCallsThanThereIsRoomFor()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    for (int i = 0; i < 5; ++i) {
        stage.place(Funding::Gateway, QStringLiteral("A-%1").arg(i));
    }
    QCOMPARE(EngineFixture::unwrap(stage.shop.runner().runDue(0)).calls.size(), std::size_t{0});
    QCOMPARE(EngineFixture::unwrap(stage.shop.runner().runDue(2)).calls.size(), std::size_t{2});
    QCOMPARE(EngineFixture::unwrap(stage.shop.runner().runDue(9)).calls.size(), std::size_t{3});
    QCOMPARE(EngineFixture::unwrap(stage.shop.runner().runDue(9)).claimed, 0);
}

void TestJobRunner::keepsAnAnswerThatCannotBe()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    stage.placeWaiting();
    stage.shop.clock.advance(Duration::minutes(1));
    auto answers = stage.send();
    QCOMPARE(answers.size(), std::size_t{1});
    stage.shop.gateway.setStatus(stage.intent().id, IntentStatus::Succeeded);
    stage.shop.deliverCallbacks();
    QVERIFY(stage.shop.runRound(0));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    // The answer on its way says that it was cancelled.
    answers.front().answer.intent->status = IntentStatus::Canceled;
    answers.front().answer.answerText = QStringLiteral("canceled");
    const ExchangeId exchange = answers.front().call.request.exchange;
    stage.apply(answers);
    CF_COMPARE_ENUM(stage.job(JobKind::GatewayPoll).state, JobState::Parked);
    QCOMPARE(stage.shop.openCases(), QStringList{QStringLiteral("integrity")});
    const auto payloads = stage.shop.rows<ExchangePayload>(QStringLiteral("WHERE exchange_id = ?"), {bound(exchange)});
    QCOMPARE(payloads.size(), std::size_t{1});
    QCOMPARE(payloads.front().answer, QStringLiteral("canceled"));
    QCOMPARE(payloads.front().outcome, QStringLiteral("succeeded"));
    QCOMPARE(stage.shop.rows<GatewayExchange>(QStringLiteral("WHERE id = ?"), {bound(exchange)}).front().httpStatus, 200);
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.payment(), QStringLiteral("succeeded"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestJobRunner::givesOutWhatWasPreparedBeforeAnOutage()
{
    QFETCH(const DatabaseKind, kind);
    PaymentStage stage(kind);
    std::vector<OrderId> orders;
    std::vector<ExchangeId> exchanges;
    for (int i = 1; i <= 3; ++i) {
        orders.push_back(stage.place(Funding::Gateway, QStringLiteral("A-%1").arg(i)));
        exchanges.push_back(stage.shop.exchangesOf(orders.back(), GatewayOperation::CreateIntent).front().id);
        stage.shop.clock.advance(Duration::milliseconds(1));
    }
    spoilExchanges(stage, exchanges[1], exchanges[2]);
    const auto round = stage.shop.runner().runDue(64);
    CF_VERIFY_OK(round);
    QCOMPARE(stage.shop.runner().statistics().batchesSplit, qint64{1});
    QCOMPARE(round->calls.size(), std::size_t{1});
    QCOMPARE(round->calls.front().request.exchange.value(), exchanges[0].value());
    const auto stateOfExchange = [&](int i) { return stage.shop.exchangesOf(orders[static_cast<std::size_t>(i)], GatewayOperation::CreateIntent).front().state; };
    CF_COMPARE_ENUM(stateOfExchange(0), ExchangeState::Sending);
    CF_COMPARE_ENUM(stateOfExchange(1), ExchangeState::Queued);
    CF_COMPARE_ENUM(stateOfExchange(2), ExchangeState::Queued);
    const auto answer = stage.shop.gateway.answer(round->calls.front().request);
    mendExchanges(stage);
    stage.apply({{round->calls.front(), answer}});
    stage.shop.clock.advance(Duration::seconds(6));
    stage.shop.runUntilQuiet(Duration::minutes(5));
    QCOMPARE(stateOf(stage, orders[0]), QStringLiteral("fulfilling"));
    QCOMPARE(stateOf(stage, orders[2]), QStringLiteral("fulfilling"));
    stage.retryParked();
    stage.shop.runUntilQuiet(Duration::minutes(5));
    QCOMPARE(stateOf(stage, orders[1]), QStringLiteral("fulfilling"));
    QCOMPARE(stage.calls(GatewayOperation::CreateIntent), 3);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestJobRunner::twoRunnersShareTheWork_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    // SQLite has one worker per file.
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        if (kind == DatabaseKind::Postgresql) {
            QTest::newRow("postgresql") << kind;
        }
    }
}

void TestJobRunner::twoRunnersShareTheWork()
{
    if (TestDatabase::kinds().size() == 1) {
        QSKIP("needs PostgreSQL");
    }
    QFETCH(const DatabaseKind, kind);
    constexpr int orders = 200;
    PaymentStage stage(kind);
    stage.shop.addSku({QStringLiteral("INK"), stage.merchant, usd(700), 10'000});
    std::vector<NewOrder> wanted;
    for (int i = 0; i < orders; ++i) {
        wanted.push_back(EngineFixture::order(QStringLiteral("B-%1").arg(i), QStringLiteral("buyer-%1").arg(i % 20), {{QStringLiteral("INK"), 1}}));
    }
    for (const auto& placed : EngineFixture::unwrap(stage.shop.placement().place(wanted, {QStringLiteral("api:shop"), false, nullptr}))) {
        CF_VERIFY_OK(placed);
    }
    stage.shop.gateway.setRandomFaults(15, 42);
    std::mutex gateway;
    std::array<qint64, 2> sent{};
    atOnce(2, [&](int number, const std::function<void()>& ready) {
        EngineFixture worker(stage.shop.database(), 20 + number);
        worker.restartRunner(QStringLiteral("worker-%1").arg(number));
        ready();
        for (int idle = 0; idle < 400;) {
            const auto round = EngineFixture::unwrap(worker.runner().runDue(16));
            std::vector<RemoteAnswer> answers;
            for (const RemoteCall& call : round.calls) {
                const std::scoped_lock lock(gateway);
                answers.push_back({call, stage.shop.gateway.answer(call.request)});
            }
            sent[static_cast<std::size_t>(number)] += static_cast<qint64>(answers.size());
            EngineFixture::unwrap(worker.runner().applyAnswers(answers));
            idle += round.claimed == 0 ? 1 : 0;
            worker.clock.advance(round.claimed == 0 ? Duration::milliseconds(500) : Duration::milliseconds(1));
        }
    });
    QVERIFY2(sent[0] > 20 && sent[1] > 20, qPrintable(QStringLiteral("%1 and %2").arg(sent[0]).arg(sent[1])));
    int paid = 0;
    for (const PaymentTransaction& payment : stage.shop.rows<PaymentTransaction>(QStringLiteral("WHERE kind = 'payment'"))) {
        const int charges = stage.shop.gateway.charges(payment.id.toText());
        QVERIFY(charges <= 1);
        QCOMPARE(payment.status == TransactionStatus::Succeeded, charges == 1);
        paid += charges;
    }
    QVERIFY2(paid > orders / 2, qPrintable(QString::number(paid)));
    QVERIFY(!stage.shop.openCases().contains(QStringLiteral("integrity")));
    QCOMPARE(stage.shop.violations(), QStringList());
}

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_job_runner.moc"
