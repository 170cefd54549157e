// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "tests/support/expect.h"
#include "tests/workflows/operators/operator_stage.h"

#include <random>

namespace counterfoil {

namespace {

constexpr std::array parts{BalancePart::Available, BalancePart::Frozen, BalancePart::Total, BalancePart::Billed};

/// The accounts as they stood at a moment.
struct Moment {
    UtcTime at;
    std::vector<Account> accounts;
};

Money figureOf(const Account& account, BalancePart part)
{
    switch (part) {
    case BalancePart::Available: return account.available;
    case BalancePart::Frozen: return account.frozen;
    case BalancePart::Total: return *account.available.plus(account.frozen);
    case BalancePart::Billed: return account.billed;
    }
    assertionFailed("a figure of no kind");
}

} // namespace

/// A shop that pays, refunds, settles, freezes and adjusts for some weeks; whatever its accounts said at any moment is explained by their
/// postings, on every kind of database.
class TestBalanceExplanations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanupTestCase() { m_lives.clear(); }

    void theSumIsTheBalanceAtTwoHundredRandomMoments();
    void thePagesCountDownToZero();
    void theHistoryEndsAtTheBalance();
    void saysWhoHadAHoldFrozenAndWhy();

private:
    /// A shop with what its accounts said in the course of its life.
    struct Life {
        explicit Life(DatabaseKind kind) : stage(kind) {}
        OperatorStage stage;
        std::vector<Moment> moments;
    };

    void live();
    qint64 upTo(qint64 most) { return std::uniform_int_distribution<qint64>(1, most)(m_random); }
    Connection& connection() { return m_stage->shop.connection(); }

    /// One per kind of database, made at first use: most tests only read.
    std::map<DatabaseKind, std::unique_ptr<Life>> m_lives;
    OperatorStage* m_stage = nullptr;
    std::vector<Moment> m_moments;
    std::mt19937_64 m_random;
};

void TestBalanceExplanations::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_random.seed(20'260'301);
    auto& life = m_lives[kind];
    if (life) {
        m_stage = &life->stage;
        m_moments = life->moments;
        return;
    }
    life = std::make_unique<Life>(kind);
    m_stage = &life->stage;
    for (int i = 0; i < 60; ++i) {
        live();
        life->moments.push_back({m_stage->shop.clock.now(), m_stage->shop.rows<Account>()});
        m_stage->shop.clock.advance(Duration::seconds(upTo(86'400)));
    }
    m_moments = life->moments;
    QVERIFY(m_stage->shop.violations().isEmpty());
}

void TestBalanceExplanations::live()
{
    OperatorStage& stage = *m_stage;
    const auto finance = QStringLiteral("finance");
    if (stage.wallet() < 8'000) {
        stage.shop.recharge(QStringLiteral("ann"), stage.of(20'000));
    }
    switch (upTo(6)) {
    case 1:
    case 2: stage.pay(upTo(2) == 1 ? Funding::Both : Funding::Gateway); break;
    case 3:
    case 4:
        if (!stage.order.isNone()) {
            // More than is left is refused, which is as good.
            (void)stage.request(upTo(1'500));
        }
        break;
    case 5: stage.carryOut(stage.asked(finance, stage.freezeOf(upTo(900)))); break;
    default: {
        CommandArguments arguments;
        arguments.counterAccount = QStringLiteral("rounding");
        stage.carryOut(stage.asked(finance, OperatorStage::want(CommandKind::Adjust, {}, stage.walletId().value(), stage.of(upTo(2) == 1 ? upTo(500) : -upTo(500)), arguments)));
    }
    }
    stage.shop.runDue();
    stage.shop.gateway.takeCallbacks();
}

void TestBalanceExplanations::theSumIsTheBalanceAtTwoHundredRandomMoments()
{
    std::map<QString, int> postings;
    for (int i = 0; i < 200; ++i) {
        const Moment& moment = m_moments[static_cast<std::size_t>(upTo(std::ssize(m_moments)) - 1)];
        const Account& account = moment.accounts[static_cast<std::size_t>(upTo(std::ssize(moment.accounts)) - 1)];
        const BalancePart part = parts[static_cast<std::size_t>(upTo(std::ssize(parts)) - 1)];
        const auto slice = balanceAsOf(connection(), account.id, part, moment.at);
        CF_VERIFY_OK(slice);
        const auto proof = proveBalance(connection(), *slice);
        CF_VERIFY_OK(proof);
        const Money expected = figureOf(account, part);
        QCOMPARE(slice->balance, expected);
        QCOMPARE(proof->sum, expected);
        QVERIFY(proof->agrees());
        postings[toString(account.kind)] += static_cast<int>(proof->postings);
    }
    QVERIFY(postings[QStringLiteral("wallet")] > 0 && postings[QStringLiteral("merchant")] > 0);
    // The two figures that are hardest to explain have come about: of settled money, some refunded again.
    const auto billed = balanceAsOf(connection(), m_stage->walletId(), BalancePart::Billed, {});
    QVERIFY(proveBalance(connection(), *billed)->postings > 5);
}

void TestBalanceExplanations::thePagesCountDownToZero()
{
    for (const Account& account : m_moments.back().accounts) {
        for (const BalancePart part : parts) {
            const auto slice = balanceAsOf(connection(), account.id, part, {});
            CF_VERIFY_OK(slice);
            std::optional<RowKey> anchor;
            Money left = slice->balance;
            qint64 count = 0;
            while (true) {
                const auto page = balancePage(connection(), *slice, {.anchor = anchor, .limit = 7});
                CF_VERIFY_OK(page);
                if (page->empty()) {
                    break;
                }
                QVERIFY(!anchor || *balanceCountBefore(connection(), *slice, *anchor) == count - 1);
                for (const PostingRow& row : *page) {
                    QCOMPARE(row.posting.balanceAfter, left);
                    left = *left.minus(row.posting.amount);
                    anchor = RowKey{row.posting.entry.value(), row.posting.line};
                    ++count;
                }
            }
            QCOMPARE(left, Money::zero(account.currency));
            QCOMPARE(*balanceCount(connection(), *slice), count);
            QCOMPARE(proveBalance(connection(), *slice)->postings, count);
            if (count > 3) {
                // The oldest rows, as a jump to the end reads them.
                const auto last = balancePage(connection(), *slice, {.backward = true, .limit = 2});
                CF_VERIFY_OK(last);
                QCOMPARE(last->back().posting.balanceAfter, last->back().posting.amount);
            }
        }
    }
}

void TestBalanceExplanations::theHistoryEndsAtTheBalance()
{
    const UtcTime now = m_stage->shop.clock.now();
    for (const Account& account : m_stage->shop.rows<Account>()) {
        const auto all = balanceHistory(connection(), account.id, {}, now, 40);
        CF_VERIFY_OK(all);
        QVERIFY(std::ssize(all->points) <= 41);
        if (all->points.empty()) {
            QVERIFY(account.available.isZero() && account.frozen.isZero());
            continue;
        }
        const BalancePoint& last = all->points.back();
        QCOMPARE((std::array{last.available, last.frozen, last.billed}), (std::array{account.available, account.frozen, account.billed}));
        const BalancePoint& first = all->points.front();
        QCOMPARE((std::array{first.available.minor(), first.frozen.minor(), first.billed.minor()}), (std::array{qint64{0}, qint64{0}, qint64{0}}));
        for (const BalancePoint& point : all->points) {
            if (!point.last.isNone()) {
                QCOMPARE(balanceAsOf(connection(), account.id, BalancePart::Available, point.at)->balance, point.available);
                QCOMPARE(balanceAsOf(connection(), account.id, BalancePart::Billed, point.at)->balance, point.billed);
            }
        }
        // A part of it begins with what stood then.
        const Moment& middle = m_moments[m_moments.size() / 2];
        const auto known = std::ranges::find(middle.accounts, account.id, &Account::id);
        const auto recent = balanceHistory(connection(), account.id, middle.at, now, 40);
        CF_VERIFY_OK(recent);
        if (known != middle.accounts.end()) {
            QCOMPARE(recent->points.front().available, known->available);
            QCOMPARE(recent->points.front().frozen, known->frozen);
            QCOMPARE(recent->points.front().billed, known->billed);
        }
    }
}

void TestBalanceExplanations::saysWhoHadAHoldFrozenAndWhy()
{
    CommandRequest wanted = m_stage->freezeOf(321);
    wanted.reason = QStringLiteral("a chargeback is announced");
    m_stage->carryOut(m_stage->asked(QStringLiteral("supervisor"), wanted));
    m_stage->pay(Funding::Both);
    const auto detail = accountDetail(connection(), m_stage->walletId());
    CF_VERIFY_OK(detail);
    const auto hold = std::ranges::find_if(detail->holds, [this](const HoldRow& row) { return row.hold.amount == m_stage->of(321); });
    QVERIFY(hold != detail->holds.end());
    QCOMPARE(hold->actor, QStringLiteral("supervisor"));
    QCOMPARE(hold->why, wanted.reason);
    for (const HoldRow& row : detail->holds) {
        QCOMPARE(row.actor.isEmpty(), row.hold.reason != HoldReason::Manual);
    }
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestBalanceExplanations)
#include "tst_balance_explanations.moc"
