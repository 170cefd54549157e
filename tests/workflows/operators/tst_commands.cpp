// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/operators/operator_stage.h"

namespace counterfoil {

/// What each kind of command does, that it does what was previewed, and that it is done once.
class TestCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_kind = kind;
    }

    void previewsWithoutWriting();
    void refundsAnAmount();
    void refundsItems();
    void refusesARefundAboveWhatIsLeft();
    void freezesAndReleasesMoney();
    void endsAFreezeByItself();
    void refusesToFreezeMoreThanThereIs();
    void adjustsAgainstASystemAccount();
    void refusesAnAdjustmentThatLeavesLessThanNothing();
    void retriesAParkedJob();
    void asksTheGateway();
    void confirmsWithEvidence();
    void refusesEvidenceOfAnotherObject();
    void cancelsAndReleases();
    void refusesToCancelAPaidOrder();
    void extendsADeadline();
    void appliesACallbackAgain();
    void releasesASettlement();
    void carriesOutOnce();
    void becomesStaleWhenTheOrderMoved();
    void failsWhenTheMoneyIsGone();
    void carriesOutAlthoughBalancesMoved();
    void refusesWhatNamesNothing_data();
    void refusesWhatNamesNothing();

private:
    DatabaseKind m_kind = DatabaseKind::Sqlite;
};

void TestCommands::previewsWithoutWriting()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const auto before = stage.shop.counts();
    const CommandId id = stage.asked(QStringLiteral("support"), stage.refundOf(500));
    QCOMPARE(stage.status(id), QStringLiteral("previewed"));
    auto after = stage.shop.counts();
    // Handing it in and working it out left an audit row each.
    after[QStringLiteral("audit_event")] -= 2;
    QCOMPARE(after, before);
    const auto changes = parseChangeSet(stage.command(id).preview);
    CF_VERIFY_OK(changes);
    QCOMPARE(contentHash(*changes), stage.command(id).previewSha256);
    QVERIFY(std::ranges::any_of(changes->rows, [](const RowChange& row) { return row.table == u"payment_transaction" && row.isNew; }));
}

void TestCommands::refundsAnAmount()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId id = stage.asked(QStringLiteral("support"), stage.refundOf(500));
    QCOMPARE(stage.command(id).approvalsNeeded, 0);
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 500);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refundsItems()
{
    OperatorStage stage(m_kind);
    stage.pay();
    CommandArguments arguments;
    arguments.refund.lines = {{1, 1}};
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::Refund, stage.order, stage.order.value(), stage.of(1'000), arguments));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 1'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refusesARefundAboveWhatIsLeft()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId id = stage.asked(QStringLiteral("support"), stage.refundOf(3'000));
    QCOMPARE(stage.status(id), QStringLiteral("refused"));
    QVERIFY2(stage.command(id).result.startsWith(u"refund_exceeded"), qPrintable(stage.command(id).result));
    CF_COMPARE_ERROR(stage.file(id), ErrorCode::EventNotAccepted);
}

void TestCommands::freezesAndReleasesMoney()
{
    OperatorStage stage(m_kind);
    const CommandId frozen = stage.asked(QStringLiteral("finance"), stage.freezeOf(2'000));
    stage.carryOut(frozen);
    QCOMPARE(stage.status(frozen), QStringLiteral("done"));
    QCOMPARE(stage.wallet(), 48'000);
    QCOMPARE(stage.wallet(Bucket::Frozen), 2'000);
    QCOMPARE(stage.held(HoldReason::Manual), 2'000);
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    const CommandId back = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(2'000)));
    QCOMPARE(stage.command(back).approvalsNeeded, 1);
    stage.carryOut(back);
    QCOMPARE(stage.status(back), QStringLiteral("done"));
    QCOMPARE(stage.wallet(), 50'000);
    QCOMPARE(stage.held(HoldReason::Manual), 0);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::endsAFreezeByItself()
{
    OperatorStage stage(m_kind);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(2'000)));
    stage.shop.runUntilQuiet(Duration::days(1));
    QCOMPARE(stage.wallet(Bucket::Frozen), 2'000);
    stage.shop.runUntilQuiet(Duration::days(2));
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
    QCOMPARE(stage.wallet(), 50'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refusesToFreezeMoreThanThereIs()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(50'001));
    QCOMPARE(stage.status(id), QStringLiteral("refused"));
    QVERIFY(stage.command(id).result.startsWith(u"insufficient_funds"));
}

void TestCommands::adjustsAgainstASystemAccount()
{
    OperatorStage stage(m_kind);
    CommandArguments arguments;
    arguments.counterAccount = QStringLiteral("rounding");
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Adjust, {}, stage.walletId().value(), stage.of(-7), arguments));
    QCOMPARE(stage.command(id).approvalsNeeded, 1);
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.wallet(), 49'993);
    QCOMPARE(stage.system(AccountKind::Rounding), 7);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refusesAnAdjustmentThatLeavesLessThanNothing()
{
    OperatorStage stage(m_kind);
    CommandArguments arguments;
    arguments.counterAccount = QStringLiteral("rounding");
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Adjust, {}, stage.walletId().value(), stage.of(-50'001), arguments));
    QCOMPARE(stage.status(id), QStringLiteral("refused"));
}

void TestCommands::retriesAParkedJob()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const Job job = stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'gateway_send'")).front();
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE job SET state = 'parked', attempt = 5, last_error = 'refused' WHERE id = ?"), {bound(job.id)}));
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::RetryJob, stage.order, job.id.value()));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    const CommandId again = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::RetryJob, stage.order, job.id.value()));
    QCOMPARE(stage.status(again), QStringLiteral("refused"));
}

void TestCommands::asksTheGateway()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const TransactionId payment = stage.shop.paymentOf(stage.order).id;
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::AskGateway, stage.order, payment.value()));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'gateway_poll' AND state = 'ready'")).size(), std::size_t{1});
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.status(stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::AskGateway, stage.order, payment.value()))), QStringLiteral("refused"));
}

void TestCommands::confirmsWithEvidence()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const TransactionId payment = stage.shop.paymentOf(stage.order).id;
    CommandArguments arguments;
    arguments.gatewayRef = QStringLiteral("pi_seen");
    arguments.evidence = QStringLiteral("dashboard, 14:02, paid");
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ConfirmWithEvidence, stage.order, payment.value(), stage.of(2'000), arguments));
    QCOMPARE(stage.command(id).approvalsNeeded, 1);
    CF_VERIFY_OK(stage.file(id));
    QCOMPARE(stage.status(id), QStringLiteral("awaiting_approval"));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.state(), QStringLiteral("awaiting_payment"));
    CF_VERIFY_OK(stage.approve(QStringLiteral("supervisor"), id));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.orderOf(stage.order).paid, stage.of(2'000));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refusesEvidenceOfAnotherObject()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const TransactionId payment = stage.shop.paymentOf(stage.order).id;
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE payment_transaction SET gateway_ref = 'pi_ours' WHERE id = ?"), {bound(payment)}));
    CommandArguments arguments;
    arguments.gatewayRef = QStringLiteral("pi_other");
    arguments.evidence = QStringLiteral("seen");
    QCOMPARE(stage.status(stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ConfirmWithEvidence, stage.order, payment.value(), stage.of(2'000), arguments))), QStringLiteral("refused"));
    arguments.gatewayRef = QStringLiteral("pi_ours");
    arguments.evidence.clear();
    QCOMPARE(stage.status(stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ConfirmWithEvidence, stage.order, payment.value(), stage.of(2'000), arguments))), QStringLiteral("refused"));
}

void TestCommands::cancelsAndReleases()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::CancelAndRelease, stage.order, stage.order.value(), stage.of(2'000)));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    QCOMPARE(toString(stage.shop.orderOf(stage.order).cancelReason), QStringLiteral("operator"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::refusesToCancelAPaidOrder()
{
    OperatorStage stage(m_kind);
    stage.pay();
    QCOMPARE(stage.status(stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::CancelAndRelease, stage.order, stage.order.value()))), QStringLiteral("refused"));
}

void TestCommands::extendsADeadline()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    const Job timer = stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'order_timer' AND state = 'ready'")).front();
    CommandArguments arguments;
    arguments.until = timer.dueAt + Duration::minutes(30);
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ExtendDeadline, stage.order, timer.id.value(), {}, arguments));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.shop.rows<Job>(QStringLiteral("WHERE id = ?"), {bound(timer.id)}).front().dueAt, arguments.until);
    arguments.until = timer.dueAt;
    QCOMPARE(stage.status(stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ExtendDeadline, stage.order, timer.id.value(), {}, arguments))), QStringLiteral("refused"));
}

void TestCommands::appliesACallbackAgain()
{
    OperatorStage stage(m_kind);
    stage.placeUnpaid(QStringLiteral("U-1"));
    stage.shop.runDue();
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    const GatewayCallback callback = stage.shop.rows<GatewayCallback>().front();
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE gateway_callback SET state = 'case', note = 'x' WHERE id = ?"), {bound(callback.id)}));
    const CommandId id = stage.asked(QStringLiteral("support"), OperatorStage::want(CommandKind::ReapplyCallback, {}, callback.id.value()));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    stage.shop.runDue();
    QCOMPARE(toString(stage.shop.rows<GatewayCallback>(QStringLiteral("WHERE id = ?"), {bound(callback.id)}).front().state), QStringLiteral("applied"));
}

void TestCommands::releasesASettlement()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'settlement' AND state = 'open' ORDER BY id")).front();
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::ReleaseSettlement, {}, hold.id.value(), hold.remaining));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available) + stage.merchant(stage.beta, Bucket::Available), hold.remaining.minor());
    // The job that would have done it finds nothing left to do.
    stage.shop.runUntilQuiet(Duration::days(8));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCommands::carriesOutOnce()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId id = stage.asked(QStringLiteral("support"), stage.refundOf(500));
    stage.carryOut(id);
    CF_VERIFY_OK(stage.runner.execute(id));
    CF_VERIFY_OK(stage.runner.preview(id));
    QCOMPARE(*stage.runner.runDue(10), 0);
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 500);
}

void TestCommands::becomesStaleWhenTheOrderMoved()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId id = stage.asked(QStringLiteral("support"), stage.refundOf(500));
    stage.refund(100);
    stage.shop.runDue();
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("stale"));
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 100);
    // The next about the same order isn't in its way.
    stage.carryOut(stage.asked(QStringLiteral("support"), stage.refundOf(500)));
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 600);
}

void TestCommands::failsWhenTheMoneyIsGone()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(40'000));
    stage.carryOut(stage.asked(QStringLiteral("supervisor"), stage.freezeOf(20'000)));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("failed"));
    QVERIFY(stage.command(id).result.startsWith(u"insufficient_funds"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 20'000);
}

void TestCommands::carriesOutAlthoughBalancesMoved()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(10'000));
    stage.carryOut(stage.asked(QStringLiteral("supervisor"), stage.freezeOf(20'000)));
    stage.carryOut(id);
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 30'000);
}

void TestCommands::refusesWhatNamesNothing_data()
{
    QTest::addColumn<QString>("kind");
    for (const auto& [kind, name] : EnumNames<CommandKind>::names) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

void TestCommands::refusesWhatNamesNothing()
{
    QFETCH(QString, kind);
    OperatorStage stage(m_kind);
    OperatorCommand command;
    command.id = CommandId(1);
    command.kind = *parseEnum<CommandKind>(kind);
    command.order = OrderId(12'345);
    command.subject = 54'321;
    command.arguments = QStringLiteral("{}");
    UnitOfWork work(stage.shop.connection(), stage.shop.clock, stage.shop.ids);
    CF_VERIFY_OK(work.begin());
    CF_COMPARE_ERROR(stage.actions.perform(work, command), ErrorCode::NotFound);
    command.order = {};
    const bool needsOrder = command.kind == CommandKind::CancelAndRelease || command.kind == CommandKind::Refund;
    const auto without = stage.actions.perform(work, command);
    QVERIFY(!without);
    QVERIFY(needsOrder || without.error().code == ErrorCode::NotFound || without.error().code == ErrorCode::UnknownValue);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestCommands)
#include "tst_commands.moc"
