// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/workflows/operators/operator_stage.h"

#include <random>

namespace counterfoil {

/// A command does what its preview said, to the cent, or nothing: 200 random situations of each kind (on PostgreSQL as many as
/// COUNTERFOIL_TEST_SITUATIONS says), with something happening between preview and execution in every third.
class TestPreviewOutcome : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init() { failOnWarnings(); }
    void doesWhatWasShown_data();
    void doesWhatWasShown();

private:
    /// A request of this kind that makes sense in the shop as it is, mostly.
    CommandRequest situation(OperatorStage& stage, CommandKind kind);
    /// Something that somebody else does meanwhile.
    void interfere(OperatorStage& stage);
    static std::map<QString, std::array<qint64, 3>> balances(OperatorStage& stage);
    qint64 upTo(qint64 most) { return std::uniform_int_distribution<qint64>(1, std::max<qint64>(1, most))(m_random); }
    bool oneIn(int n) { return upTo(n) == 1; }

    std::mt19937_64 m_random;
    int m_orders = 0;
};

void TestPreviewOutcome::doesWhatWasShown_data()
{
    QTest::addColumn<QString>("command");
    for (const auto& [kind, name] : EnumNames<CommandKind>::names) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

std::map<QString, std::array<qint64, 3>> TestPreviewOutcome::balances(OperatorStage& stage)
{
    std::map<QString, std::array<qint64, 3>> found;
    for (const Account& account : stage.shop.rows<Account>()) {
        found[QString::number(account.id.value())] = {account.available.minor(), account.frozen.minor(), account.billed.minor()};
    }
    return found;
}

CommandRequest TestPreviewOutcome::situation(OperatorStage& stage, CommandKind kind)
{
    const auto unpaid = [&] { stage.placeUnpaid(QStringLiteral("P-%1").arg(++m_orders)); };
    const auto open = [&](HoldReason reason) { return stage.shop.rows<Hold>(QStringLiteral("WHERE state = 'open' AND reason = ? ORDER BY id DESC"), {toString(reason)}).front(); };
    CommandArguments arguments;
    if (stage.wallet() < 5'000) {
        stage.shop.recharge(QStringLiteral("ann"), stage.of(20'000));
    }
    switch (kind) {
    case CommandKind::RetryJob: {
        unpaid();
        const Job job = stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'gateway_send' AND order_id = ?"), {bound(stage.order)}).front();
        (void)stage.shop.connection().execute(QStringLiteral("UPDATE job SET state = 'parked', attempt = ? WHERE id = ?"), {bound(upTo(9)), bound(job.id)});
        return OperatorStage::want(kind, stage.order, job.id.value());
    }
    case CommandKind::AskGateway:
        unpaid();
        return OperatorStage::want(kind, stage.order, stage.shop.paymentOf(stage.order).id.value());
    case CommandKind::ConfirmWithEvidence:
        unpaid();
        arguments.gatewayRef = QStringLiteral("pi_seen_%1").arg(m_orders);
        arguments.evidence = QStringLiteral("seen");
        return OperatorStage::want(kind, stage.order, stage.shop.paymentOf(stage.order).id.value(), stage.of(2'000), arguments);
    case CommandKind::ReapplyCallback: {
        unpaid();
        stage.shop.runDue();
        stage.shop.deliverCallbacks();
        stage.shop.runDue();
        const GatewayCallback callback = stage.shop.rows<GatewayCallback>(QStringLiteral("ORDER BY id DESC")).front();
        (void)stage.shop.connection().execute(QStringLiteral("UPDATE gateway_callback SET state = 'case' WHERE id = ?"), {bound(callback.id)});
        return OperatorStage::want(kind, {}, callback.id.value());
    }
    case CommandKind::CancelAndRelease:
        unpaid();
        return OperatorStage::want(kind, stage.order, stage.order.value(), stage.of(2'000));
    case CommandKind::ExtendDeadline: {
        unpaid();
        const Job timer = stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'order_timer' AND state = 'ready' AND order_id = ?"), {bound(stage.order)}).front();
        arguments.until = timer.dueAt + Duration::minutes(static_cast<int>(upTo(600)));
        return OperatorStage::want(kind, stage.order, timer.id.value(), {}, arguments);
    }
    case CommandKind::Refund: {
        stage.pay(oneIn(2) ? Funding::Both : Funding::Gateway);
        if (oneIn(3)) {
            arguments.refund.lines = {{1, upTo(2)}};
            return OperatorStage::want(kind, stage.order, stage.order.value(), stage.of(1'000), arguments);
        }
        return stage.refundOf(upTo(3'300));
    }
    case CommandKind::Freeze: return stage.freezeOf(upTo(900));
    case CommandKind::Unfreeze:
        stage.carryOut(stage.asked(QStringLiteral("finance"), stage.freezeOf(upTo(900))));
        return OperatorStage::want(kind, {}, open(HoldReason::Manual).id.value(), open(HoldReason::Manual).remaining);
    case CommandKind::Adjust:
        arguments.counterAccount = oneIn(2) ? QStringLiteral("rounding") : QStringLiteral("bank");
        return OperatorStage::want(kind, {}, stage.walletId().value(), stage.of(oneIn(2) ? upTo(500) : -upTo(500)), arguments);
    case CommandKind::ReleaseSettlement:
        stage.pay();
        return OperatorStage::want(kind, {}, open(HoldReason::Settlement).id.value(), open(HoldReason::Settlement).remaining);
    }
    assertionFailed("a command of no kind");
}

void TestPreviewOutcome::interfere(OperatorStage& stage)
{
    switch (upTo(4)) {
    case 1: stage.shop.runDue(); break;
    case 2: stage.carryOut(stage.asked(QStringLiteral("supervisor"), stage.freezeOf(upTo(300)))); break;
    case 3:
        if (!stage.order.isNone() && stage.shop.orderOf(stage.order).paid.isPositive()) {
            (void)stage.request(upTo(500));
        }
        break;
    default: stage.shop.clock.advance(Duration::minutes(static_cast<int>(upTo(5)))); break;
    }
}

void TestPreviewOutcome::doesWhatWasShown()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    QFETCH(QString, command);
    const CommandKind wanted = *parseEnum<CommandKind>(command);
    const int situations = kind == DatabaseKind::Sqlite ? 200 : numberFrom("COUNTERFOIL_TEST_SITUATIONS", 20);
    m_random.seed(qHash(command, 4711));
    OperatorStage stage(kind);
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE stock SET on_hand = on_hand + 10000")));
    const bool byFinance = wanted == CommandKind::Freeze || wanted == CommandKind::Unfreeze || wanted == CommandKind::Adjust || wanted == CommandKind::ReleaseSettlement;
    std::map<CommandStatus, int> ends;
    for (int i = 0; i < situations; ++i) {
        const CommandId id = stage.asked(byFinance ? QStringLiteral("finance") : QStringLiteral("support"), situation(stage, wanted));
        if (stage.command(id).status == CommandStatus::Refused) {
            ++ends[CommandStatus::Refused];
            continue;
        }
        if (oneIn(3)) {
            interfere(stage);
        }
        const auto before = balances(stage);
        stage.carryOut(id);
        const auto after = balances(stage);
        const OperatorCommand carriedOut = stage.command(id);
        ++ends[carriedOut.status];
        std::map<QString, std::array<qint64, 3>> shown;
        const ChangeSet changes = EngineFixture::unwrap(parseChangeSet(carriedOut.preview));
        for (const RowChange& row : changes.rows) {
            if (row.table == u"account") {
                for (std::size_t bucket = 0; bucket < 3; ++bucket) {
                    const ColumnChange* column = row.find(std::array{u"available", u"frozen", u"billed"}[bucket]);
                    shown[row.key][bucket] = column ? column->after.toLongLong() - column->before.toLongLong() : 0;
                }
            }
        }
        for (const auto& [account, now] : after) {
            const auto known = before.find(account);
            for (std::size_t bucket = 0; bucket < 3; ++bucket) {
                const qint64 was = known == before.end() ? 0 : known->second[bucket];
                // A new account's id is another one each time: what it gets is what the others lose, which the books' checks see.
                const bool isOld = known != before.end();
                const qint64 expected = carriedOut.status == CommandStatus::Done && isOld ? shown[account][bucket] : 0;
                QVERIFY2(!isOld || now[bucket] - was == expected, qPrintable(QStringLiteral("situation %1: account %2 changed by %3, shown was %4").arg(i).arg(account).arg(now[bucket] - was).arg(expected)));
            }
        }
    }
    const auto count = [&ends](CommandStatus status) { return ends.contains(status) ? ends.at(status) : 0; };
    qInfo("%s: %d done, %d stale, %d failed, %d refused", qPrintable(toString(wanted)), count(CommandStatus::Done), count(CommandStatus::Stale), count(CommandStatus::Failed), count(CommandStatus::Refused));
    QVERIFY(count(CommandStatus::Done) >= situations / 5);
    QCOMPARE(count(CommandStatus::Done) + count(CommandStatus::Stale) + count(CommandStatus::Failed) + count(CommandStatus::Refused), situations);
    QCOMPARE(stage.shop.violations(), QStringList());
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestPreviewOutcome)
#include "tst_preview_outcome.moc"
