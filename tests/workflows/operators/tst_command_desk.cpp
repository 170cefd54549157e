// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/operators/operator_stage.h"

#include <QThread>

#include <atomic>

namespace counterfoil {

/// Who may ask for, file, approve, reject and withdraw what; and that the database itself holds maker and checker apart.
class TestCommandDesk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_kind = kind;
    }

    void asksOnlyForWhatTheRoleAllows_data();
    void asksOnlyForWhatTheRoleAllows();
    void needsAReason();
    void needsApprovalsByAmount_data();
    void needsApprovalsByAmount();
    void filesOnlyWhatWasShown();
    void filesOnlyOnesOwn();
    void filesNoPreviewOfYesterday();
    void filesOneAtATimeAboutOneThing();
    void isNotApprovedByItsMaker();
    void isNotApprovedByWhoMayNot();
    void isNotApprovedTwiceByOne();
    void isApprovedAsItWasShown();
    void needsTwoForMuch();
    void endsWithANo();
    void isWithdrawnByItsMakerOnly();
    void refusesWhoWasDisabled();
    void holdsMakerAndCheckerApartInTheDatabase();
    void letsOneOfManyApprovers();

private:
    DatabaseKind m_kind = DatabaseKind::Sqlite;
};

void TestCommandDesk::asksOnlyForWhatTheRoleAllows_data()
{
    QTest::addColumn<QString>("login");
    QTest::addColumn<bool>("mayFreeze");
    QTest::addColumn<bool>("mayRefund");
    QTest::newRow("support") << "support" << false << true;
    QTest::newRow("supervisor") << "supervisor" << true << true;
    QTest::newRow("finance") << "finance" << true << true;
    QTest::newRow("administrator") << "administrator" << false << false;
    QTest::newRow("auditor") << "auditor" << false << false;
}

void TestCommandDesk::asksOnlyForWhatTheRoleAllows()
{
    QFETCH(QString, login);
    QFETCH(bool, mayFreeze);
    QFETCH(bool, mayRefund);
    OperatorStage stage(m_kind);
    stage.pay();
    const auto commands = stage.shop.count(QStringLiteral("operator_command"));
    const auto freeze = stage.desk.request(login, stage.freezeOf(100));
    const auto refund = stage.desk.request(login, stage.refundOf(100));
    QCOMPARE(freeze.has_value(), mayFreeze);
    QCOMPARE(refund.has_value(), mayRefund);
    QVERIFY(mayFreeze || freeze.error().code == ErrorCode::Forbidden);
    QVERIFY(mayRefund || refund.error().code == ErrorCode::Forbidden);
    QCOMPARE(stage.shop.count(QStringLiteral("operator_command")), commands + int{mayFreeze} + int{mayRefund});
    CF_COMPARE_ERROR(stage.desk.request(QStringLiteral("nobody"), stage.refundOf(100)), ErrorCode::NotFound);
}

void TestCommandDesk::needsAReason()
{
    OperatorStage stage(m_kind);
    CommandRequest wanted = stage.freezeOf(100);
    wanted.reason = QStringLiteral("  \n ");
    CF_COMPARE_ERROR(stage.desk.request(QStringLiteral("finance"), wanted), ErrorCode::MissingField);
    wanted.reason = QString(1001, u'x');
    CF_COMPARE_ERROR(stage.desk.request(QStringLiteral("finance"), wanted), ErrorCode::TooLarge);
}

void TestCommandDesk::needsApprovalsByAmount_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<int>("approvals");
    QTest::newRow("small refund") << "refund" << "USD" << qint64{9'999} << 0;
    QTest::newRow("refund at the limit") << "refund" << "USD" << qint64{10'000} << 1;
    QTest::newRow("large refund") << "refund" << "USD" << qint64{1'000'000} << 2;
    QTest::newRow("refund in yen") << "refund" << "JPY" << qint64{14'999} << 0;
    QTest::newRow("refund in yen at the limit") << "refund" << "JPY" << qint64{15'000} << 1;
    QTest::newRow("adjustment down") << "adjust" << "USD" << qint64{-1} << 1;
    QTest::newRow("large adjustment down") << "adjust" << "USD" << qint64{-100'000} << 2;
    QTest::newRow("retry") << "retry_job" << "USD" << qint64{0} << 0;
    QTest::newRow("unfreeze") << "unfreeze" << "EUR" << qint64{1} << 1;
}

void TestCommandDesk::needsApprovalsByAmount()
{
    QFETCH(QString, kind);
    QFETCH(QString, currency);
    QFETCH(qint64, minor);
    QFETCH(int, approvals);
    OperatorStage stage(m_kind);
    const CommandKind wanted = *parseEnum<CommandKind>(kind);
    const bool byFinance = wanted != CommandKind::RetryJob;
    const auto id = stage.desk.request(byFinance ? QStringLiteral("finance") : QStringLiteral("support"), OperatorStage::want(wanted, {}, 1, Money(minor, *Currency::parse(currency))));
    CF_VERIFY_OK(id);
    QCOMPARE(stage.command(*id).approvalsNeeded, approvals);
}

void TestCommandDesk::filesOnlyWhatWasShown()
{
    OperatorStage stage(m_kind);
    const CommandId id = EngineFixture::unwrap(stage.desk.request(QStringLiteral("finance"), stage.freezeOf(100)));
    CF_COMPARE_ERROR(stage.desk.file(QStringLiteral("finance"), id, QString()), ErrorCode::EventNotAccepted);
    CF_VERIFY_OK(stage.runner.preview(id));
    CF_COMPARE_ERROR(stage.desk.file(QStringLiteral("finance"), id, QStringLiteral("another")), ErrorCode::EventNotAccepted);
    CF_VERIFY_OK(stage.file(id));
    CF_COMPARE_ERROR(stage.file(id), ErrorCode::EventNotAccepted);
}

void TestCommandDesk::filesOnlyOnesOwn()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(100));
    CF_COMPARE_ERROR(stage.desk.file(QStringLiteral("supervisor"), id, stage.command(id).previewSha256), ErrorCode::Forbidden);
}

void TestCommandDesk::filesNoPreviewOfYesterday()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(100));
    stage.shop.clock.advance(Duration(previewLife.micros() + 1));
    CF_COMPARE_ERROR(stage.file(id), ErrorCode::DeadlinePassed);
}

void TestCommandDesk::filesOneAtATimeAboutOneThing()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId first = stage.asked(QStringLiteral("support"), stage.refundOf(100));
    const CommandId second = stage.asked(QStringLiteral("supervisor"), stage.refundOf(200));
    CF_VERIFY_OK(stage.file(first));
    CF_COMPARE_ERROR(stage.file(second), ErrorCode::InProgress);
    QCOMPARE(stage.status(second), QStringLiteral("previewed"));
    CF_VERIFY_OK(stage.runner.execute(first));
    // It was previewed before the first one was carried out.
    CF_VERIFY_OK(stage.file(second));
    CF_VERIFY_OK(stage.runner.execute(second));
    QCOMPARE(stage.status(second), QStringLiteral("stale"));
}

void TestCommandDesk::isNotApprovedByItsMaker()
{
    OperatorStage stage(m_kind);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(100)));
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    const CommandId id = stage.asked(QStringLiteral("supervisor"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(100)));
    CF_VERIFY_OK(stage.file(id));
    CF_COMPARE_ERROR(stage.approve(QStringLiteral("supervisor"), id), ErrorCode::Forbidden);
    QCOMPARE(stage.status(id), QStringLiteral("awaiting_approval"));
}

void TestCommandDesk::isNotApprovedByWhoMayNot()
{
    OperatorStage stage(m_kind);
    stage.pay();
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::ReleaseSettlement, {}, stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'settlement'")).front().id.value(), stage.of(100)));
    CF_VERIFY_OK(stage.file(id));
    for (const char* login : {"support", "administrator", "auditor"}) {
        CF_COMPARE_ERROR(stage.approve(QString::fromLatin1(login), id), ErrorCode::Forbidden);
    }
    CF_VERIFY_OK(stage.approve(QStringLiteral("supervisor"), id));
    QCOMPARE(stage.status(id), QStringLiteral("queued"));
    CF_COMPARE_ERROR(stage.approve(QStringLiteral("supervisor2"), id), ErrorCode::EventNotAccepted);
}

void TestCommandDesk::isNotApprovedTwiceByOne()
{
    OperatorStage stage(m_kind);
    CommandArguments arguments;
    arguments.counterAccount = QStringLiteral("bank");
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Adjust, {}, stage.walletId().value(), stage.of(200'000), arguments));
    CF_VERIFY_OK(stage.file(id));
    CF_VERIFY_OK(stage.approve(QStringLiteral("supervisor"), id));
    CF_COMPARE_ERROR(stage.approve(QStringLiteral("supervisor"), id), ErrorCode::AlreadyExistsDifferent);
    QCOMPARE(stage.status(id), QStringLiteral("awaiting_approval"));
}

void TestCommandDesk::needsTwoForMuch()
{
    OperatorStage stage(m_kind);
    CommandArguments arguments;
    arguments.counterAccount = QStringLiteral("bank");
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Adjust, {}, stage.walletId().value(), stage.of(200'000), arguments));
    CF_VERIFY_OK(stage.file(id));
    CF_VERIFY_OK(stage.approve(QStringLiteral("supervisor"), id));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.wallet(), 50'000);
    CF_VERIFY_OK(stage.approve(QStringLiteral("supervisor2"), id));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.status(id), QStringLiteral("done"));
    QCOMPARE(stage.wallet(), 250'000);
    QCOMPARE(stage.shop.rows<CommandApproval>(QStringLiteral("WHERE command_id = ? ORDER BY level"), {bound(id)}).back().approver, QStringLiteral("supervisor2"));
}

void TestCommandDesk::isApprovedAsItWasShown()
{
    OperatorStage stage(m_kind);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(100)));
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(100)));
    CF_VERIFY_OK(stage.file(id));
    CF_COMPARE_ERROR(stage.desk.approve(QStringLiteral("supervisor"), id, QStringLiteral("another"), {}), ErrorCode::EventNotAccepted);
}

void TestCommandDesk::endsWithANo()
{
    OperatorStage stage(m_kind);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(100)));
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(100)));
    CF_VERIFY_OK(stage.file(id));
    CF_COMPARE_ERROR(stage.desk.reject(QStringLiteral("supervisor"), id, QString()), ErrorCode::MissingField);
    CF_COMPARE_ERROR(stage.desk.reject(QStringLiteral("finance"), id, QStringLiteral("no")), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(stage.desk.reject(QStringLiteral("support"), id, QStringLiteral("no")), ErrorCode::Forbidden);
    CF_VERIFY_OK(stage.desk.reject(QStringLiteral("supervisor"), id, QStringLiteral("the inquiry goes on")));
    QCOMPARE(stage.command(id).decisionNote, QStringLiteral("the inquiry goes on"));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.status(id), QStringLiteral("rejected"));
    QCOMPARE(stage.wallet(Bucket::Frozen), 100);
}

void TestCommandDesk::isWithdrawnByItsMakerOnly()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(100));
    CF_VERIFY_OK(stage.file(id));
    CF_COMPARE_ERROR(stage.desk.withdraw(QStringLiteral("supervisor"), id), ErrorCode::Forbidden);
    CF_VERIFY_OK(stage.desk.withdraw(QStringLiteral("finance"), id));
    CF_VERIFY_OK(stage.runner.execute(id));
    QCOMPARE(stage.status(id), QStringLiteral("withdrawn"));
    CF_COMPARE_ERROR(stage.desk.withdraw(QStringLiteral("finance"), id), ErrorCode::EventNotAccepted);
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
}

void TestCommandDesk::refusesWhoWasDisabled()
{
    OperatorStage stage(m_kind);
    const CommandId id = stage.asked(QStringLiteral("finance"), stage.freezeOf(100));
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE person SET disabled_at = 1 WHERE login = 'finance'")));
    CF_COMPARE_ERROR(stage.file(id), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(stage.desk.request(QStringLiteral("finance"), stage.freezeOf(100)), ErrorCode::Forbidden);
}

void TestCommandDesk::holdsMakerAndCheckerApartInTheDatabase()
{
    OperatorStage stage(m_kind);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(100)));
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(100)));
    CF_VERIFY_OK(stage.file(id));
    Connection& connection = stage.shop.connection();
    const QString insert = QStringLiteral("INSERT INTO command_approval (command_id, level, approver, preview_sha256, at) VALUES (?, 1, ?, ?, 1)");
    const QString sha = stage.command(id).previewSha256;
    CF_COMPARE_ERROR(connection.execute(insert, {bound(id), QStringLiteral("finance"), sha}), ErrorCode::ConstraintViolated);
    CF_COMPARE_ERROR(connection.execute(insert, {bound(id), QStringLiteral("supervisor"), QStringLiteral("another")}), ErrorCode::ConstraintViolated);
    CF_COMPARE_ERROR(connection.execute(QStringLiteral("UPDATE operator_command SET decided_by = requested_by WHERE id = ?"), {bound(id)}), ErrorCode::ConstraintViolated);
    CF_VERIFY_OK(connection.execute(insert, {bound(id), QStringLiteral("supervisor"), sha}));
    QVERIFY(!connection.execute(QStringLiteral("DELETE FROM command_approval")));
    QVERIFY(!connection.execute(QStringLiteral("UPDATE command_approval SET approver = 'x'")));
}

void TestCommandDesk::letsOneOfManyApprovers()
{
    OperatorStage stage(m_kind);
    stage.addPerson(QStringLiteral("supervisor3"), Role::Supervisor);
    stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(1'000)));
    const Hold hold = stage.shop.rows<Hold>(QStringLiteral("WHERE reason = 'manual'")).front();
    for (int race = 0; race < 10; ++race) {
        const CommandId id = stage.asked(QStringLiteral("finance"), OperatorStage::want(CommandKind::Unfreeze, {}, hold.id.value(), stage.of(1'000)));
        CF_VERIFY_OK(stage.file(id));
        const QString sha = stage.command(id).previewSha256;
        std::atomic<int> won = 0;
        std::vector<std::unique_ptr<QThread>> threads;
        int node = 900;
        for (const char* login : {"supervisor", "supervisor2", "supervisor3", "support"}) {
            threads.emplace_back(QThread::create([&, login, node = ++node] {
                const auto connection = stage.shop.database()->connect(ConnectionRole::Writer);
                const SystemClock clock;
                IdSource ids(clock, node);
                CommandDesk desk(*connection, clock, ids);
                won += desk.approve(QString::fromLatin1(login), id, sha, {}) ? 1 : 0;
            }));
            threads.back()->start();
        }
        for (const auto& thread : threads) {
            thread->wait();
        }
        QCOMPARE(won.load(), 1);
        QCOMPARE(stage.status(id), QStringLiteral("queued"));
        CF_VERIFY_OK(stage.desk.withdraw(QStringLiteral("finance"), id));
    }
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestCommandDesk)
#include "tst_command_desk.moc"
