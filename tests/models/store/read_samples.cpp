// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/store/read_samples.h"

namespace counterfoil {

namespace {

Result<void> putParties(Connection& writer)
{
    CF_TRY(insertRow(writer, sampleCustomer(1, QStringLiteral("Claire Gute"), QStringLiteral("claire@example.com"))));
    CF_TRY(insertRow(writer, sampleCustomer(2, QStringLiteral("Darrin Van Huff"), QStringLiteral("darrin@example.com"))));
    CF_TRY(insertRow(writer, sampleCustomer(3, QStringLiteral("100% _odd"), QStringLiteral("odd@example.com"))));
    CF_TRY(insertRow(writer, Merchant{MerchantId(7), QStringLiteral("bush"), QStringLiteral("Bush Furniture"), BasisPoints(250), sampleTime}));
    CF_TRY(insertRow(writer, Warehouse{WarehouseId(3), QStringLiteral("N"), QStringLiteral("North")}));
    return {};
}

Result<void> putRichOrder(Connection& writer)
{
    Order order = sampleOrder(rich.value(), CustomerId(1), QStringLiteral("paid"));
    order.orderNo = QStringLiteral("CA-2016-152156");
    order.paid = order.payable = usd(26'196);
    order.goods = usd(25'696);
    order.gatewayPart = usd(20'000);
    order.walletPart = usd(6'196);
    order.funding = Funding::Both;
    CF_TRY(insertRow(writer, order));
    SubOrder subOrder;
    subOrder.id = SubOrderId(2000);
    subOrder.order = rich;
    subOrder.merchant = MerchantId(7);
    subOrder.warehouse = WarehouseId(3);
    subOrder.goods = usd(25'696);
    subOrder.shipping = usd(500);
    subOrder.gross = usd(26'196);
    CF_TRY(insertRow(writer, subOrder));
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
    CF_TRY(insertRow(writer, item));
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
    CF_TRY(insertRow(writer, transaction));
    TransactionDetail detail;
    detail.transaction = transaction.id;
    detail.subOrder = subOrder.id;
    detail.merchant = MerchantId(7);
    detail.gross = detail.net = usd(26'196);
    CF_TRY(insertRow(writer, detail));
    return {};
}

Result<void> putMoney(Connection& writer)
{
    CF_TRY(insertRow(writer, sampleAccount(1, AccountRef::system(AccountKind::Clearing, Currency()), -20'000, 0)));
    CF_TRY(insertRow(writer, sampleAccount(2, AccountRef::wallet(CustomerId(1), Currency()), 5'000, 1'500)));
    CF_TRY(insertRow(writer, sampleAccount(3, AccountRef::merchant(MerchantId(7), Currency()), 0, 20'000)));
    Hold hold;
    hold.id = HoldId(5000);
    hold.account = AccountId(3);
    hold.amount = hold.remaining = usd(20'000);
    hold.reason = HoldReason::Settlement;
    hold.order = rich;
    hold.createdAt = sampleTime;
    CF_TRY(insertRow(writer, hold));
    hold.id = HoldId(4999);
    hold.account = AccountId(2);
    hold.remaining = usd(0);
    hold.state = HoldState::Captured;
    CF_TRY(insertRow(writer, hold));
    for (int n = 0; n < 3; ++n) {
        LedgerEntry entry;
        entry.id = LedgerEntryId(6000 + n);
        entry.idempotencyKey = QStringLiteral("k%1").arg(n);
        entry.kind = n == 0 ? EntryKind::Recharge : EntryKind::Payment;
        entry.order = n == 0 ? OrderId() : rich;
        entry.createdAt = sampleTime + Duration::seconds(n);
        CF_TRY(insertRow(writer, entry));
        Posting posting{entry.id, 0, AccountId(2), Bucket::Available, Currency(), usd(n == 0 ? 9'000 : -2'000), usd(9'000 - 2'000 * n)};
        CF_TRY(insertRow(writer, posting));
        posting.line = 1;
        posting.account = AccountId(3);
        posting.bucket = Bucket::Frozen;
        posting.amount = usd(n == 0 ? -9'000 : 2'000);
        CF_TRY(insertRow(writer, posting));
    }
    return {};
}

Result<void> putProcess(Connection& writer)
{
    CF_TRY(insertRow(writer, OrderEvent{OrderEventId(7000), rich, QStringLiteral("k1"), QStringLiteral("order.pay"), QStringLiteral("created"), QStringLiteral("paid"),
                   EventOutcome::Applied, QStringLiteral("worker"), QString(), sampleTime}));
    GatewayExchange exchange;
    exchange.id = ExchangeId(8000);
    exchange.order = rich;
    exchange.transaction = TransactionId(4000);
    exchange.idempotencyKey = QStringLiteral("x1");
    exchange.state = ExchangeState::Answered;
    exchange.gatewayRef = QStringLiteral("ch_9");
    exchange.createdAt = sampleTime;
    CF_TRY(insertRow(writer, exchange));
    CF_TRY(insertRow(writer, ExchangePayload{exchange.id, 2, QStringLiteral("amount=20000"), QStringLiteral("{\"id\":\"pi_3abc\"}"), 200, QStringLiteral("answered"), sampleTime, 1200}));
    CF_TRY(insertRow(writer, ExchangePayload{exchange.id, 1, QStringLiteral("amount=20000"), QString(), 0, QStringLiteral("unknown"), sampleTime, 30'000'000}));
    CF_TRY(insertRow(writer, GatewayCallback{CallbackId(9000), QStringLiteral("sandbox"), QStringLiteral("evt_1"), QStringLiteral("payment_intent.succeeded"), QStringLiteral("pi_3abc"),
                        OrderId(), CallbackState::Applied, QString(), sampleTime, sampleTime}));
    CF_TRY(insertRow(writer, CallbackBody{CallbackId(9000), QStringLiteral("{\"id\":\"evt_1\"}")}));
    Job job;
    job.id = JobId(9100);
    job.order = rich;
    job.dedupeKey = QStringLiteral("a");
    job.dueAt = sampleTime;
    job.state = JobState::Done;
    job.createdAt = sampleTime;
    CF_TRY(insertRow(writer, job));
    int n = 0;
    for (const JobState state : {JobState::Ready, JobState::Ready, JobState::Leased, JobState::Parked}) {
        job.id = JobId(9101 + n);
        job.dedupeKey = QStringLiteral("b%1").arg(n);
        job.dueAt = sampleTime + Duration::hours(n++);
        job.state = state;
        CF_TRY(insertRow(writer, job));
    }
    InterventionCase open{CaseId(9200), QStringLiteral("amount_conflict"), CaseSeverity::Critical, rich, QStringLiteral("c"), QStringLiteral("20.00 ≠ 25.00"),
                          CaseState::Open, sampleTime, UtcTime()};
    open.dueAt = sampleTime + Duration::hours(1);
    CF_TRY(insertRow(writer, open));
    TccTransaction tcc;
    tcc.gid = TccId(9300);
    tcc.businessKey = QStringLiteral("order:1000");
    tcc.order = rich;
    tcc.transaction = TransactionId(4000);
    tcc.decision = TccDecision::Confirmed;
    tcc.tryDeadline = tcc.createdAt = sampleTime;
    CF_TRY(insertRow(writer, tcc));
    TccBranch branch;
    branch.gid = tcc.gid;
    branch.phase = BranchPhase::Confirmed;
    CF_TRY(insertRow(writer, branch));
    CF_TRY(writer.execute(QStringLiteral("INSERT INTO setting (name, value) VALUES ('environment', 'sandbox')")));
    CF_TRY(writer.execute(
        QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES ('w1', 1, ?, ?, 'http://127.0.0.1:1')"),
        {bound(sampleTime), bound(sampleTime)}));
    return {};
}

Result<void> putPlainOrders(Connection& writer)
{
    for (qint64 n = 1; n <= 10; ++n) {
        Order order = sampleOrder(n, CustomerId(2), n % 2 == 0 ? QStringLiteral("created") : QStringLiteral("awaiting_payment"));
        order.buyerName = QStringLiteral("Darrin Van Huff");
        // Placed in another order than made.
        order.placedAt = sampleTime + Duration::minutes(n == 10 ? 1 : 20 - n);
        CF_TRY(insertRow(writer, order));
    }
    return {};
}

} // namespace

Result<void> fillSamples(Connection& writer)
{
    CF_TRY(putParties(writer));
    CF_TRY(putPlainOrders(writer));
    CF_TRY(putRichOrder(writer));
    CF_TRY(putMoney(writer));
    return putProcess(writer);
}

TestDatabase& SampleDatabases::of(DatabaseKind kind, Result<void> (*more)(Connection&))
{
    std::unique_ptr<TestDatabase>& database = m_databases[kind];
    if (!database) {
        database = TestDatabase::create(kind);
        auto filled = fillSamples(database->writer());
        if (filled && more) {
            filled = more(database->writer());
        }
        if (!filled) {
            qFatal("samples: %s", qPrintable(filled.error().text()));
        }
    }
    return *database;
}

} // namespace counterfoil
