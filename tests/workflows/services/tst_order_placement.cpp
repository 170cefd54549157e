// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/at_once.h"
#include "tests/support/expect.h"
#include "tests/workflows/services/checkout_stage.h"

#include <QTest>

#include <atomic>

using namespace counterfoil;

/// Checkout: all of an order or nothing of it (20-engine, pre-payment).
class TestOrderPlacement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void dividesTheFunding_data();
    void dividesTheFunding();
    void splitsIntoSubOrders_data();
    void splitsIntoSubOrders();
    void leavesNothingOfARefusal_data();
    void leavesNothingOfARefusal();
    void namesEveryItemThatIsOutOfStock_data() { TestDatabase::addKindRows(); }
    void namesEveryItemThatIsOutOfStock();
    void namesAllItemsOfALongOrder_data() { TestDatabase::addKindRows(); }
    void namesAllItemsOfALongOrder();
    void sameAgainExisted_data() { TestDatabase::addKindRows(); }
    void sameAgainExisted();
    void otherContentUnderTheNumberIsRefused_data() { TestDatabase::addKindRows(); }
    void otherContentUnderTheNumberIsRefused();
    void oneRefusalLeavesTheBatchAlone_data() { TestDatabase::addKindRows(); }
    void oneRefusalLeavesTheBatchAlone();
    void answersAKeyOnce_data() { TestDatabase::addKindRows(); }
    void answersAKeyOnce();
    void aRefusalLeavesTheKeyFree_data() { TestDatabase::addKindRows(); }
    void aRefusalLeavesTheKeyFree();
    void topsTheWalletUp_data() { TestDatabase::addKindRows(); }
    void topsTheWalletUp();
    void knowsOtherCurrencies_data();
    void knowsOtherCurrencies();
    void theLastPieceIsSoldOnce_data();
    void theLastPieceIsSoldOnce();
    void aNewBuyerComesOnce_data();
    void aNewBuyerComesOnce();
};

namespace {

const char* nameOf(DatabaseKind kind)
{
    return kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
}

void addPostgresqlRow()
{
    QTest::addColumn<DatabaseKind>("kind");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        if (kind == DatabaseKind::Postgresql) {
            QTest::newRow("postgresql") << kind;
        }
    }
}

#define NEEDS_POSTGRESQL()                                                                                             \
    if (TestDatabase::kinds().size() == 1) {                                                                           \
        QSKIP("needs PostgreSQL");                                                                                     \
    }

} // namespace

void TestOrderPlacement::dividesTheFunding_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("funding");
    QTest::addColumn<qint64>("stated");
    QTest::addColumn<qint64>("wallet");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::addRow("%s: wallet", nameOf(kind)) << kind << static_cast<int>(Funding::Wallet) << qint64{-1} << qint64{3'001};
        QTest::addRow("%s: gateway", nameOf(kind)) << kind << static_cast<int>(Funding::Gateway) << qint64{-1} << qint64{0};
        QTest::addRow("%s: both, by half", nameOf(kind)) << kind << static_cast<int>(Funding::Both) << qint64{-1} << qint64{1'500};
        QTest::addRow("%s: both, as stated", nameOf(kind)) << kind << static_cast<int>(Funding::Both) << qint64{2'999} << qint64{2'999};
        QTest::addRow("%s: both, nothing of it", nameOf(kind)) << kind << static_cast<int>(Funding::Both) << qint64{0} << qint64{0};
    }
}

void TestOrderPlacement::dividesTheFunding()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, funding);
    QFETCH(const qint64, stated);
    QFETCH(const qint64, wallet);
    CheckoutStage stage(kind);
    NewOrder order = CheckoutStage::pens(3, static_cast<Funding>(funding));
    order.shipping = usd(1);
    if (stated >= 0) {
        order.walletPart = usd(stated);
    }
    const OrderId id = stage.shop.placed(order);
    const Order placed = stage.shop.orderOf(id);
    QCOMPARE(placed.payable, usd(3'001));
    QCOMPARE(placed.walletPart, usd(wallet));
    QCOMPARE(placed.gatewayPart, usd(3'001 - wallet));
    QCOMPARE(stage.wallet(Bucket::Frozen), wallet);
    QCOMPARE(stage.wallet(Bucket::Available), 10'000 - wallet);
    QCOMPARE(stage.stockOf(QStringLiteral("PEN")).frozen, 3);
    QCOMPARE(stage.shop.exchangesOf(id, GatewayOperation::CreateIntent).size(), std::size_t{wallet == 3'001 ? 0U : 1U});
    QCOMPARE(placed.state, QStringLiteral("awaiting_payment"));
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runDue();
    QCOMPARE(stage.shop.orderOf(id).state, QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestOrderPlacement::splitsIntoSubOrders_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("strategy");
    QTest::addColumn<QStringList>("gross");
    QTest::addColumn<QStringList>("details");
    // PEN 10.00 and INK 3.00 of alpha (north, south), DESK 90.00 and BOOK 5.00 of beta (north, south and digital).
    const auto row = [](DatabaseKind kind, SplitStrategy strategy, const QString& gross, const QString& details) {
        QTest::addRow("%s: %s", nameOf(kind), qPrintable(toString(strategy))) << kind << static_cast<int>(strategy) << gross.split(u' ') << details.split(u' ');
    };
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        row(kind, SplitStrategy::None, QStringLiteral("10800"), QStringLiteral("1300/130 9500/475"));
        row(kind, SplitStrategy::Merchant, QStringLiteral("1300 9500"), QStringLiteral("1300/130 9500/475"));
        row(kind, SplitStrategy::Warehouse, QStringLiteral("10000 800"), QStringLiteral("1000/100 300/30 9000/450 500/25"));
        row(kind, SplitStrategy::Fulfilment, QStringLiteral("10300 500"), QStringLiteral("1300/130 9000/450 500/25"));
        row(kind, SplitStrategy::MerchantWarehouse, QStringLiteral("1000 300 9000 500"), QStringLiteral("1000/100 300/30 9000/450 500/25"));
    }
}

void TestOrderPlacement::splitsIntoSubOrders()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, strategy);
    QFETCH(const QStringList, gross);
    QFETCH(const QStringList, details);
    CheckoutStage stage(kind);
    NewOrder order = CheckoutStage::order({{QStringLiteral("PEN"), 1}, {QStringLiteral("INK"), 1}, {QStringLiteral("DESK"), 1}, {QStringLiteral("BOOK"), 1}});
    order.splitStrategy = static_cast<SplitStrategy>(strategy);
    const OrderId id = stage.shop.placed(order);
    QStringList found;
    for (const SubOrder& sub : stage.shop.rows<SubOrder>(QStringLiteral("WHERE order_id = ? ORDER BY line"), {bound(id)})) {
        found << QString::number(sub.gross.minor());
    }
    QCOMPARE(found, gross);
    QCOMPARE(stage.details(id), details);
    stage.shop.runDue();
    QCOMPARE(stage.shop.orderOf(id).state, QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestOrderPlacement::leavesNothingOfARefusal_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<NewOrder>("order");
    QTest::addColumn<ErrorCode>("error");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const auto row = [&](const char* what, NewOrder order, ErrorCode error) {
            order.buyerRef = QStringLiteral("newcomer");
            QTest::addRow("%s: %s", nameOf(kind), what) << kind << order << error;
        };
        row("out of stock", CheckoutStage::pens(11), ErrorCode::OutOfStock);
        row("no money", CheckoutStage::pens(1, Funding::Wallet), ErrorCode::InsufficientFunds);
        row("unknown SKU", CheckoutStage::order({{QStringLiteral("PEN"), 1}, {QStringLiteral("NONE"), 1}}), ErrorCode::NotFound);
        NewOrder order = CheckoutStage::pens(1);
        order.lines.front().warehouse = QStringLiteral("moon");
        row("unknown warehouse", order, ErrorCode::NotFound);
        order = CheckoutStage::pens(1);
        order.lines.front().warehouse = QStringLiteral("south");
        row("not in that warehouse", order, ErrorCode::OutOfStock);
        order = CheckoutStage::pens(1);
        order.couponCodes = {QStringLiteral("NONE")};
        row("unknown coupon", order, ErrorCode::CouponNotApplicable);
        order.couponCodes = {QStringLiteral("GONE")};
        row("used-up coupon", order, ErrorCode::CouponExhausted);
        order.couponCodes = {QStringLiteral("LIKED"), QStringLiteral("GONE")};
        row("a good coupon and a used-up one", order, ErrorCode::CouponExhausted);
        order = CheckoutStage::pens(1, Funding::Both);
        order.walletPart = usd(1'001);
        row("a wallet part above the whole", order, ErrorCode::InvalidAmount);
        order = CheckoutStage::pens(1);
        order.currency = *Currency::parse(u"EUR");
        order.shipping = Money::zero(order.currency);
        order.topUpMultiple = Money::zero(order.currency);
        row("no price in that currency", order, ErrorCode::PriceUnknown);
        order = CheckoutStage::pens(0);
        row("no quantity", order, ErrorCode::QuantityOutOfRange);
    }
}

void TestOrderPlacement::leavesNothingOfARefusal()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const NewOrder, order);
    QFETCH(const ErrorCode, error);
    CheckoutStage stage(kind);
    Coupon gone = stage.coupon(QStringLiteral("GONE"), 100);
    gone.totalLimit = gone.used = 1;
    gone.stackable = true;
    stage.shop.addCoupon(gone);
    Coupon liked = stage.coupon(QStringLiteral("LIKED"), 100);
    liked.stackable = true;
    stage.shop.addCoupon(liked);
    const auto before = stage.shop.counts();
    CF_COMPARE_ERROR(stage.shop.place(order), error);
    QCOMPARE(stage.shop.counts(), before);
    QCOMPARE(stage.stockOf(QStringLiteral("PEN")).frozen, 0);
    QCOMPARE(stage.wallet(Bucket::Frozen), 0);
    QCOMPARE(stage.shop.rows<Coupon>(QStringLiteral("WHERE code = 'LIKED'")).front().used, 0);
    // The number is free for a better try.
    NewOrder better = CheckoutStage::pens(1);
    better.buyerRef = QStringLiteral("newcomer");
    CF_VERIFY_OK(stage.shop.place(better));
}

void TestOrderPlacement::namesEveryItemThatIsOutOfStock()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    const auto refused = stage.shop.place(CheckoutStage::order({{QStringLiteral("PEN"), 11}, {QStringLiteral("DESK"), 1}, {QStringLiteral("INK"), 4}}));
    CF_COMPARE_ERROR(refused, ErrorCode::OutOfStock);
    QCOMPARE(refused.error().detail, QStringLiteral("PEN: 11 wanted, 10 saleable; INK: 4 wanted, 3 saleable"));
}

void TestOrderPlacement::namesAllItemsOfALongOrder()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    std::vector<std::pair<QString, qint64>> lines;
    for (int i = 0; i < 60; ++i) {
        lines.emplace_back(QStringLiteral("THING-%1").arg(i), 2);
        stage.shop.addSku({lines.back().first, stage.alpha, usd(100), 1});
    }
    const auto refused = stage.shop.place(CheckoutStage::order(lines));
    CF_COMPARE_ERROR(refused, ErrorCode::OutOfStock);
    QCOMPARE(refused.error().detail.split(QStringLiteral("; ")).size(), 60);
    QVERIFY(refused.error().detail.endsWith(QStringLiteral("THING-59: 2 wanted, 1 saleable")));
}

void TestOrderPlacement::sameAgainExisted()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    const NewOrder order = CheckoutStage::pens(2, Funding::Both);
    const auto first = stage.shop.place(order);
    CF_VERIFY_OK(first);
    QVERIFY(!first->existed);
    const auto before = stage.shop.counts();
    const auto again = stage.shop.place(order);
    CF_VERIFY_OK(again);
    QVERIFY(again->existed);
    QCOMPARE(again->id.value(), first->id.value());
    QCOMPARE(stage.shop.counts(), before);
    // Twice in one batch as well.
    const std::vector<NewOrder> twice(2, CheckoutStage::order({{QStringLiteral("PEN"), 1}}, Funding::Gateway, QStringLiteral("C-2")));
    const auto results = stage.shop.placement().place(twice, {QStringLiteral("api:shop"), false, nullptr});
    CF_VERIFY_OK(results);
    QCOMPARE((*results)[0]->existed, false);
    QCOMPARE((*results)[1]->existed, true);
    QCOMPARE(stage.shop.count(QStringLiteral("orders")), 2);
}

void TestOrderPlacement::otherContentUnderTheNumberIsRefused()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    stage.shop.placed(CheckoutStage::pens(2));
    const auto before = stage.shop.counts();
    CF_COMPARE_ERROR(stage.shop.place(CheckoutStage::pens(3)), ErrorCode::AlreadyExistsDifferent);
    NewOrder other = CheckoutStage::pens(2);
    other.shipping = usd(1);
    CF_COMPARE_ERROR(stage.shop.place(other), ErrorCode::AlreadyExistsDifferent);
    QCOMPARE(stage.shop.counts(), before);
}

void TestOrderPlacement::oneRefusalLeavesTheBatchAlone()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    std::vector<NewOrder> batch;
    for (int i = 0; i < 4; ++i) {
        batch.push_back(CheckoutStage::order({{QStringLiteral("PEN"), 4}}, Funding::Wallet, QStringLiteral("C-%1").arg(i)));
    }
    batch[1].buyerRef = QStringLiteral("pauper");
    const auto results = EngineFixture::unwrap(stage.shop.placement().place(batch, {QStringLiteral("api:shop"), false, nullptr}));
    CF_VERIFY_OK(results[0]);
    CF_COMPARE_ERROR(results[1], ErrorCode::InsufficientFunds);
    CF_VERIFY_OK(results[2]);
    // Two pens are left: what the refused one wanted was never kept for it.
    CF_COMPARE_ERROR(results[3], ErrorCode::OutOfStock);
    QCOMPARE(stage.stockOf(QStringLiteral("PEN")).frozen, 8);
    QCOMPARE(stage.wallet(Bucket::Frozen), 8'000);
    QCOMPARE(stage.shop.count(QStringLiteral("orders")), 2);
    QVERIFY(stage.shop.rows<Customer>(QStringLiteral("WHERE external_ref = 'pauper'")).empty());
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestOrderPlacement::answersAKeyOnce()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    const IntakeContext context{QStringLiteral("api:shop"), false, nullptr};
    const KeyedPlacement keyed{QStringLiteral("orders"), QStringLiteral("key-1"), QStringLiteral("hash-1")};
    const auto first = stage.shop.placement().placeOnce(CheckoutStage::pens(1), context, keyed);
    CF_VERIFY_OK(first);
    const auto before = stage.shop.counts();
    const auto again = stage.shop.placement().placeOnce(CheckoutStage::pens(1), context, keyed);
    CF_VERIFY_OK(again);
    QCOMPARE(again->id.value(), first->id.value());
    CF_COMPARE_ERROR(stage.shop.placement().placeOnce(CheckoutStage::pens(1), context, {keyed.scope, keyed.key, QStringLiteral("hash-2")}), ErrorCode::IdempotencyKeyReused);
    QCOMPARE(stage.shop.counts(), before);
    // Another scope's key is another key.
    NewOrder second = CheckoutStage::order({{QStringLiteral("PEN"), 1}}, Funding::Gateway, QStringLiteral("C-2"));
    CF_VERIFY_OK(stage.shop.placement().placeOnce(second, context, {QStringLiteral("elsewhere"), keyed.key, QStringLiteral("hash-2")}));
}

void TestOrderPlacement::aRefusalLeavesTheKeyFree()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    const IntakeContext context{QStringLiteral("api:shop"), false, nullptr};
    const auto before = stage.shop.counts();
    CF_COMPARE_ERROR(stage.shop.placement().placeOnce(CheckoutStage::pens(11), context, {QStringLiteral("orders"), QStringLiteral("key-1"), QStringLiteral("hash-1")}), ErrorCode::OutOfStock);
    QCOMPARE(stage.shop.counts(), before);
    CF_VERIFY_OK(stage.shop.placement().placeOnce(CheckoutStage::pens(10), context, {QStringLiteral("orders"), QStringLiteral("key-1"), QStringLiteral("hash-2")}));
}

void TestOrderPlacement::topsTheWalletUp()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    NewOrder order = CheckoutStage::order({{QStringLiteral("DESK"), 2}}, Funding::Wallet);
    order.topUpMultiple = usd(5'000);
    const OrderId id = stage.shop.placed(order);
    // 180.00 are needed and 100.00 there: 80.00 are missing, so two times 50.00.
    QCOMPARE(stage.wallet(Bucket::Frozen), 18'000);
    QCOMPARE(stage.wallet(Bucket::Available), 2'000);
    const auto recharges = stage.shop.rows<PaymentTransaction>(QStringLiteral("WHERE kind = 'recharge'"));
    QCOMPARE(recharges.size(), std::size_t{1});
    QCOMPARE(recharges.front().amount, usd(10'000));
    stage.shop.runDue();
    QCOMPARE(stage.shop.orderOf(id).state, QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
    // What is refused is not topped up for.
    NewOrder refused = CheckoutStage::order({{QStringLiteral("DESK"), 9}}, Funding::Wallet, QStringLiteral("C-2"));
    refused.topUpMultiple = usd(5'000);
    CF_COMPARE_ERROR(stage.shop.place(refused), ErrorCode::OutOfStock);
    QCOMPARE(stage.wallet(Bucket::Available), 2'000);
}

void TestOrderPlacement::knowsOtherCurrencies_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<qint64>("price");
    QTest::addColumn<QString>("payable");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::addRow("%s: no decimals", nameOf(kind)) << kind << QStringLiteral("JPY") << qint64{1'999} << QStringLiteral("5997 JPY");
        QTest::addRow("%s: three decimals", nameOf(kind)) << kind << QStringLiteral("KWD") << qint64{12'340} << QStringLiteral("37.020 KWD");
    }
}

void TestOrderPlacement::knowsOtherCurrencies()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const QString, code);
    QFETCH(const qint64, price);
    QFETCH(const QString, payable);
    CheckoutStage stage(kind);
    const Currency currency = *Currency::parse(code);
    stage.shop.addTier({{}, stage.pen, 1, currency, Money(price, currency), {}, {}, {}});
    NewOrder order = CheckoutStage::pens(3);
    order.currency = currency;
    order.shipping = order.topUpMultiple = Money::zero(currency);
    const OrderId id = stage.shop.placed(order);
    QCOMPARE(stage.shop.orderOf(id).payable.toText(), payable);
    stage.shop.runDue();
    QCOMPARE(stage.shop.orderOf(id).state, QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.balance(AccountRef::system(AccountKind::Clearing, currency), Bucket::Available), Money(-3 * price, currency));
    QCOMPARE(stage.shop.balance(AccountRef::system(AccountKind::Clearing, Currency()), Bucket::Available), usd(0));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestOrderPlacement::theLastPieceIsSoldOnce_data()
{
    addPostgresqlRow();
}

void TestOrderPlacement::theLastPieceIsSoldOnce()
{
    NEEDS_POSTGRESQL();
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    for (int round = 0; round < 10; ++round) {
        const QString sku = QStringLiteral("RARE-%1").arg(round);
        stage.shop.addSku({sku, stage.alpha, usd(100), 1});
    }
    std::atomic<int> sold = 0;
    std::atomic<int> outOfStock = 0;
    atOnce(2, [&](int number, const std::function<void()>& ready) {
        EngineFixture till(stage.shop.database(), 30 + number);
        ready();
        for (int round = 0; round < 10; ++round) {
            const NewOrder order = EngineFixture::order(QStringLiteral("T%1-%2").arg(number).arg(round), QStringLiteral("buyer-%1").arg(number), {{QStringLiteral("RARE-%1").arg(round), 1}});
            const auto outcome = till.place(order);
            sold += outcome.has_value() ? 1 : 0;
            outOfStock += !outcome && outcome.error().code == ErrorCode::OutOfStock ? 1 : 0;
        }
    });
    QCOMPARE(sold.load(), 10);
    QCOMPARE(outOfStock.load(), 10);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestOrderPlacement::aNewBuyerComesOnce_data()
{
    addPostgresqlRow();
}

void TestOrderPlacement::aNewBuyerComesOnce()
{
    NEEDS_POSTGRESQL();
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    std::atomic<int> placed = 0;
    std::atomic<int> existed = 0;
    atOnce(2, [&](int number, const std::function<void()>& ready) {
        EngineFixture till(stage.shop.database(), 40 + number);
        ready();
        for (int i = 0; i < 10; ++i) {
            // The same order from both tills, by somebody new.
            const auto outcome = till.place(EngineFixture::order(QStringLiteral("N-%1").arg(i), QStringLiteral("new-%1").arg(i), {{QStringLiteral("BOOK"), 1}}));
            if (outcome) {
                ++(outcome->existed ? existed : placed);
            }
        }
    });
    QCOMPARE(placed.load(), 10);
    QCOMPARE(existed.load(), 10);
    QCOMPARE(stage.shop.rows<Customer>(QStringLiteral("WHERE external_ref LIKE 'new-%'")).size(), std::size_t{10});
    QCOMPARE(stage.shop.violations(), QStringList());
}


QTEST_GUILESS_MAIN(TestOrderPlacement)
#include "tst_order_placement.moc"
