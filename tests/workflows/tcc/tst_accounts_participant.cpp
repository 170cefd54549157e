// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/tcc/accounts_participant.h"
#include "workflows/tcc/divided_funds.h"
#include "workflows/tcc/ledger.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace counterfoil;

/// What a payment does to the books, posting by posting (10-domain, the table of facts).
class TestAccountsParticipant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void readsWhatItWrites();
    void refusesArgumentsWithoutACurrency();
    void freezesTheWalletPart_data() { TestDatabase::addKindRows(); }
    void freezesTheWalletPart();
    void refusesMoreThanIsAvailable_data() { TestDatabase::addKindRows(); }
    void refusesMoreThanIsAvailable();
    void refusesAClosedAccount_data() { TestDatabase::addKindRows(); }
    void refusesAClosedAccount();
    void dividesTheMoneyOnConfirm_data() { TestDatabase::addKindRows(); }
    void dividesTheMoneyOnConfirm();
    void holdsEachShareUntilItsRelease_data() { TestDatabase::addKindRows(); }
    void holdsEachShareUntilItsRelease();
    void givesTheMoneyBackOnCancel_data() { TestDatabase::addKindRows(); }
    void givesTheMoneyBackOnCancel();
    void touchesNoWalletThatPaysNothing_data() { TestDatabase::addKindRows(); }
    void touchesNoWalletThatPaysNothing();
    void booksNothingForAFreeOrder_data() { TestDatabase::addKindRows(); }
    void booksNothingForAFreeOrder();
    void refusesAConfirmWithoutItsHold_data() { TestDatabase::addKindRows(); }
    void refusesAConfirmWithoutItsHold();
};

namespace {

/// Wallet part 60.00, gateway part 35.00, platform discount 5.00, so 100.00 for two merchants: 70.00 less 7.00 and 30.00 less 1.50.
struct Stage {
    explicit Stage(DatabaseKind kind) : shop(kind)
    {
        alpha = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        beta = shop.addMerchant(QStringLiteral("beta"), 500);
        buyer = shop.recharge(QStringLiteral("ann"), usd(10'000));
        funds = DividedFunds{buyer, usd(6'000), usd(3'500), usd(500),
                             {{SubOrderId(21), alpha, usd(6'300), usd(700)}, {SubOrderId(22), beta, usd(2'850), usd(150)}}};
    }

    template<class Function>
    Result<void> in(Function call)
    {
        UnitOfWork work(shop.connection(), shop.clock, shop.ids);
        CF_TRY(work.begin());
        for (auto& row : shop.rows<Hold>()) {
            work.holds.adopt(row);
        }
        const Currency currency;
        CF_TRY(work.loadAccounts({AccountRef::wallet(buyer, currency), AccountRef::merchant(alpha, currency), AccountRef::merchant(beta, currency),
                                  AccountRef::system(AccountKind::Fees, currency), AccountRef::system(AccountKind::Clearing, currency),
                                  AccountRef::system(AccountKind::Promotions, currency)}));
        CF_TRY(call(work));
        return work.commit();
    }

    BranchCall call() const { return {TccId(77), 3, OrderId(11), TransactionId(12), QJsonDocument::fromJson(funds.toJson()).object()}; }
    Result<void> reserve() { return in([&](UnitOfWork& work) { return participant.reserve(work, call()); }); }
    Result<void> confirm() { return in([&](UnitOfWork& work) { return participant.confirm(work, call()); }); }
    Result<void> cancel() { return in([&](UnitOfWork& work) { return participant.cancel(work, call()); }); }

    /// `wallet.frozen -6000`, in the order in which they were posted.
    QStringList postings(EntryKind kind)
    {
        QStringList lines;
        for (const LedgerEntry& entry : shop.rows<LedgerEntry>(QStringLiteral("WHERE kind = ?"), {toString(kind)})) {
            for (const Posting& posting : shop.rows<Posting>(QStringLiteral("WHERE entry_id = ? ORDER BY line"), {bound(entry.id)})) {
                const Account account = shop.rows<Account>(QStringLiteral("WHERE id = ?"), {bound(posting.account)}).front();
                const QString owner = account.ownerKind != OwnerKind::Merchant ? toString(account.kind) : account.ownerId == alpha.value() ? QStringLiteral("alpha") : QStringLiteral("beta");
                lines << QStringLiteral("%1.%2 %3").arg(owner, toString(posting.bucket)).arg(posting.amount.minor());
            }
        }
        return lines;
    }

    QStringList holds()
    {
        QStringList lines;
        for (const Hold& hold : shop.rows<Hold>(QStringLiteral("ORDER BY id"))) {
            lines << QStringLiteral("%1 %2 %3/%4").arg(toString(hold.reason), toString(hold.state)).arg(hold.remaining.minor()).arg(hold.amount.minor());
        }
        return lines;
    }

    qint64 wallet(Bucket bucket) { return shop.balance(AccountRef::wallet(buyer, Currency()), bucket).minor(); }

    /// Those about the ledger: there is no order here.
    QStringList wrongBooks()
    {
        return shop.violations().filter(QRegularExpression(QStringLiteral("^(entry_|account_|running_|frozen_|owner_|hold_|billed_|currency_)")));
    }

    EngineFixture shop;
    AccountsParticipant participant{Duration::days(7)};
    MerchantId alpha;
    MerchantId beta;
    CustomerId buyer;
    DividedFunds funds;
};

} // namespace

void TestAccountsParticipant::readsWhatItWrites()
{
    const Currency kwd = *Currency::parse(u"KWD");
    const DividedFunds funds{CustomerId(9'007'199'254'740'993), Money(qint64{1}, kwd), Money(qint64{9'007'199'254'740'993}, kwd), Money(qint64{0}, kwd),
                             {{SubOrderId(1), MerchantId(9'007'199'254'740'995), Money(qint64{7}, kwd), Money(qint64{2}, kwd)}}};
    const auto read = DividedFunds::fromJson(QJsonDocument::fromJson(funds.toJson()).object());
    CF_VERIFY_OK(read);
    QCOMPARE(read->toJson(), funds.toJson());
    QCOMPARE(read->gatewayPart, funds.gatewayPart);
    QCOMPARE(read->buyer.value(), funds.buyer.value());
    QCOMPARE(read->shares.front().merchant.value(), funds.shares.front().merchant.value());
}

void TestAccountsParticipant::refusesArgumentsWithoutACurrency()
{
    CF_COMPARE_ERROR(DividedFunds::fromJson({}), ErrorCode::Integrity);
    CF_COMPARE_ERROR(DividedFunds::fromJson({{QStringLiteral("currency"), QStringLiteral("XXQ")}}), ErrorCode::Integrity);
}

void TestAccountsParticipant::freezesTheWalletPart()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve());
    QCOMPARE(stage.postings(EntryKind::Freeze), QStringList({QStringLiteral("wallet.available -6000"), QStringLiteral("wallet.frozen 6000")}));
    QCOMPARE(stage.holds(), QStringList{QStringLiteral("payment open 6000/6000")});
    QCOMPARE(stage.wallet(Bucket::Available), 4'000);
    QCOMPARE(stage.wrongBooks(), QStringList());
}

void TestAccountsParticipant::refusesMoreThanIsAvailable()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.funds.walletPart = usd(10'001);
    CF_COMPARE_ERROR(stage.reserve(), ErrorCode::InsufficientFunds);
    QCOMPARE(stage.wallet(Bucket::Available), 10'000);
    QCOMPARE(stage.holds(), QStringList());
    stage.funds.walletPart = usd(10'000);
    CF_VERIFY_OK(stage.reserve());
    QCOMPARE(stage.wallet(Bucket::Available), 0);
}

void TestAccountsParticipant::refusesAClosedAccount()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE account SET status = 'closed' WHERE kind = 'wallet'")));
    CF_COMPARE_ERROR(stage.reserve(), ErrorCode::AccountClosed);
    QCOMPARE(stage.holds(), QStringList());
}

void TestAccountsParticipant::dividesTheMoneyOnConfirm()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve());
    CF_VERIFY_OK(stage.confirm());
    QCOMPARE(stage.postings(EntryKind::Payment),
             QStringList({QStringLiteral("wallet.frozen -6000"), QStringLiteral("clearing.available -3500"), QStringLiteral("promotions.available -500"),
                          QStringLiteral("alpha.frozen 6300"), QStringLiteral("beta.frozen 2850"), QStringLiteral("fees.available 850")}));
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
    const Account wallet = stage.shop.rows<Account>(QStringLiteral("WHERE kind = 'wallet'")).front();
    QCOMPARE(wallet.billed.minor(), 6'000);
    QCOMPARE(stage.wrongBooks(), QStringList());
}

void TestAccountsParticipant::holdsEachShareUntilItsRelease()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve());
    CF_VERIFY_OK(stage.confirm());
    QCOMPARE(stage.holds(), QStringList({QStringLiteral("payment captured 0/6000"), QStringLiteral("settlement open 6300/6300"), QStringLiteral("settlement open 2850/2850")}));
    const auto jobs = stage.shop.rows<Job>(QStringLiteral("WHERE kind = 'settlement_release'"));
    QCOMPARE(jobs.size(), std::size_t{2});
    for (const Job& job : jobs) {
        QCOMPARE(job.dueAt.micros(), (sampleTime + Duration::days(7)).micros());
    }
}

void TestAccountsParticipant::givesTheMoneyBackOnCancel()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve());
    CF_VERIFY_OK(stage.cancel());
    QCOMPARE(stage.postings(EntryKind::Release), QStringList({QStringLiteral("wallet.frozen -6000"), QStringLiteral("wallet.available 6000")}));
    QCOMPARE(stage.holds(), QStringList{QStringLiteral("payment released 0/6000")});
    QCOMPARE(stage.wallet(Bucket::Available), 10'000);
    QCOMPARE(stage.wrongBooks(), QStringList());
}

void TestAccountsParticipant::touchesNoWalletThatPaysNothing()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.funds.gatewayPart = usd(9'500);
    stage.funds.walletPart = usd(0);
    CF_VERIFY_OK(stage.reserve());
    QCOMPARE(stage.holds(), QStringList());
    CF_VERIFY_OK(stage.cancel());
    CF_VERIFY_OK(stage.confirm());
    QCOMPARE(stage.postings(EntryKind::Payment).first(), QStringLiteral("clearing.available -9500"));
    QCOMPARE(stage.wallet(Bucket::Available), 10'000);
    QCOMPARE(stage.wrongBooks(), QStringList());
}

void TestAccountsParticipant::booksNothingForAFreeOrder()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    stage.funds = DividedFunds{stage.buyer, usd(0), usd(0), usd(0), {{SubOrderId(21), stage.alpha, usd(0), usd(0)}}};
    CF_VERIFY_OK(stage.reserve());
    CF_VERIFY_OK(stage.confirm());
    QCOMPARE(stage.postings(EntryKind::Payment), QStringList());
    QCOMPARE(stage.holds(), QStringList());
}

void TestAccountsParticipant::refusesAConfirmWithoutItsHold()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve());
    CF_VERIFY_OK(stage.shop.connection().execute(QStringLiteral("UPDATE hold SET state = 'released', remaining = 0")));
    CF_COMPARE_ERROR(stage.confirm(), ErrorCode::Integrity);
    QCOMPARE(stage.postings(EntryKind::Payment), QStringList());
}

QTEST_GUILESS_MAIN(TestAccountsParticipant)
#include "tst_accounts_participant.moc"
