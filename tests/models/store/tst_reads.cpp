// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"
#include "models/store/reads/order_detail.h"
#include "models/store/reads/order_reads.h"
#include "models/store/reads/search_reads.h"
#include "models/store/reads/status_reads.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <algorithm>

namespace counterfoil {

namespace {

const OrderId rich(1000);

QList<qint64> idsOf(const std::vector<Order>& orders)
{
    QList<qint64> ids;
    for (const Order& order : orders) {
        ids << order.id.value();
    }
    return ids;
}

/// `order 1000` or `account 2`, in the order found.
QStringList textsOf(const std::vector<SearchHit>& hits)
{
    static const QStringList kinds{QStringLiteral("order"), QStringLiteral("account"), QStringLiteral("customer"), QStringLiteral("merchant")};
    QStringList texts;
    for (const SearchHit& hit : hits) {
        texts << kinds[static_cast<int>(hit.kind)] + u' ' + QString::number(hit.id);
    }
    return texts;
}

} // namespace

/// Every case on every kind of database: one order with all its parts (1000) and ten plain ones (1 to 10).
class TestReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanupTestCase() { m_database.reset(); }

    void pagesByKeyInBothDirections_data();
    void pagesByKeyInBothDirections();
    void skipsAndIncludesTheAnchor();
    void filtersOrders_data();
    void filtersOrders();
    void countsWhatStandsInFront();
    void collectsAnchors();
    void countsStates();
    void readsAnOrderWithAllItsParts();
    void saysThatAnOrderIsNotThere();
    void readsPayloadsOnDemand();
    void listsAccountsWithTheirOwners();
    void readsAnAccountWithItsHolds();
    void pagesPostingsNewestFirst();
    void sumsBalancesByKind();
    void finds_data();
    void finds();
    void findsNothingFor_data();
    void findsNothingFor();
    void tellsTheStateOfTheSystem();
    void sumsOrdersByState();
    void refusesToWriteThroughAReader();

private:
    template<class T>
    void put(const T& row)
    {
        const auto written = insertRow(m_database->writer(), row);
        QVERIFY2(written.has_value(), written ? "" : qPrintable(written.error().text()));
    }
    void putParties();
    void putRichOrder();
    void putMoney();
    void putProcess();
    Connection& reader() { return m_database->reader(); }

    std::unique_ptr<TestDatabase> m_database;
};

void TestReads::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    if (m_database && m_database->url().kind == kind) {
        return; // reads change nothing
    }
    m_database = TestDatabase::create(kind);
    putParties();
    for (qint64 n = 1; n <= 10; ++n) {
        Order order = sampleOrder(n, CustomerId(2), n % 2 == 0 ? QStringLiteral("created") : QStringLiteral("awaiting_payment"));
        order.buyerName = QStringLiteral("Darrin Van Huff");
        // Placed in another order than made, two at the same moment.
        order.placedAt = sampleTime + Duration::minutes(n == 10 ? 1 : 20 - n);
        put(order);
    }
    putRichOrder();
    putMoney();
    putProcess();
}

void TestReads::putParties()
{
    put(sampleCustomer(1, QStringLiteral("Claire Gute"), QStringLiteral("claire@example.com")));
    put(sampleCustomer(2, QStringLiteral("Darrin Van Huff"), QStringLiteral("darrin@example.com")));
    put(sampleCustomer(3, QStringLiteral("100% _odd"), QStringLiteral("odd@example.com")));
    put(Merchant{MerchantId(7), QStringLiteral("bush"), QStringLiteral("Bush Furniture"), BasisPoints(250), sampleTime});
    put(Warehouse{WarehouseId(3), QStringLiteral("N"), QStringLiteral("North")});
}

void TestReads::putRichOrder()
{
    Order order = sampleOrder(rich.value(), CustomerId(1), QStringLiteral("paid"));
    order.orderNo = QStringLiteral("CA-2016-152156");
    order.paid = order.payable = usd(26'196);
    order.goods = usd(25'696);
    order.gatewayPart = usd(20'000);
    order.walletPart = usd(6'196);
    order.funding = Funding::Both;
    put(order);
    SubOrder subOrder;
    subOrder.id = SubOrderId(2000);
    subOrder.order = rich;
    subOrder.merchant = MerchantId(7);
    subOrder.warehouse = WarehouseId(3);
    subOrder.goods = usd(25'696);
    subOrder.shipping = usd(500);
    subOrder.gross = usd(26'196);
    put(subOrder);
    OrderItem item;
    item.id = OrderItemId(3000);
    item.order = rich;
    item.subOrder = subOrder.id;
    item.sku = SkuId(1);
    item.seller = MerchantId(7);
    item.warehouse = WarehouseId(3);
    item.skuCode = QStringLiteral("FUR-BO-10001798");
    item.productName = QStringLiteral("Bush Somerset Bookcase");
    item.quantity = 2;
    item.unitPrice = usd(12'848);
    item.amount = usd(25'696);
    put(item);
    PaymentTransaction transaction;
    transaction.id = TransactionId(4000);
    transaction.order = rich;
    transaction.amount = usd(26'196);
    transaction.gatewayPart = usd(20'000);
    transaction.walletPart = usd(6'196);
    transaction.status = TransactionStatus::Succeeded;
    transaction.gatewayRef = QStringLiteral("pi_3abc");
    transaction.cardBrand = QStringLiteral("visa");
    transaction.cardLast4 = QStringLiteral("4242");
    transaction.createdAt = sampleTime;
    put(transaction);
    TransactionDetail detail;
    detail.transaction = transaction.id;
    detail.subOrder = subOrder.id;
    detail.merchant = MerchantId(7);
    detail.gross = detail.net = usd(26'196);
    put(detail);
}

void TestReads::putMoney()
{
    put(sampleAccount(1, AccountRef::system(AccountKind::Clearing, Currency()), -20'000, 0));
    put(sampleAccount(2, AccountRef::wallet(CustomerId(1), Currency()), 5'000, 1'500));
    put(sampleAccount(3, AccountRef::merchant(MerchantId(7), Currency()), 0, 20'000));
    Hold hold;
    hold.id = HoldId(5000);
    hold.account = AccountId(3);
    hold.amount = hold.remaining = usd(20'000);
    hold.reason = HoldReason::Settlement;
    hold.order = rich;
    hold.createdAt = sampleTime;
    put(hold);
    hold.id = HoldId(4999);
    hold.account = AccountId(2);
    hold.remaining = usd(0);
    hold.state = HoldState::Captured;
    put(hold);
    for (int n = 0; n < 3; ++n) {
        LedgerEntry entry;
        entry.id = LedgerEntryId(6000 + n);
        entry.idempotencyKey = QStringLiteral("k%1").arg(n);
        entry.kind = n == 0 ? EntryKind::Recharge : EntryKind::Payment;
        entry.order = n == 0 ? OrderId() : rich;
        entry.createdAt = sampleTime + Duration::seconds(n);
        put(entry);
        Posting posting{entry.id, 0, AccountId(2), Bucket::Available, Currency(), usd(n == 0 ? 9'000 : -2'000), usd(9'000 - 2'000 * n)};
        put(posting);
        posting.line = 1;
        posting.account = AccountId(3);
        posting.bucket = Bucket::Frozen;
        posting.amount = usd(n == 0 ? -9'000 : 2'000);
        put(posting);
    }
}

void TestReads::putProcess()
{
    put(OrderEvent{OrderEventId(7000), rich, QStringLiteral("k1"), QStringLiteral("order.pay"), QStringLiteral("created"), QStringLiteral("paid"),
                   EventOutcome::Applied, QStringLiteral("worker"), QString(), sampleTime});
    GatewayExchange exchange;
    exchange.id = ExchangeId(8000);
    exchange.order = rich;
    exchange.transaction = TransactionId(4000);
    exchange.idempotencyKey = QStringLiteral("x1");
    exchange.state = ExchangeState::Answered;
    exchange.gatewayRef = QStringLiteral("ch_9");
    exchange.createdAt = sampleTime;
    put(exchange);
    put(ExchangePayload{exchange.id, 2, QStringLiteral("amount=20000"), QStringLiteral("{\"id\":\"pi_3abc\"}"), 200, QStringLiteral("answered"), sampleTime, 1200});
    put(ExchangePayload{exchange.id, 1, QStringLiteral("amount=20000"), QString(), 0, QStringLiteral("unknown"), sampleTime, 30'000'000});
    put(GatewayCallback{CallbackId(9000), QStringLiteral("sandbox"), QStringLiteral("evt_1"), QStringLiteral("payment_intent.succeeded"), QStringLiteral("pi_3abc"),
                        OrderId(), CallbackState::Applied, QString(), sampleTime, sampleTime});
    put(CallbackBody{CallbackId(9000), QStringLiteral("{\"id\":\"evt_1\"}")});
    Job job;
    job.id = JobId(9100);
    job.order = rich;
    job.dedupeKey = QStringLiteral("a");
    job.dueAt = sampleTime;
    job.state = JobState::Done;
    job.createdAt = sampleTime;
    put(job);
    int n = 0;
    for (const JobState state : {JobState::Ready, JobState::Ready, JobState::Leased, JobState::Parked}) {
        job.id = JobId(9101 + n);
        job.dedupeKey = QStringLiteral("b%1").arg(n);
        job.dueAt = sampleTime + Duration::hours(n++);
        job.state = state;
        put(job);
    }
    InterventionCase open{CaseId(9200), QStringLiteral("amount_conflict"), CaseSeverity::Critical, rich, QStringLiteral("c"), QStringLiteral("20.00 ≠ 25.00"),
                          CaseState::Open, sampleTime, UtcTime()};
    put(open);
    TccTransaction tcc;
    tcc.gid = TccId(9300);
    tcc.businessKey = QStringLiteral("order:1000");
    tcc.order = rich;
    tcc.transaction = TransactionId(4000);
    tcc.decision = TccDecision::Confirmed;
    tcc.tryDeadline = tcc.createdAt = sampleTime;
    put(tcc);
    TccBranch branch;
    branch.gid = tcc.gid;
    branch.phase = BranchPhase::Confirmed;
    put(branch);
    CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("INSERT INTO setting (name, value) VALUES ('environment', 'sandbox')")));
    CF_VERIFY_OK(m_database->writer().execute(
        QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES ('w1', 1, ?, ?, 'http://127.0.0.1:1')"),
        {bound(sampleTime), bound(sampleTime)}));
}

void TestReads::pagesByKeyInBothDirections_data()
{
    QTest::addColumn<OrderSort>("sort");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<QList<qint64>>("order");
    QTest::newRow("newest") << OrderSort::Id << true << QList<qint64>{1000, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    QTest::newRow("oldest") << OrderSort::Id << false << QList<qint64>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000};
    // 1000 is placed 1,000 s after noon (16.7 min), 10 one minute, n at 20 − n minutes.
    QTest::newRow("placed last") << OrderSort::PlacedAt << true << QList<qint64>{1, 2, 3, 1000, 4, 5, 6, 7, 8, 9, 10};
    QTest::newRow("placed first") << OrderSort::PlacedAt << false << QList<qint64>{10, 9, 8, 7, 6, 5, 4, 1000, 3, 2, 1};
}

void TestReads::pagesByKeyInBothDirections()
{
    QFETCH(OrderSort, sort);
    QFETCH(bool, descending);
    QFETCH(QList<qint64>, order);
    const OrderListing listing{.sort = sort, .descending = descending};
    QList<qint64> forward;
    std::optional<RowKey> anchor;
    for (int pages = 0; pages < 4; ++pages) {
        const auto page = orderPage(reader(), listing, {.anchor = anchor, .limit = 3});
        CF_VERIFY_OK(page);
        QVERIFY(!page->empty());
        forward += idsOf(*page);
        anchor = orderKey(page->back(), sort);
    }
    QCOMPARE(forward, order);
    QList<qint64> backward;
    anchor.reset();
    for (int pages = 0; pages < 4; ++pages) {
        const auto page = orderPage(reader(), listing, {.anchor = anchor, .backward = true, .limit = 3});
        CF_VERIFY_OK(page);
        backward = idsOf(*page) + backward;
        anchor = orderKey(page->front(), sort);
    }
    QCOMPARE(backward, order);
}

void TestReads::skipsAndIncludesTheAnchor()
{
    const OrderListing listing;
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{9, 0}, .inclusive = true, .limit = 2})), (QList<qint64>{9, 8}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{9, 0}, .skip = 3, .limit = 2})), (QList<qint64>{5, 4}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.backward = true, .skip = 2, .limit = 2})), (QList<qint64>{4, 3}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{1, 0}, .limit = 2})), QList<qint64>());
}

void TestReads::filtersOrders_data()
{
    QTest::addColumn<OrderFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    const QList<qint64> ten{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    const auto text = [](const QString& typed) { return OrderFilter{.freeText = typed}; };
    QTest::newRow("one state") << OrderFilter{.states = {QStringLiteral("paid")}} << QList<qint64>{1000};
    QTest::newRow("two states") << OrderFilter{.states = {QStringLiteral("paid"), QStringLiteral("created")}} << QList<qint64>{1000, 10, 8, 6, 4, 2};
    QTest::newRow("unknown state") << OrderFilter{.states = {QStringLiteral("eaten")}} << QList<qint64>();
    QTest::newRow("buyer's beginning") << OrderFilter{.buyer = QStringLiteral("Darrin")} << ten;
    QTest::newRow("buyer's family name, any case") << OrderFilter{.buyer = QStringLiteral("gute")} << QList<qint64>{1000};
    QTest::newRow("buyer's e-mail") << OrderFilter{.buyer = QStringLiteral("darrin@example.com")} << ten;
    QTest::newRow("buyer's reference") << OrderFilter{.buyer = QStringLiteral("CG-1")} << QList<qint64>{1000};
    QTest::newRow("nobody") << OrderFilter{.buyer = QStringLiteral("Zoe")} << QList<qint64>();
    QTest::newRow("wildcards are text") << OrderFilter{.buyer = QStringLiteral("%")} << QList<qint64>();
    QTest::newRow("buyer and state") << OrderFilter{.states = {QStringLiteral("paid")}, .buyer = QStringLiteral("Darrin")} << QList<qint64>();
    QTest::newRow("placed from") << OrderFilter{.placedFrom = sampleTime + Duration::minutes(18)} << QList<qint64>{2, 1};
    QTest::newRow("placed before") << OrderFilter{.placedTo = sampleTime + Duration::minutes(11)} << QList<qint64>{10};
    QTest::newRow("order number") << text(QStringLiteral("CA-2016-152156")) << QList<qint64>{1000};
    QTest::newRow("number's beginning") << text(QStringLiteral("CA-2024")) << ten;
    QTest::newRow("order id") << text(rich.toText()) << QList<qint64>{1000};
    QTest::newRow("hold's id") << text(HoldId(5000).toText()) << QList<qint64>{1000};
    QTest::newRow("customer's id") << text(CustomerId(1).toText()) << QList<qint64>{1000};
    QTest::newRow("gateway reference") << text(QStringLiteral("pi_3abc")) << QList<qint64>{1000};
    QTest::newRow("name in the search box") << text(QStringLiteral(" claire ")) << QList<qint64>{1000};
    QTest::newRow("quotes are text") << text(QStringLiteral("' OR 1=1 --")) << QList<qint64>();
}

void TestReads::filtersOrders()
{
    QFETCH(OrderFilter, filter);
    QFETCH(QList<qint64>, ids);
    const auto page = orderPage(reader(), {.filter = filter}, {.limit = 50});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), ids);
    const auto count = orderCount(reader(), filter);
    CF_VERIFY_OK(count);
    QCOMPARE(*count, ids.size());
}

void TestReads::countsWhatStandsInFront()
{
    QCOMPARE(*orderCountBefore(reader(), {}, RowKey{9, 0}), 2);
    QCOMPARE(*orderCountBefore(reader(), {.descending = false}, RowKey{9, 0}), 8);
    QCOMPARE(*orderCountBefore(reader(), {.filter = {.states = {QStringLiteral("created")}}}, RowKey{6, 0}), 2);
    const OrderListing placed{.sort = OrderSort::PlacedAt};
    QCOMPARE(*orderCountBefore(reader(), placed, RowKey{(sampleTime + Duration::minutes(16)).micros(), 4}), 4);
}

void TestReads::collectsAnchors()
{
    const auto first = orderAnchors(reader(), {}, {}, 3, 2);
    CF_VERIFY_OK(first);
    QCOMPARE(*first, (std::vector<RowKey>{{9, 0}, {6, 0}}));
    const auto next = orderAnchors(reader(), {}, first->back(), 3, 2);
    CF_VERIFY_OK(next);
    QCOMPARE(*next, (std::vector<RowKey>{{3, 0}}));
}

void TestReads::countsStates()
{
    const auto counts = stateCounts(reader());
    CF_VERIFY_OK(counts);
    QCOMPARE(counts->size(), 3U);
    QCOMPARE((*counts)[0].state, QStringLiteral("awaiting_payment"));
    QCOMPARE((*counts)[0].count, 5);
    QCOMPARE((*counts)[2].state, QStringLiteral("paid"));
    QCOMPARE((*counts)[2].count, 1);
}

void TestReads::readsAnOrderWithAllItsParts()
{
    const auto read = orderDetail(reader(), rich);
    CF_VERIFY_OK(read);
    const OrderDetail& detail = *read;
    QCOMPARE(detail.order.payable, usd(26'196));
    QCOMPARE(detail.customer.email, QStringLiteral("claire@example.com"));
    QCOMPARE(detail.subOrders.size(), 1U);
    QCOMPARE(detail.subOrders[0].merchantName, QStringLiteral("Bush Furniture"));
    QCOMPARE(detail.subOrders[0].warehouseName, QStringLiteral("North"));
    QCOMPARE(detail.items.size(), 1U);
    QCOMPARE(detail.items[0].amount, usd(25'696));
    QCOMPARE(detail.transactions.size(), 1U);
    QCOMPARE(detail.transactions[0].details.size(), 1U);
    QCOMPARE(detail.holds.size(), 2U);
    QCOMPARE(detail.holds[0].id, HoldId(5000)); // the open one first
    QCOMPARE(detail.held(), usd(20'000));
    QCOMPARE(detail.events.size(), 1U);
    QCOMPARE(detail.exchanges.size(), 1U);
    QCOMPARE(detail.callbacks.size(), 1U);
    QCOMPARE(detail.postings.size(), 4U);
    QCOMPARE(detail.postings[0].ownerName, QStringLiteral("Claire Gute"));
    QCOMPARE(detail.postings[1].ownerName, QStringLiteral("Bush Furniture"));
    QVERIFY(detail.postings[1].accountKind == AccountKind::Merchant);
    QVERIFY(detail.postings[0].kind == EntryKind::Payment);
    QCOMPARE(detail.jobs.size(), 5U);
    QCOMPARE(detail.jobs.back().id, JobId(9100)); // the one that is done
    QCOMPARE(detail.cases.size(), 1U);
    QCOMPARE(detail.tcc.size(), 1U);
    QCOMPARE(detail.tcc[0].branches.size(), 1U);
}

void TestReads::saysThatAnOrderIsNotThere()
{
    CF_COMPARE_ERROR(orderDetail(reader(), OrderId(55)), ErrorCode::NotFound);
    // The view that began was ended: the next read begins its own.
    CF_VERIFY_OK(orderDetail(reader(), rich));
    CF_COMPARE_ERROR(accountDetail(reader(), AccountId(77)), ErrorCode::NotFound);
    CF_COMPARE_ERROR(callbackBody(reader(), CallbackId(77)), ErrorCode::NotFound);
}

void TestReads::readsPayloadsOnDemand()
{
    const auto payloads = exchangePayloads(reader(), ExchangeId(8000));
    CF_VERIFY_OK(payloads);
    QCOMPARE(payloads->size(), 2U);
    QCOMPARE((*payloads)[0].outcome, QStringLiteral("unknown"));
    QCOMPARE((*payloads)[1].answer, QStringLiteral("{\"id\":\"pi_3abc\"}"));
    QCOMPARE(exchangePayloads(reader(), ExchangeId(1))->size(), 0U);
    const auto body = callbackBody(reader(), CallbackId(9000));
    CF_VERIFY_OK(body);
    QCOMPARE(*body, QStringLiteral("{\"id\":\"evt_1\"}"));
}

void TestReads::listsAccountsWithTheirOwners()
{
    const auto all = accountPage(reader(), {}, {});
    CF_VERIFY_OK(all);
    QCOMPARE(all->size(), 3U);
    QCOMPARE((*all)[0].ownerName, QString());
    QCOMPARE((*all)[1].ownerName, QStringLiteral("Claire Gute"));
    QCOMPARE((*all)[1].total(), usd(6'500));
    QCOMPARE((*all)[2].ownerName, QStringLiteral("Bush Furniture"));
    const AccountFilter wallets{.kind = AccountKind::Wallet};
    QCOMPARE(accountPage(reader(), wallets, {})->size(), 1U);
    QCOMPARE(*accountCount(reader(), {.owner = QStringLiteral("bush")}), 1);
    QCOMPARE(*accountCount(reader(), {.kind = AccountKind::Wallet, .owner = QStringLiteral("bush")}), 0);
    QCOMPARE(*accountCountBefore(reader(), {}, RowKey{3, 0}), 2);
    const auto backward = accountPage(reader(), {}, {.anchor = RowKey{3, 0}, .backward = true, .limit = 5});
    CF_VERIFY_OK(backward);
    QCOMPARE(backward->front().account.id, AccountId(1));
}

void TestReads::readsAnAccountWithItsHolds()
{
    const auto merchant = accountDetail(reader(), AccountId(3));
    CF_VERIFY_OK(merchant);
    QCOMPARE(merchant->holds.size(), 1U);
    QCOMPARE(merchant->holds[0].orderNo, QStringLiteral("CA-2016-152156"));
    QCOMPARE(merchant->heldTotal, merchant->row.account.frozen);
    QCOMPARE(merchant->holdCount, 1);
    const auto clearing = accountDetail(reader(), AccountId(1));
    CF_VERIFY_OK(clearing);
    QVERIFY(clearing->holds.empty());
    QCOMPARE(clearing->heldTotal, usd(0));
}

void TestReads::pagesPostingsNewestFirst()
{
    const PostingFilter wallet{AccountId(2), {}};
    const auto page = postingPage(reader(), wallet, {.limit = 2});
    CF_VERIFY_OK(page);
    QCOMPARE(page->size(), 2U);
    QCOMPARE((*page)[0].posting.entry, LedgerEntryId(6002));
    QCOMPARE((*page)[0].posting.balanceAfter, usd(5'000));
    QCOMPARE((*page)[0].orderNo, QStringLiteral("CA-2016-152156"));
    const auto rest = postingPage(reader(), wallet, {.anchor = RowKey{6001, 0}, .limit = 2});
    CF_VERIFY_OK(rest);
    QCOMPARE(rest->size(), 1U);
    QVERIFY(rest->front().kind == EntryKind::Recharge);
    QCOMPARE(rest->front().orderNo, QString());
    const auto last = postingPage(reader(), wallet, {.backward = true, .limit = 2});
    CF_VERIFY_OK(last);
    QCOMPARE(last->back().posting.entry, LedgerEntryId(6000));
    QCOMPARE(*postingCount(reader(), wallet), 3);
    QCOMPARE(*postingCount(reader(), {AccountId(2), Bucket::Frozen}), 0);
    QCOMPARE(*postingCountBefore(reader(), wallet, RowKey{6000, 0}), 2);
}

void TestReads::sumsBalancesByKind()
{
    const auto totals = kindTotals(reader());
    CF_VERIFY_OK(totals);
    QCOMPARE(totals->size(), 3U);
    QVERIFY((*totals)[0].kind == AccountKind::Wallet);
    QCOMPARE((*totals)[0].frozen, usd(1'500));
    QVERIFY((*totals)[2].kind == AccountKind::Clearing);
    QCOMPARE((*totals)[2].available, usd(-20'000));
}

void TestReads::finds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("hits");
    const QStringList order{QStringLiteral("order 1000")};
    const QStringList claire{QStringLiteral("customer 1"), QStringLiteral("account 2")};
    const QStringList bush{QStringLiteral("merchant 7"), QStringLiteral("account 3")};
    QTest::newRow("order id") << rich.toText() << order;
    QTest::newRow("order id in capitals") << rich.toText().toUpper() << order;
    QTest::newRow("transaction") << TransactionId(4000).toText() << order;
    QTest::newRow("hold") << HoldId(5000).toText() << order;
    QTest::newRow("exchange") << ExchangeId(8000).toText() << order;
    QTest::newRow("callback without order") << CallbackId(9000).toText() << order;
    QTest::newRow("case") << CaseId(9200).toText() << order;
    QTest::newRow("job") << JobId(9101).toText() << order;
    QTest::newRow("tcc") << TccId(9300).toText() << order;
    QTest::newRow("item") << OrderItemId(3000).toText() << order;
    QTest::newRow("entry of an order") << LedgerEntryId(6001).toText() << order;
    QTest::newRow("entry of an account") << LedgerEntryId(6000).toText() << QStringList{QStringLiteral("account 2")};
    QTest::newRow("account") << AccountId(3).toText() << QStringList{QStringLiteral("account 3")};
    QTest::newRow("customer id") << CustomerId(1).toText() << claire;
    QTest::newRow("order number") << QStringLiteral("CA-2016-152156") << order;
    QTest::newRow("number's beginning") << QStringLiteral("CA-2016") << order;
    QTest::newRow("gateway reference") << QStringLiteral("pi_3abc") << order;
    QTest::newRow("name") << QStringLiteral("claire gu") << claire;
    QTest::newRow("e-mail") << QStringLiteral("claire@example.com") << claire;
    QTest::newRow("merchant") << QStringLiteral("Bush") << bush;
    QTest::newRow("amount") << QStringLiteral("261.96") << order;
    QTest::newRow("amount with currency") << QStringLiteral("261.96 usd") << order;
    QTest::newRow("card") << QStringLiteral("4242") << order;
}

void TestReads::finds()
{
    QFETCH(QString, text);
    QFETCH(QStringList, hits);
    const auto found = findAnything(reader(), text);
    CF_VERIFY_OK(found);
    QCOMPARE(textsOf(*found), hits);
    for (const SearchHit& hit : *found) {
        QVERIFY(!hit.title.isEmpty());
        QVERIFY(!hit.idText.isEmpty());
    }
    QVERIFY(findAnything(reader(), text, 1)->size() <= 1U);
}

void TestReads::findsNothingFor_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("spaces") << QStringLiteral("   ");
    QTest::newRow("wildcard") << QStringLiteral("%%");
    QTest::newRow("an id that isn't there") << OrderId(123'456).toText();
    QTest::newRow("a mistyped id") << rich.toText().replace(rich.toText().size() - 1, 1, QStringLiteral("q"));
    QTest::newRow("another amount") << QStringLiteral("261.97");
    QTest::newRow("another currency") << QStringLiteral("261.96 EUR");
    QTest::newRow("minor units are no amount") << QStringLiteral("26196");
    QTest::newRow("another card") << QStringLiteral("4243");
    QTest::newRow("quotes") << QStringLiteral("'; DROP TABLE orders; --");
    QTest::newRow("a very long text") << QString(5000, u'x');
    QTest::newRow("too big for an amount") << QStringLiteral("99999999999999999999999.99");
}

void TestReads::findsNothingFor()
{
    QFETCH(QString, text);
    const auto found = findAnything(reader(), text);
    CF_VERIFY_OK(found);
    QCOMPARE(textsOf(*found), QStringList());
}

void TestReads::tellsTheStateOfTheSystem()
{
    const UtcTime now = sampleTime + Duration::minutes(10);
    const auto status = systemStatus(reader(), now);
    CF_VERIFY_OK(status);
    QCOMPARE(status->workers.size(), 1U);
    QVERIFY(!status->workers[0].isAlive(now));
    QVERIFY(status->workers[0].isAlive(sampleTime + Duration::seconds(15)));
    QCOMPARE(status->queue.readyDue, 1);
    QCOMPARE(status->queue.readyFuture, 1);
    QCOMPARE(status->queue.leased, 1);
    QCOMPARE(status->queue.parked, 1);
    QCOMPARE(status->openCases, 1);
    QCOMPARE(status->criticalCases, 1);
    QCOMPARE(status->environment, QStringLiteral("sandbox"));
    QVERIFY(status->databaseBytes > 0);
    QFETCH_GLOBAL(DatabaseKind, kind);
    QVERIFY(status->databaseKind == kind);
}

void TestReads::sumsOrdersByState()
{
    const auto summary = businessSummary(reader());
    CF_VERIFY_OK(summary);
    QCOMPARE(summary->states.size(), 3U);
    QCOMPARE(summary->states[0].payable, usd(5 * 10'500));
    QCOMPARE(summary->states[2].paid, usd(26'196));
    QCOMPARE(summary->balances.size(), 3U);
}

void TestReads::refusesToWriteThroughAReader()
{
    CF_COMPARE_ERROR(reader().execute(QStringLiteral("UPDATE orders SET state = 'x' WHERE id = 1")), ErrorCode::DatabaseReadOnly);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestReads)
#include "tst_reads.moc"
