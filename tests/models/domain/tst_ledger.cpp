// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/ledger.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

#include <limits>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

const Currency usd = Currency::parse(u"USD").value();
const Currency jpy = Currency::parse(u"JPY").value();

Account wallet(qint64 available, qint64 frozen = 0)
{
    Account account;
    account.id = AccountId(1);
    account.ownerKind = OwnerKind::Customer;
    account.ownerId = 7;
    account.kind = AccountKind::Wallet;
    account.currency = usd;
    account.available = Money(available, usd);
    account.frozen = Money(frozen, usd);
    account.billed = Money::zero(usd);
    return account;
}

Hold hold(qint64 amount)
{
    Hold made;
    made.id = HoldId(1);
    made.currency = usd;
    made.amount = made.remaining = Money(amount, usd);
    return made;
}

PostingDraft post(const AccountRef& account, qint64 minor)
{
    return {account, Bucket::Available, Money(minor, account.currency)};
}

const AccountRef clearing = AccountRef::system(AccountKind::Clearing, usd);
const AccountRef fees = AccountRef::system(AccountKind::Fees, usd);
const AccountRef shopper = AccountRef::wallet(CustomerId(7), usd);

} // namespace

class TestLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void acceptsEntriesThatSumToZero();
    void balancesEachCurrencyByItself();
    void refusesUnbalancedEntries_data();
    void refusesUnbalancedEntries();
    void refusesPostingInAnotherCurrency();
    void postsToTheNamedBucketOnly();
    void ownersNeverGoBelowZero();
    void systemAccountsMayGoBelowZero();
    void refusedPostingsChangeNothing();
    void closedAccountsTakeNothing();
    void holdsAreConsumedInSteps();
    void theLastMovementDecidesHowAHoldCloses();
    void refusesToTakeMoreThanRemains();
    void refusesToConsumeNothing();
    void closedHoldsGiveNothing();
    void accountsAreNamedByOwnerKindAndCurrency();
};

void TestLedger::acceptsEntriesThatSumToZero()
{
    CF_VERIFY_OK(checkBalanced({post(clearing, -1000), post(shopper, 1000)}));
    CF_VERIFY_OK(checkBalanced({post(clearing, -1000), post(shopper, 970), post(fees, 30)}));
    // The same account twice: available to frozen.
    CF_VERIFY_OK(checkBalanced({post(shopper, -5), {shopper, Bucket::Frozen, Money(qint64{5}, usd)}}));
}

void TestLedger::balancesEachCurrencyByItself()
{
    const AccountRef yen = AccountRef::system(AccountKind::Clearing, jpy);
    const AccountRef yenWallet = AccountRef::wallet(CustomerId(7), jpy);
    CF_VERIFY_OK(checkBalanced({post(clearing, -1), post(shopper, 1), post(yen, -9), post(yenWallet, 9)}));
    CF_COMPARE_ERROR(checkBalanced({post(clearing, -9), post(yenWallet, 9)}), ErrorCode::Integrity);
}

void TestLedger::refusesUnbalancedEntries_data()
{
    QTest::addColumn<QList<qint64>>("amounts");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << QList<qint64>{} << u"integrity"_s;
    QTest::newRow("one") << QList<qint64>{5} << u"integrity"_s;
    QTest::newRow("off by one") << QList<qint64>{-100, 101} << u"integrity"_s;
    QTest::newRow("both up") << QList<qint64>{100, 100} << u"integrity"_s;
    QTest::newRow("a posting of nothing") << QList<qint64>{-1, 1, 0} << u"integrity"_s;
    QTest::newRow("overflow") << QList<qint64>{std::numeric_limits<qint64>::max(), 1, -1} << u"amount_overflow"_s;
}

void TestLedger::refusesUnbalancedEntries()
{
    QFETCH(QList<qint64>, amounts);
    QFETCH(QString, code);
    std::vector<PostingDraft> lines;
    for (const qint64 amount : amounts) {
        lines.push_back(post(clearing, amount));
    }
    const auto checked = checkBalanced(lines);
    QVERIFY(!checked.has_value());
    QCOMPARE(toString(checked.error().code), code);
}

void TestLedger::refusesPostingInAnotherCurrency()
{
    const std::vector<PostingDraft> lines{post(clearing, -1), {shopper, Bucket::Available, Money(qint64{1}, jpy)}};
    CF_COMPARE_ERROR(checkBalanced(lines), ErrorCode::CurrencyMismatch);
    Account account = wallet(100);
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Available, Money(qint64{1}, jpy)), ErrorCode::CurrencyMismatch);
}

void TestLedger::postsToTheNamedBucketOnly()
{
    Account account = wallet(1000, 50);
    CF_VERIFY_OK(applyPosting(account, Bucket::Available, Money(qint64{-400}, usd)));
    CF_VERIFY_OK(applyPosting(account, Bucket::Frozen, Money(qint64{400}, usd)));
    QCOMPARE(account.balance(Bucket::Available).minor(), 600);
    QCOMPARE(account.balance(Bucket::Frozen).minor(), 450);
    QCOMPARE(account.version, 2);
    QCOMPARE(account.billed.minor(), 0);
}

void TestLedger::ownersNeverGoBelowZero()
{
    Account account = wallet(100, 100);
    CF_VERIFY_OK(applyPosting(account, Bucket::Available, Money(qint64{-100}, usd)));
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Available, Money(qint64{-1}, usd)), ErrorCode::InsufficientFunds);
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Frozen, Money(qint64{-101}, usd)), ErrorCode::InsufficientFunds);
    account.ownerKind = OwnerKind::Merchant;
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Available, Money(qint64{-1}, usd)), ErrorCode::InsufficientFunds);
}

void TestLedger::systemAccountsMayGoBelowZero()
{
    Account account = wallet(0);
    account.ownerKind = OwnerKind::System;
    account.kind = AccountKind::Clearing;
    CF_VERIFY_OK(applyPosting(account, Bucket::Available, Money(qint64{-100}, usd)));
    QCOMPARE(account.available.minor(), -100);
}

void TestLedger::refusedPostingsChangeNothing()
{
    Account account = wallet(100);
    QVERIFY(!applyPosting(account, Bucket::Available, Money(qint64{-101}, usd)));
    Account full = wallet(std::numeric_limits<qint64>::max());
    CF_COMPARE_ERROR(applyPosting(full, Bucket::Available, Money(qint64{1}, usd)), ErrorCode::AmountOverflow);
    QCOMPARE(account.available.minor(), 100);
    QCOMPARE(account.version, 0);
    QCOMPARE(full.version, 0);
}

void TestLedger::closedAccountsTakeNothing()
{
    Account account = wallet(100);
    account.status = AccountStatus::Closed;
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Available, Money(qint64{1}, usd)), ErrorCode::AccountClosed);
    CF_COMPARE_ERROR(applyPosting(account, Bucket::Available, Money(qint64{-1}, usd)), ErrorCode::AccountClosed);
}

void TestLedger::holdsAreConsumedInSteps()
{
    Hold some = hold(100);
    CF_VERIFY_OK(consume(some, HoldMovementKind::Capture, Money(qint64{30}, usd)));
    QCOMPARE(some.remaining.minor(), 70);
    QCOMPARE(some.amount.minor(), 100);
    QVERIFY(some.state == HoldState::Open);
    CF_VERIFY_OK(consume(some, HoldMovementKind::Capture, Money(qint64{70}, usd)));
    QVERIFY(some.remaining.isZero());
    QVERIFY(some.state == HoldState::Captured);
}

void TestLedger::theLastMovementDecidesHowAHoldCloses()
{
    Hold some = hold(100);
    CF_VERIFY_OK(consume(some, HoldMovementKind::Capture, Money(qint64{30}, usd)));
    CF_VERIFY_OK(consume(some, HoldMovementKind::Release, Money(qint64{70}, usd)));
    QVERIFY(some.state == HoldState::Released);
}

void TestLedger::refusesToTakeMoreThanRemains()
{
    Hold some = hold(100);
    CF_VERIFY_OK(consume(some, HoldMovementKind::Capture, Money(qint64{60}, usd)));
    CF_COMPARE_ERROR(consume(some, HoldMovementKind::Release, Money(qint64{41}, usd)), ErrorCode::HoldExceeded);
    QCOMPARE(some.remaining.minor(), 40);
    QVERIFY(some.state == HoldState::Open);
}

void TestLedger::refusesToConsumeNothing()
{
    Hold some = hold(100);
    CF_COMPARE_ERROR(consume(some, HoldMovementKind::Capture, Money(qint64{0}, usd)), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(consume(some, HoldMovementKind::Release, Money(qint64{-1}, usd)), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(consume(some, HoldMovementKind::Release, Money(qint64{1}, jpy)), ErrorCode::CurrencyMismatch);
    QCOMPARE(some.remaining.minor(), 100);
}

void TestLedger::closedHoldsGiveNothing()
{
    Hold some = hold(100);
    CF_VERIFY_OK(consume(some, HoldMovementKind::Release, Money(qint64{100}, usd)));
    CF_COMPARE_ERROR(consume(some, HoldMovementKind::Capture, Money(qint64{1}, usd)), ErrorCode::HoldExceeded);
}

void TestLedger::accountsAreNamedByOwnerKindAndCurrency()
{
    QVERIFY(wallet(0).ref() == shopper);
    QVERIFY(AccountRef::wallet(CustomerId(7), jpy) != shopper);
    QVERIFY(AccountRef::merchant(MerchantId(7), usd) != shopper);
    QVERIFY(AccountRef::system(AccountKind::Fees, usd) == fees);
}

QTEST_APPLESS_MAIN(TestLedger)
#include "tst_ledger.moc"
