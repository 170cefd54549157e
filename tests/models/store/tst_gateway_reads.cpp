// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"
#include "models/store/reads/gateway_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

template<class RowType>
QList<qint64> idsOf(const std::vector<RowType>& rows)
{
    QList<qint64> ids;
    for (const RowType& row : rows) {
        if constexpr (std::is_same_v<RowType, ExchangeRow>) {
            ids << row.exchange.id.value();
        } else if constexpr (std::is_same_v<RowType, CallbackRow>) {
            ids << row.callback.id.value();
        } else {
            ids << row.id;
        }
    }
    return ids;
}

/// Beside the samples' exchange 8000 and callback 9000 of the rich order: a refund of it, others of nobody, and refusals.
Result<void> addGateway(Connection& writer)
{
    PaymentTransaction refund;
    refund.id = TransactionId(4001);
    refund.kind = TransactionKind::Refund;
    refund.order = rich;
    refund.gatewayRef = QStringLiteral("re_7");
    refund.createdAt = sampleTime;
    CF_TRY(insertRow(writer, refund));
    GatewayExchange exchange;
    exchange.createdAt = sampleTime;
    for (const auto& [id, transaction, operation, state] : {std::tuple{8001, 4001, GatewayOperation::CreateRefund, ExchangeState::Unknown},
                                                           std::tuple{8002, 4001, GatewayOperation::FetchRefund, ExchangeState::Answered},
                                                           std::tuple{8003, 77, GatewayOperation::CreateIntent, ExchangeState::Refused}}) {
        exchange.id = ExchangeId(id);
        exchange.transaction = TransactionId(transaction);
        exchange.operation = operation;
        exchange.state = state;
        exchange.idempotencyKey = QStringLiteral("key-%1").arg(id);
        CF_TRY(insertRow(writer, exchange));
    }
    GatewayCallback callback;
    callback.gateway = QStringLiteral("stripe");
    callback.receivedAt = sampleTime;
    for (const auto& [id, type, ref, state] : {std::tuple{9001, "refund.updated", "re_7", CallbackState::Stored},
                                              std::tuple{9002, "payment_intent.succeeded", "pi_other", CallbackState::Case},
                                              std::tuple{9003, "balance.available", "", CallbackState::Ignored}}) {
        callback.id = CallbackId(id);
        callback.eventId = QStringLiteral("evt_%1").arg(id);
        callback.type = QString::fromLatin1(type);
        callback.objectRef = QString::fromLatin1(ref);
        callback.state = state;
        CF_TRY(insertRow(writer, callback));
    }
    CF_TRY(addCallbackRefusal(writer, 1, QStringLiteral("signature_invalid: no v1 signature fits the body"), 812, QStringLiteral("10.0.0.9"), sampleTime));
    return addCallbackRefusal(writer, 2, QStringLiteral("malformed_input"), 0, QString(), sampleTime + Duration::seconds(1));
}

} // namespace

/// The dialogue with the gateway as it is read for people, on every kind of database.
class TestGatewayReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind, &addGateway).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

    void listsRequestsWithTheirOrders();
    void pagesByKeyInBothDirections();
    void filtersRequests_data();
    void filtersRequests();
    void filtersCallbacks_data();
    void filtersCallbacks();
    void knowsTheOrderOfACallbackByWhatItIsAbout();
    void listsRefusals();
    void readsOne();
    void looksForWhatIsRareAmongTheNewestOnly();

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestGatewayReads::listsRequestsWithTheirOrders()
{
    const auto page = exchangePage(reader(), {}, {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), (QList<qint64>{8003, 8002, 8001, 8000}));
    QVERIFY((*page)[0].order.isNone());
    QCOMPARE((*page)[0].orderNo, QString());
    // Only its transaction knows the order.
    QCOMPARE((*page)[1].order, rich);
    QCOMPARE((*page)[1].orderNo, QStringLiteral("CA-2016-152156"));
    QVERIFY((*page)[1].exchange.order.isNone());
}

void TestGatewayReads::pagesByKeyInBothDirections()
{
    QCOMPARE(idsOf(*exchangePage(reader(), {}, {.limit = 3})), (QList<qint64>{8003, 8002, 8001}));
    QCOMPARE(idsOf(*exchangePage(reader(), {}, {.anchor = RowKey{8001, 0}, .limit = 3})), (QList<qint64>{8000}));
    QCOMPARE(idsOf(*exchangePage(reader(), {}, {.anchor = RowKey{8001, 0}, .inclusive = true, .limit = 3})), (QList<qint64>{8001, 8000}));
    QCOMPARE(idsOf(*exchangePage(reader(), {}, {.anchor = RowKey{8001, 0}, .backward = true, .limit = 1})), (QList<qint64>{8002}));
    QCOMPARE(idsOf(*exchangePage(reader(), {}, {.backward = true, .skip = 1, .limit = 2})), (QList<qint64>{8002, 8001}));
    QCOMPARE(*exchangeCountBefore(reader(), {}, RowKey{8001, 0}), 2);
    QCOMPARE(*callbackCountBefore(reader(), {}, RowKey{9000, 0}), 3);
    QCOMPARE(*exchangeAnchors(reader(), {}, {}, 2, 5), (std::vector<RowKey>{{8002, 0}, {8000, 0}}));
    QCOMPARE(*callbackAnchors(reader(), {}, RowKey{9003, 0}, 2, 1), (std::vector<RowKey>{{9001, 0}}));
}

void TestGatewayReads::filtersRequests_data()
{
    QTest::addColumn<ExchangeFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    const auto text = [](const QString& typed) { return ExchangeFilter{.freeText = typed}; };
    QTest::newRow("state") << ExchangeFilter{.states = {ExchangeState::Unknown}} << QList<qint64>{8001};
    QTest::newRow("two states") << ExchangeFilter{.states = {ExchangeState::Unknown, ExchangeState::Refused}} << QList<qint64>{8003, 8001};
    QTest::newRow("operation") << ExchangeFilter{.operations = {GatewayOperation::FetchRefund}} << QList<qint64>{8002};
    QTest::newRow("state and operation that don't meet") << ExchangeFilter{.states = {ExchangeState::Refused}, .operations = {GatewayOperation::FetchRefund}} << QList<qint64>();
    QTest::newRow("order number") << text(QStringLiteral(" CA-2016-152156 ")) << QList<qint64>{8002, 8001, 8000};
    QTest::newRow("order id") << text(rich.toText()) << QList<qint64>{8002, 8001, 8000};
    QTest::newRow("order and state") << ExchangeFilter{.states = {ExchangeState::Answered}, .freeText = rich.toText()} << QList<qint64>{8002, 8000};
    QTest::newRow("hold's id") << text(HoldId(5000).toText()) << QList<qint64>{8002, 8001, 8000};
    QTest::newRow("transaction's id") << text(TransactionId(4001).toText()) << QList<qint64>{8002, 8001};
    QTest::newRow("refund's reference") << text(QStringLiteral("re_7")) << QList<qint64>{8002, 8001};
    QTest::newRow("payment's reference") << text(QStringLiteral("pi_3abc")) << QList<qint64>{8000};
    QTest::newRow("the request's id") << text(ExchangeId(8003).toText()) << QList<qint64>{8003};
    QTest::newRow("idempotency key") << text(QStringLiteral("key-8003")) << QList<qint64>{8003};
    QTest::newRow("part of a key") << text(QStringLiteral("key-")) << QList<qint64>();
    QTest::newRow("an order without requests") << text(OrderId(3).toText()) << QList<qint64>();
    QTest::newRow("nonsense finds not those without an order") << text(QStringLiteral("nonsense")) << QList<qint64>();
    QTest::newRow("quotes are text") << text(QStringLiteral("' OR 1=1 --")) << QList<qint64>();
}

void TestGatewayReads::filtersRequests()
{
    QFETCH(ExchangeFilter, filter);
    QFETCH(QList<qint64>, ids);
    const auto page = exchangePage(reader(), filter, {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), ids);
    QCOMPARE(*exchangeCount(reader(), filter), ids.size());
}

void TestGatewayReads::filtersCallbacks_data()
{
    QTest::addColumn<CallbackFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    const auto text = [](const QString& typed) { return CallbackFilter{.freeText = typed}; };
    QTest::newRow("all") << CallbackFilter() << QList<qint64>{9003, 9002, 9001, 9000};
    QTest::newRow("state") << CallbackFilter{.states = {CallbackState::Case, CallbackState::Ignored}} << QList<qint64>{9003, 9002};
    QTest::newRow("order number") << text(QStringLiteral("CA-2016-152156")) << QList<qint64>{9001, 9000};
    QTest::newRow("order id and state") << CallbackFilter{.states = {CallbackState::Stored}, .freeText = rich.toText()} << QList<qint64>{9001};
    QTest::newRow("event of one gateway") << text(QStringLiteral("evt_9002")) << QList<qint64>{9002};
    QTest::newRow("event of another") << text(QStringLiteral("evt_1")) << QList<qint64>{9000};
    QTest::newRow("event that isn't there") << text(QStringLiteral("evt_")) << QList<qint64>();
    QTest::newRow("what it is about") << text(QStringLiteral("pi_other")) << QList<qint64>{9002};
    QTest::newRow("its id") << text(CallbackId(9003).toText()) << QList<qint64>{9003};
    QTest::newRow("type") << text(QStringLiteral("payment_intent.succeeded")) << QList<qint64>{9002, 9000};
    QTest::newRow("beginning of a type") << text(QStringLiteral("refund.")) << QList<qint64>{9001};
    QTest::newRow("beginning of a type, and state") << CallbackFilter{.states = {CallbackState::Case}, .freeText = QStringLiteral("payment_intent")} << QList<qint64>{9002};
    QTest::newRow("wildcards are text") << text(QStringLiteral("%")) << QList<qint64>();
    QTest::newRow("quotes are text") << text(QStringLiteral("' OR 1=1 --")) << QList<qint64>();
}

void TestGatewayReads::filtersCallbacks()
{
    QFETCH(CallbackFilter, filter);
    QFETCH(QList<qint64>, ids);
    const auto page = callbackPage(reader(), filter, {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), ids);
    QCOMPARE(*callbackCount(reader(), filter), ids.size());
}

void TestGatewayReads::knowsTheOrderOfACallbackByWhatItIsAbout()
{
    const auto page = callbackPage(reader(), {}, {});
    CF_VERIFY_OK(page);
    QVERIFY((*page)[0].order.isNone()); // about nothing: not that of a transaction without a reference
    QVERIFY((*page)[1].order.isNone());
    QCOMPARE((*page)[2].order, rich);
    QCOMPARE((*page)[3].orderNo, QStringLiteral("CA-2016-152156"));
}

void TestGatewayReads::listsRefusals()
{
    const auto page = refusalPage(reader(), {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), (QList<qint64>{2, 1}));
    QCOMPARE((*page)[0].peer, QString());
    QCOMPARE((*page)[1].sizeBytes, 812);
    QVERIFY((*page)[1].reason.startsWith(QStringLiteral("signature_invalid")));
    QCOMPARE(idsOf(*refusalPage(reader(), {.anchor = RowKey{2, 0}})), (QList<qint64>{1}));
    QCOMPARE(*refusalCount(reader()), 2);
    QCOMPARE(*refusalCountBefore(reader(), RowKey{1, 0}), 1);
}

void TestGatewayReads::readsOne()
{
    QCOMPARE(exchangeDetail(reader(), ExchangeId(8001))->order, rich);
    CF_COMPARE_ERROR(exchangeDetail(reader(), ExchangeId(1)), ErrorCode::NotFound);
    QCOMPARE(callbackDetail(reader(), CallbackId(9001))->callback.type, QStringLiteral("refund.updated"));
    CF_COMPARE_ERROR(callbackDetail(reader(), CallbackId(1)), ErrorCode::NotFound);
}

void TestGatewayReads::looksForWhatIsRareAmongTheNewestOnly()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const auto database = TestDatabase::create(kind);
    // As many as are looked at, and one that is older, all refused.
    CF_VERIFY_OK(database->writer().execute(QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 100000) "
                                                           "INSERT INTO gateway_exchange (id, transaction_id, operation, idempotency_key, state, attempt, http_status, currency, "
                                                           "amount, gateway_ref, error_code, created_at) "
                                                           "SELECT i, 1, 'create_intent', 'k' || i, 'refused', 1, 402, 'USD', 1, '', 'card_declined', 1 FROM n")));
    QCOMPARE(*exchangeCount(database->reader(), {}), 100'001);
    QCOMPARE(*exchangeCount(database->reader(), {.states = {ExchangeState::Refused}}), 100'000);
    QCOMPARE(*exchangeCount(database->reader(), {.states = {ExchangeState::Refused}, .freeText = ExchangeId(1).toText()}), 1);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestGatewayReads)
#include "tst_gateway_reads.moc"
