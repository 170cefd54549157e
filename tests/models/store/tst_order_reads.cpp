// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"
#include "models/store/reads/order_detail.h"
#include "models/store/reads/order_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

QList<qint64> idsOf(const std::vector<Order>& orders)
{
    QList<qint64> ids;
    for (const Order& order : orders) {
        ids << order.id.value();
    }
    return ids;
}

} // namespace

/// Lists and details of orders, on every kind of database.
class TestOrderReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

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

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestOrderReads::pagesByKeyInBothDirections_data()
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

void TestOrderReads::pagesByKeyInBothDirections()
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

void TestOrderReads::skipsAndIncludesTheAnchor()
{
    const OrderListing listing;
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{9, 0}, .inclusive = true, .limit = 2})), (QList<qint64>{9, 8}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{9, 0}, .skip = 3, .limit = 2})), (QList<qint64>{5, 4}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.backward = true, .skip = 2, .limit = 2})), (QList<qint64>{4, 3}));
    QCOMPARE(idsOf(*orderPage(reader(), listing, {.anchor = RowKey{1, 0}, .limit = 2})), QList<qint64>());
}

void TestOrderReads::filtersOrders_data()
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

void TestOrderReads::filtersOrders()
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

void TestOrderReads::countsWhatStandsInFront()
{
    QCOMPARE(*orderCountBefore(reader(), {}, RowKey{9, 0}), 2);
    QCOMPARE(*orderCountBefore(reader(), {.descending = false}, RowKey{9, 0}), 8);
    QCOMPARE(*orderCountBefore(reader(), {.filter = {.states = {QStringLiteral("created")}}}, RowKey{6, 0}), 2);
    const OrderListing placed{.sort = OrderSort::PlacedAt};
    QCOMPARE(*orderCountBefore(reader(), placed, RowKey{(sampleTime + Duration::minutes(16)).micros(), 4}), 4);
}

void TestOrderReads::collectsAnchors()
{
    const auto first = orderAnchors(reader(), {}, {}, 3, 2);
    CF_VERIFY_OK(first);
    QCOMPARE(*first, (std::vector<RowKey>{{9, 0}, {6, 0}}));
    const auto next = orderAnchors(reader(), {}, first->back(), 3, 2);
    CF_VERIFY_OK(next);
    QCOMPARE(*next, (std::vector<RowKey>{{3, 0}}));
}

void TestOrderReads::countsStates()
{
    const auto counts = stateCounts(reader());
    CF_VERIFY_OK(counts);
    QCOMPARE(counts->size(), 3U);
    QCOMPARE((*counts)[0].state, QStringLiteral("awaiting_payment"));
    QCOMPARE((*counts)[0].count, 5);
    QCOMPARE((*counts)[2].state, QStringLiteral("paid"));
    QCOMPARE((*counts)[2].count, 1);
}

void TestOrderReads::readsAnOrderWithAllItsParts()
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

void TestOrderReads::saysThatAnOrderIsNotThere()
{
    CF_COMPARE_ERROR(orderDetail(reader(), OrderId(55)), ErrorCode::NotFound);
    // The view that began was ended: the next read begins its own.
    CF_VERIFY_OK(orderDetail(reader(), rich));
    CF_COMPARE_ERROR(accountDetail(reader(), AccountId(77)), ErrorCode::NotFound);
    CF_COMPARE_ERROR(callbackBody(reader(), CallbackId(77)), ErrorCode::NotFound);
}

void TestOrderReads::readsPayloadsOnDemand()
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

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestOrderReads)
#include "tst_order_reads.moc"
