// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"
#include "tests/support/at_once.h"
#include "tests/support/expect.h"
#include "tests/workflows/engine/refund_stage.h"

#include <QFile>
#include <QTest>

#include <atomic>

using namespace counterfoil;

/// What may be refunded of an order, how it is divided, and that it is refunded once.
class TestRefundRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void dividesAPart_data() { TestDatabase::addKindRows(); }
    void dividesAPart();
    void theWalletNeedsNoGateway_data() { TestDatabase::addKindRows(); }
    void theWalletNeedsNoGateway();
    void anySequenceComesToNothingLeft_data();
    void anySequenceComesToNothingLeft();
    void refusesMoreThanIsLeft_data() { TestDatabase::addKindRows(); }
    void refusesMoreThanIsLeft();
    void refusesWhatIsNotPaid_data() { TestDatabase::addKindRows(); }
    void refusesWhatIsNotPaid();
    void linesAreWorthWhatWasPaidForThem_data() { TestDatabase::addKindRows(); }
    void linesAreWorthWhatWasPaidForThem();
    void oneKeyRefundsOnce_data() { TestDatabase::addKindRows(); }
    void oneKeyRefundsOnce();
    void twoAtOnceNeverExceedWhatWasPaid_data() { TestDatabase::addKindRows(); }
    void twoAtOnceNeverExceedWhatWasPaid();
    void takesWhatIsSettledAlready_data() { TestDatabase::addKindRows(); }
    void takesWhatIsSettledAlready();
    void refusesWhatTheMerchantHasNot_data() { TestDatabase::addKindRows(); }
    void refusesWhatTheMerchantHasNot();
    void givesAReleasedSettlementBackAtOnce_data() { TestDatabase::addKindRows(); }
    void givesAReleasedSettlementBackAtOnce();
    void anOrderThatEndedCanBeRefunded_data() { TestDatabase::addKindRows(); }
    void anOrderThatEndedCanBeRefunded();
    void aLostCancellationThatIsNotRefundedGoesToReview_data() { TestDatabase::addKindRows(); }
    void aLostCancellationThatIsNotRefundedGoesToReview();
    void ordersOfAnOlderWorkflowAreRefundedToo_data() { TestDatabase::addKindRows(); }
    void ordersOfAnOlderWorkflowAreRefundedToo();
};

namespace {

Coupon coupon(const QString& code, const Money& value, CouponFunding fundedBy)
{
    Coupon coupon;
    coupon.code = code;
    coupon.currency = value.currency();
    coupon.value = value;
    coupon.fundedBy = fundedBy;
    coupon.stackable = true;
    return coupon;
}

} // namespace

void TestRefundRequest::dividesAPart()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay(Funding::Both);
    const qint64 wallet = stage.wallet();
    const TransactionId refund = stage.refund(1'001);
    const PaymentTransaction row = stage.transaction(refund);
    CF_COMPARE_ENUM(row.kind, TransactionKind::Refund);
    // 14.99 came from the wallet, 15.00 by the gateway.
    QCOMPARE(row.walletPart, usd(500));
    QCOMPARE(row.gatewayPart, usd(501));
    const auto details = stage.details(refund);
    QCOMPARE(details.size(), std::size_t{2});
    // 20.00 of alpha's and 9.99 of beta's.
    QCOMPARE(details[0].gross, usd(668));
    QCOMPARE(details[0].commission, usd(67));
    QCOMPARE(details[1].gross, usd(333));
    QCOMPARE(details[1].commission, usd(42));
    stage.shop.runDue();
    QCOMPARE(stage.wallet(), wallet + 500);
    QCOMPARE(stage.shop.gateway.refunds().front().amount, usd(501));
    QCOMPARE(stage.refunded(), 1'001);
    const auto paid = stage.details(stage.shop.paymentOf(stage.order).id);
    QCOMPARE(paid[0].refunded, usd(668));
    QCOMPARE(paid[1].refunded, usd(333));
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::theWalletNeedsNoGateway()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay(Funding::Wallet);
    const qint64 before = stage.wallet();
    const TransactionId refund = stage.refund(500);
    QCOMPARE(stage.wallet(), before);
    stage.shop.runDue();
    QCOMPARE(stage.status(refund), QStringLiteral("succeeded"));
    QCOMPARE(stage.wallet(), before + 500);
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 0);
    QCOMPARE(stage.state(), QStringLiteral("fulfilling"));
    QCOMPARE(stage.news(), QStringList({QStringLiteral("refund.requested noted"), QStringLiteral("refund.confirmed noted")}));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::anySequenceComesToNothingLeft_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<int>("funding");
    QTest::addColumn<QStringList>("coupons");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
        const QString usd = QStringLiteral("USD");
        QTest::addRow("%s: gateway", name) << kind << usd << static_cast<int>(Funding::Gateway) << QStringList();
        QTest::addRow("%s: both, the platform's coupon", name) << kind << usd << static_cast<int>(Funding::Both) << QStringList{QStringLiteral("PLATFORM")};
        QTest::addRow("%s: both, both coupons", name) << kind << usd << static_cast<int>(Funding::Both) << QStringList{QStringLiteral("PLATFORM"), QStringLiteral("MERCHANT")};
        QTest::addRow("%s: wallet, the merchant's coupon", name) << kind << usd << static_cast<int>(Funding::Wallet) << QStringList{QStringLiteral("MERCHANT")};
        QTest::addRow("%s: yen", name) << kind << QStringLiteral("JPY") << static_cast<int>(Funding::Both) << QStringList{QStringLiteral("PLATFORM")};
        QTest::addRow("%s: dinars", name) << kind << QStringLiteral("KWD") << static_cast<int>(Funding::Both) << QStringList{QStringLiteral("PLATFORM")};
    }
}

void TestRefundRequest::anySequenceComesToNothingLeft()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const QString, currency);
    QFETCH(const int, funding);
    QFETCH(const QStringList, coupons);
    RefundStage stage(kind, {}, *Currency::parse(currency));
    stage.shop.addCoupon(coupon(QStringLiteral("PLATFORM"), stage.of(377), CouponFunding::Platform));
    Coupon merchants = coupon(QStringLiteral("MERCHANT"), stage.of(151), CouponFunding::Merchant);
    merchants.merchant = stage.alpha;
    stage.shop.addCoupon(merchants);
    const auto before = stage.wallet();
    stage.pay(static_cast<Funding>(funding), [&](NewOrder& order) {
        order.couponCodes = {coupons.begin(), coupons.end()};
        if (currency == u"KWD") {
            // 20.000 through the gateway, which takes dinars in steps of ten fils.
            order.walletPart = stage.of(622);
        }
    });
    const qint64 paid = stage.shop.orderOf(stage.order).paid.minor();
    std::mt19937 random(7);
    qint64 left = paid;
    while (left > 0) {
        // The wallet makes up for the gateway's steps, as long as it can.
        const qint64 amount = std::min<qint64>(left, 1 + static_cast<qint64>(random() % 700));
        const auto asked = stage.request(amount);
        if (currency == u"KWD" && !asked) {
            CF_COMPARE_ERROR(asked, ErrorCode::InvalidAmount);
            CF_VERIFY_OK(stage.request(left));
            left = 0;
        } else {
            CF_VERIFY_OK(asked);
            left -= amount;
        }
        if (random() % 2 == 0) {
            stage.shop.runDue();
            QCOMPARE(stage.shop.violations(), QStringList());
        }
    }
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("refunded"));
    QCOMPARE(stage.refunded(), paid);
    QCOMPARE(stage.wallet(), before);
    for (const AccountKind system : {AccountKind::Clearing, AccountKind::Fees, AccountKind::Promotions}) {
        QCOMPARE(stage.system(system), 0);
    }
    for (const MerchantId merchant : {stage.alpha, stage.beta}) {
        QCOMPARE(stage.merchant(merchant, Bucket::Frozen) + stage.merchant(merchant, Bucket::Available), 0);
    }
    for (const TransactionDetail& detail : stage.details(stage.shop.paymentOf(stage.order).id)) {
        QCOMPARE(detail.refunded, detail.gross);
    }
    QCOMPARE(stage.shop.violations(), QStringList());
    CF_COMPARE_ERROR(stage.request(1), ErrorCode::RefundExceeded);
}

void TestRefundRequest::refusesMoreThanIsLeft()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const auto before = stage.shop.counts();
    CF_COMPARE_ERROR(stage.request(3'000), ErrorCode::RefundExceeded);
    CF_COMPARE_ERROR(stage.request(0), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(stage.request(-1), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(stage.request(RefundRequest{Money(qint64{1}, *Currency::parse(QStringLiteral("EUR"))), {}}), ErrorCode::CurrencyMismatch);
    QCOMPARE(stage.shop.counts(), before);
    // What is under way counts, also while nobody knows what becomes of it.
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::UnknownBefore});
    stage.refund(2'000);
    stage.shop.runDue();
    CF_COMPARE_ERROR(stage.request(1'000), ErrorCode::RefundExceeded);
    CF_VERIFY_OK(stage.request(999));
    CF_COMPARE_ERROR(stage.request(1), ErrorCode::RefundExceeded);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::refusesWhatIsNotPaid()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.shop.gateway.script(GatewayOperation::ConfirmIntent, {Fault::RequiresAction});
    stage.order = stage.shop.placed(EngineFixture::order(QStringLiteral("R-9"), QStringLiteral("ann"), {{QStringLiteral("PEN"), 1}}));
    CF_COMPARE_ERROR(stage.request(1), ErrorCode::RefundExceeded);
    stage.shop.runDue();
    CF_COMPARE_ERROR(stage.request(RefundRequest{}), ErrorCode::RefundExceeded);
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("cancelled"));
    CF_COMPARE_ERROR(stage.request(1), ErrorCode::RefundExceeded);
    stage.order = OrderId(4711);
    CF_COMPARE_ERROR(stage.request(1), ErrorCode::NotFound);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::linesAreWorthWhatWasPaidForThem()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.shop.addCoupon(coupon(QStringLiteral("PLATFORM"), usd(300), CouponFunding::Platform));
    stage.pay(Funding::Gateway, [](NewOrder& order) {
        order.couponCodes = {QStringLiteral("PLATFORM")};
        order.shipping = usd(299);
    });
    const auto items = stage.shop.rows<OrderItem>(QStringLiteral("WHERE order_id = ? ORDER BY line"), {bound(stage.order)});
    const auto worth = [](const OrderItem& item) { return item.amount.minor() - item.platformDiscount.minor() - item.merchantDiscount.minor() + item.shipping.minor(); };
    CF_COMPARE_ERROR(stage.request(RefundRequest{{}, {{3, 1}}}), ErrorCode::NotFound);
    CF_COMPARE_ERROR(stage.request(RefundRequest{{}, {{1, 3}}}), ErrorCode::QuantityOutOfRange);
    CF_COMPARE_ERROR(stage.request(RefundRequest{{}, {{1, 0}}}), ErrorCode::QuantityOutOfRange);
    const auto first = stage.request(RefundRequest{{}, {{1, 1}, {2, 1}}});
    CF_VERIFY_OK(first);
    CF_COMPARE_ERROR(stage.request(RefundRequest{{}, {{1, 2}}}), ErrorCode::QuantityOutOfRange);
    // The rest of both lines, less what was given beside the goods.
    const auto beside = stage.request(100);
    CF_VERIFY_OK(beside);
    const auto rest = stage.request(RefundRequest{{}, {{1, 1}, {2, 2}}});
    CF_VERIFY_OK(rest);
    QCOMPARE(first->amount.minor() + beside->amount.minor() + rest->amount.minor(), worth(items[0]) + worth(items[1]));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("refunded"));
    QCOMPARE(stage.shop.rows<RefundItem>().size(), std::size_t{4});
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::oneKeyRefundsOnce()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    const QString key = QStringLiteral("RMA-1");
    const auto first = stage.request(1'000, key);
    CF_VERIFY_OK(first);
    QVERIFY(!first->existed);
    const auto again = stage.request(1'000, key);
    CF_VERIFY_OK(again);
    QVERIFY(again->existed);
    QCOMPARE(again->id, first->id);
    QCOMPARE(again->amount, usd(1'000));
    CF_COMPARE_ERROR(stage.request(1'001, key), ErrorCode::IdempotencyKeyReused);
    CF_COMPARE_ERROR(stage.request(RefundRequest{}, key), ErrorCode::IdempotencyKeyReused);
    stage.shop.runDue();
    QCOMPARE(stage.request(1'000, key)->id, first->id);
    QCOMPARE(stage.refunded(), 1'000);
    // Somebody else's key of the same name is another one.
    CF_VERIFY_OK(stage.request(RefundRequest{usd(500), {}}, key, QStringLiteral("operator:ada")));
    // A refusal leaves the key free.
    CF_COMPARE_ERROR(stage.request(9'000, QStringLiteral("RMA-2")), ErrorCode::RefundExceeded);
    CF_VERIFY_OK(stage.request(900, QStringLiteral("RMA-2")));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::twoAtOnceNeverExceedWhatWasPaid()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay(Funding::Both);
    std::atomic<int> begun = 0;
    std::atomic<int> exceeded = 0;
    std::atomic<int> sameKey = 0;
    const OrderId order = stage.order;
    atOnce(2, [&](int number, const std::function<void()>& ready) {
        EngineFixture desk(stage.shop.database(), 30 + number);
        ready();
        for (int i = 0; i < 8; ++i) {
            // 8 × 2 × 2.50 are more than the 29.99 that were paid.
            const auto outcome = desk.refunds().request(order, RefundRequest{usd(250), {}}, QStringLiteral("%1-%2").arg(number).arg(i), QStringLiteral("api:shop"), {});
            begun += outcome.has_value() ? 1 : 0;
            exceeded += !outcome && outcome.error().code == ErrorCode::RefundExceeded ? 1 : 0;
            const auto shared = desk.refunds().request(order, RefundRequest{usd(1), {}}, QStringLiteral("shared"), QStringLiteral("api:shop"), {});
            sameKey += shared && !shared->existed ? 1 : 0;
        }
    });
    QCOMPARE(begun.load(), 11);
    QCOMPARE(exceeded.load(), 5);
    QCOMPARE(sameKey.load(), 1);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 11 * 250 + 1);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::takesWhatIsSettledAlready()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.refund(300);
    stage.shop.runUntilQuiet(Duration::days(8));
    QCOMPARE(stage.held(HoldReason::Settlement), 0);
    const qint64 alpha = stage.merchant(stage.alpha, Bucket::Available);
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::Pending});
    const TransactionId refund = stage.refundAll();
    stage.shop.runDue();
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available), 0);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Frozen), alpha);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, QStringLiteral("failed"));
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    QCOMPARE(stage.status(refund), QStringLiteral("failed"));
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available), alpha);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Frozen), 0);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.refundAll();
    stage.shop.runDue();
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available), 0);
    QCOMPARE(stage.shop.rows<Account>(QStringLiteral("WHERE owner_kind = 'merchant' AND owner_id = ?"), {bound(stage.alpha)}).front().billed, usd(0));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::refusesWhatTheMerchantHasNot()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.runUntilQuiet(Duration::days(8));
    // 18.00 were alpha's, 8.74 beta's.
    stage.withdraw(stage.beta, 800);
    const auto before = stage.shop.counts();
    const qint64 alpha = stage.merchant(stage.alpha, Bucket::Available);
    CF_COMPARE_ERROR(stage.request(RefundRequest{}), ErrorCode::InsufficientFunds);
    CF_COMPARE_ERROR(stage.request(RefundRequest{{}, {{2, 1}}}), ErrorCode::InsufficientFunds);
    QCOMPARE(stage.shop.counts(), before);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available), alpha);
    QCOMPARE(stage.calls(GatewayOperation::CreateRefund), 0);
    // Of the other merchant's goods it can be had.
    CF_VERIFY_OK(stage.request(RefundRequest{{}, {{1, 2}}}));
    stage.shop.runDue();
    QCOMPARE(stage.refunded(), 2'000);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::givesAReleasedSettlementBackAtOnce()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::Pending});
    const TransactionId refund = stage.refund(1'000);
    stage.shop.runUntilQuiet(Duration::days(8));
    // What isn't being refunded was released meanwhile.
    QCOMPARE(stage.held(HoldReason::Settlement), 0);
    const qint64 kept = stage.held(HoldReason::Refund);
    const qint64 had = stage.merchant(stage.alpha, Bucket::Available) + stage.merchant(stage.beta, Bucket::Available);
    QVERIFY(kept > 0);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.gateway.setRefundStatus(stage.transaction(refund).gatewayRef, QStringLiteral("failed"));
    stage.shop.deliverCallbacks();
    stage.shop.runDue();
    QCOMPARE(stage.held(HoldReason::Refund) + stage.held(HoldReason::Settlement), 0);
    QCOMPARE(stage.merchant(stage.alpha, Bucket::Available) + stage.merchant(stage.beta, Bucket::Available), had + kept);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::anOrderThatEndedCanBeRefunded()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.pay();
    stage.shop.apply(stage.order, QStringLiteral("shipment.dispatched"), QStringLiteral("worker"));
    stage.shop.apply(stage.order, QStringLiteral("delivery.confirmed"), QStringLiteral("worker"));
    QCOMPARE(stage.state(), QStringLiteral("completed"));
    stage.shop.runUntilQuiet(Duration::days(30));
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.refund(500);
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("completed"));
    stage.refundAll();
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("refunded"));
    const QString requested = QStringLiteral("refund.requested noted");
    QCOMPARE(stage.news(), QStringList({requested, QStringLiteral("refund.confirmed noted"), requested, QStringLiteral("refund.confirmed applied")}));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestRefundRequest::ordersOfAnOlderWorkflowAreRefundedToo()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    QFile file(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    QVERIFY(file.open(QFile::ReadOnly));
    const QString without = QString::fromUtf8(file.readAll()).replace(QStringLiteral("event=\"refund."), QStringLiteral("event=\"later."));
    CF_VERIFY_OK(publishWorkflow(stage.shop.connection(), QStringLiteral("order"), without, QStringLiteral("system"), sampleTime));
    EngineFixture older(stage.shop.database(), 2);
    older.clock.set(stage.shop.clock.now());
    const OrderId order = older.placed(EngineFixture::order(QStringLiteral("OLD"), QStringLiteral("ann"), {{QStringLiteral("PEN"), 1}}, Funding::Wallet));
    older.runDue();
    QCOMPARE(older.orderOf(order).revision, 2);
    CF_VERIFY_OK(older.refunds().request(order, {}, QStringLiteral("key"), QStringLiteral("api:shop"), {}));
    older.runDue();
    QCOMPARE(older.orderOf(order).refunded, usd(1'000));
    QCOMPARE(older.orderOf(order).state, QStringLiteral("fulfilling"));
    const auto events = older.rows<OrderEvent>(QStringLiteral("WHERE order_id = ? AND event = 'refund.confirmed'"), {bound(order)});
    QCOMPARE(events.size(), std::size_t{1});
    CF_COMPARE_ENUM(events.front().outcome, EventOutcome::Noted);
    QCOMPARE(older.violations(), QStringList());
}

void TestRefundRequest::aLostCancellationThatIsNotRefundedGoesToReview()
{
    QFETCH(const DatabaseKind, kind);
    RefundStage stage(kind);
    stage.order = stage.shop.placed(EngineFixture::order(QStringLiteral("R-9"), QStringLiteral("ann"), {{QStringLiteral("PEN"), 1}}));
    QVERIFY(stage.shop.runRound());
    const auto answers = stage.send();
    stage.shop.apply(stage.order, QStringLiteral("cancel.requested"));
    QCOMPARE(stage.state(), QStringLiteral("cancelling"));
    stage.shop.gateway.script(GatewayOperation::CreateRefund, {Fault::RefundFailed});
    stage.apply(answers);
    QCOMPARE(stage.state(), QStringLiteral("refunding"));
    QCOMPARE(stage.shop.violations(), QStringList());
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("review"));
    QCOMPARE(stage.shop.openCases(), QStringList({QStringLiteral("order_review"), QStringLiteral("refund_refused")}));
    // A person tries once more.
    stage.shop.apply(stage.order, QStringLiteral("review.refund"), QStringLiteral("operator:ada"));
    stage.shop.runDue();
    QCOMPARE(stage.state(), QStringLiteral("refunded"));
    QCOMPARE(stage.shop.violations(), QStringList());
}

QTEST_GUILESS_MAIN(TestRefundRequest)
#include "tst_refund_request.moc"
