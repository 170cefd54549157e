// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/sample_shop.h"

#include "models/domain/intervention.h"
#include "tests/support/sample_rows.h"

namespace counterfoil {

namespace {

struct Shop {
    Connection& connection;
    UtcTime now;
    qint64 nextId = 1'000'000;

    template<class IdType>
    IdType id()
    {
        return IdType(nextId++);
    }
};

const std::array states{"completed", "shipped", "completed", "fulfilling", "awaiting_payment", "completed", "payment_failed", "completed", "expired", "cancelled", "paid"};
const std::array names{"Claire Gute", "Darrin Van Huff", "Sean O'Donnell", "Brosina Hoffman", "Andrew Allen", "Irene Maddox", "Pete Kriz", "Ken Black"};
const std::array products{"Bush Somerset Collection Bookcase", "Hon Deluxe Fabric Upholstered Stacking Chairs, Rounded Back", "Eldon Fold 'N Roll Cart System"};

QString text(const char* literal)
{
    return QString::fromLatin1(literal);
}

Result<void> addPeople(Shop& shop)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto n = static_cast<qint64>(i) + 1;
        CF_TRY(insertRow(shop.connection, sampleCustomer(n, text(names[i]), QStringLiteral("buyer%1@example.com").arg(n))));
    }
    CF_TRY(insertRow(shop.connection, sampleCustomer(99, hostileText().left(5000), QStringLiteral("<b>x</b>@example.com"))));
    CF_TRY(insertRow(shop.connection, Merchant{MerchantId(1), text("M-1"), text("Northwind Office Supplies"), BasisPoints(500), shop.now}));
    CF_TRY(insertRow(shop.connection, Merchant{MerchantId(2), text("M-2"), text("Lumen Technology"), BasisPoints(800), shop.now}));
    CF_TRY(insertRow(shop.connection, Warehouse{WarehouseId(1), text("EAST"), text("East")}));
    const Currency currency;
    CF_TRY(insertRow(shop.connection, sampleAccount(100, AccountRef::system(AccountKind::Clearing, currency), -4'211'290, 0)));
    CF_TRY(insertRow(shop.connection, sampleAccount(101, AccountRef::system(AccountKind::Fees, currency), 231'077, 0)));
    CF_TRY(insertRow(shop.connection, sampleAccount(102, AccountRef::system(AccountKind::Promotions, currency), -51'000, 0)));
    CF_TRY(insertRow(shop.connection, sampleAccount(103, AccountRef::merchant(MerchantId(1), currency), 2'950'012, 881'201)));
    CF_TRY(insertRow(shop.connection, sampleAccount(104, AccountRef::wallet(CustomerId(1), currency), 12'500, 2'500)));
    for (qint64 n = 2; n <= 8; ++n) {
        CF_TRY(insertRow(shop.connection, sampleAccount(104 + n, AccountRef::wallet(CustomerId(n), currency), n * 4'375, 0)));
    }
    return {};
}

Result<void> addParts(Shop& shop, const Order& order)
{
    const auto subId = shop.id<SubOrderId>();
    SubOrder sub;
    sub.id = subId;
    sub.order = order.id;
    sub.merchant = MerchantId(1);
    sub.warehouse = WarehouseId(1);
    sub.goods = order.goods;
    sub.shipping = order.shipping;
    sub.gross = order.payable;
    sub.commission = usd(525);
    CF_TRY(insertRow(shop.connection, sub));
    for (int line = 0; line < 2; ++line) {
        OrderItem item;
        item.id = shop.id<OrderItemId>();
        item.order = order.id;
        item.subOrder = subId;
        item.line = line;
        item.sku = SkuId(1);
        item.seller = MerchantId(1);
        item.warehouse = WarehouseId(1);
        item.skuCode = QStringLiteral("FUR-BO-%1").arg(order.id.value() % 10'000);
        item.productName = text(products[static_cast<std::size_t>(order.id.value() + line) % products.size()]);
        item.quantity = 2;
        item.unitPrice = usd(2'500);
        item.amount = usd(5'000);
        item.shipping = usd(250);
        CF_TRY(insertRow(shop.connection, item));
    }
    return {};
}

Result<void> addEvents(Shop& shop, const Order& order, std::initializer_list<std::array<const char*, 3>> steps)
{
    UtcTime at = order.createdAt;
    int n = 0;
    for (const auto& [event, from, to] : steps) {
        OrderEvent row;
        row.id = shop.id<OrderEventId>();
        row.order = order.id;
        row.key = QStringLiteral("k%1").arg(n);
        row.event = text(event);
        row.fromState = text(from);
        row.toState = text(to);
        row.actor = n == 0 ? text("api:shop") : text("worker");
        row.cause = n == 0 ? QString() : text("callback: evt_1QxYz");
        row.at = at;
        CF_TRY(insertRow(shop.connection, row));
        ++n;
        at = at + Duration::seconds(40LL * n * n);
    }
    return {};
}

Result<void> addGateway(Shop& shop, const Order& order, TransactionId transaction, ExchangeState state)
{
    GatewayExchange exchange;
    exchange.id = shop.id<ExchangeId>();
    exchange.order = order.id;
    exchange.transaction = transaction;
    exchange.idempotencyKey = QStringLiteral("order-%1-create").arg(order.id.value());
    exchange.state = state;
    exchange.attempt = 2;
    exchange.httpStatus = 200;
    exchange.amount = order.payable;
    exchange.gatewayRef = QStringLiteral("pi_3QxYz%1").arg(order.id.value());
    exchange.createdAt = exchange.sentAt = order.createdAt;
    CF_TRY(insertRow(shop.connection, exchange));
    const QString request = text("POST /v1/payment_intents HTTP/1.1\nIdempotency-Key: order-create\n\namount=10500&currency=usd&confirm=false");
    const QString answer = text(R"({"id":"pi_3QxYz","object":"payment_intent","amount":10500,"currency":"usd","status":"requires_confirmation","metadata":{"order":"CA-2024"},"payment_method_types":["card"]})");
    CF_TRY(insertRow(shop.connection, ExchangePayload{exchange.id, 1, request, {}, 0, text("timeout"), order.createdAt, 10'000'000}));
    CF_TRY(insertRow(shop.connection, ExchangePayload{exchange.id, 2, request, answer, 200, text("answered"), order.createdAt + Duration::seconds(11), 182'000}));
    GatewayCallback callback;
    callback.id = shop.id<CallbackId>();
    callback.gateway = text("stripe");
    callback.eventId = QStringLiteral("evt_%1").arg(order.id.value());
    callback.type = text("payment_intent.succeeded");
    callback.objectRef = exchange.gatewayRef;
    callback.order = order.id;
    callback.state = CallbackState::Applied;
    callback.receivedAt = callback.appliedAt = order.createdAt + Duration::seconds(30);
    CF_TRY(insertRow(shop.connection, callback));
    return insertRow(shop.connection, CallbackBody{callback.id, text(R"({"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_3QxYz","amount_received":10500}}})")});
}

Result<void> addPayment(Shop& shop, const Order& order, TransactionStatus status)
{
    PaymentTransaction payment;
    payment.id = shop.id<TransactionId>();
    payment.order = order.id;
    payment.amount = payment.gatewayPart = order.payable;
    payment.status = status;
    payment.gatewayRef = QStringLiteral("pi_%1").arg(order.id.value());
    payment.cardBrand = text("visa");
    payment.cardLast4 = text("4242");
    payment.createdAt = order.createdAt;
    CF_TRY(insertRow(shop.connection, payment));
    CF_TRY(addGateway(shop, order, payment.id, status == TransactionStatus::Conflicted ? ExchangeState::Unknown : ExchangeState::Answered));
    LedgerEntry entry;
    entry.id = shop.id<LedgerEntryId>();
    entry.idempotencyKey = QStringLiteral("pay-%1").arg(order.id.value());
    entry.kind = EntryKind::Payment;
    entry.order = order.id;
    entry.transaction = payment.id;
    entry.createdAt = order.createdAt + Duration::seconds(31);
    CF_TRY(insertRow(shop.connection, entry));
    CF_TRY(insertRow(shop.connection, Posting{entry.id, 0, AccountId(100), Bucket::Available, Currency(), usd(-10'500), usd(-4'211'290)}));
    CF_TRY(insertRow(shop.connection, Posting{entry.id, 1, AccountId(103), Bucket::Frozen, Currency(), usd(9'975), usd(881'201)}));
    CF_TRY(insertRow(shop.connection, Posting{entry.id, 2, AccountId(101), Bucket::Available, Currency(), usd(525), usd(231'077)}));
    Hold hold;
    hold.id = shop.id<HoldId>();
    hold.account = AccountId(103);
    hold.amount = hold.remaining = usd(9'975);
    hold.reason = HoldReason::Settlement;
    hold.order = order.id;
    hold.createdAt = entry.createdAt;
    hold.releaseAt = entry.createdAt + Duration::days(7);
    CF_TRY(insertRow(shop.connection, hold));
    Job job;
    job.id = shop.id<JobId>();
    job.kind = JobKind::SettlementRelease;
    job.order = order.id;
    job.dedupeKey = QStringLiteral("settle-%1").arg(order.id.value());
    job.dueAt = hold.releaseAt;
    job.createdAt = entry.createdAt;
    return insertRow(shop.connection, job);
}

Result<void> addStories(Shop& shop)
{
    Order order = sampleOrder(SampleShop::ordinaryOrder, CustomerId(1), text("shipped"));
    order.createdAt = order.placedAt = shop.now - Duration::hours(5);
    order.stateSince = shop.now - Duration::minutes(42);
    order.paid = order.payable;
    CF_TRY(insertRow(shop.connection, order));
    CF_TRY(addParts(shop, order));
    CF_TRY(addPayment(shop, order, TransactionStatus::Succeeded));
    CF_TRY(addEvents(shop, order,
                     {{"checkout.reserved", "created", "awaiting_payment"}, {"payment.started", "awaiting_payment", "paying"},
                      {"payment.confirmed", "paying", "paid"}, {"fulfilment.started", "paid", "fulfilling"}, {"shipment.dispatched", "fulfilling", "shipped"}}));

    Order conflicted = sampleOrder(SampleShop::conflictedOrder, CustomerId(2), text("review"));
    conflicted.buyerName = text("Darrin Van Huff");
    conflicted.createdAt = conflicted.placedAt = conflicted.stateSince = shop.now - Duration::minutes(9);
    CF_TRY(insertRow(shop.connection, conflicted));
    CF_TRY(addParts(shop, conflicted));
    CF_TRY(addPayment(shop, conflicted, TransactionStatus::Conflicted));
    CF_TRY(addEvents(shop, conflicted, {{"checkout.reserved", "created", "awaiting_payment"}, {"payment.conflicted", "awaiting_payment", "review"}}));
    InterventionCase item;
    item.id = shop.id<CaseId>();
    item.kind = text("amount_conflict");
    item.severity = CaseSeverity::Critical;
    item.order = conflicted.id;
    item.dedupeKey = text("conflict");
    item.detail = text("asked 105.00 USD, the gateway reports 150.00 USD");
    item.openedAt = shop.now - Duration::minutes(8);
    CF_TRY(insertRow(shop.connection, item));

    Order hostile = sampleOrder(SampleShop::hostileOrder, CustomerId(99), text("review"));
    hostile.orderNo = text("<img src='/dev/zero'>");
    hostile.buyerName = hostileText();
    hostile.createdAt = hostile.placedAt = hostile.stateSince = shop.now - Duration::minutes(3);
    CF_TRY(insertRow(shop.connection, hostile));
    CF_TRY(addParts(shop, hostile));
    item.id = shop.id<CaseId>();
    item.kind = text("<b>bold</b>");
    item.severity = CaseSeverity::Warning;
    item.order = hostile.id;
    item.dedupeKey = text("hostile");
    item.detail = hostileText();
    return insertRow(shop.connection, item);
}

} // namespace

QString hostileText()
{
    static const QString text = QStringLiteral("<img src='/dev/zero'>&amp; \u202egnp.exe\u2066 a") + QString(100'000, QChar(0x0301));
    return text;
}

Result<void> fillSampleShop(Connection& connection, int orders, UtcTime now)
{
    Shop shop{connection, now};
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
    CF_TRY(addPeople(shop));
    CF_TRY(addStories(shop));
    for (int i = 0; i < orders; ++i) {
        const auto n = static_cast<std::size_t>(i);
        Order order = sampleOrder(2'000 + i, CustomerId(static_cast<qint64>(n % names.size()) + 1), text(states[n % states.size()]));
        order.buyerName = text(names[n % names.size()]);
        order.createdAt = order.placedAt = order.stateSince = now - Duration::minutes(37LL * (orders - i) + 20);
        CF_TRY(insertRow(connection, order));
        CF_TRY(addParts(shop, order));
    }
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES ('worker-1', 1, ?, ?, '')"),
                              {bound(now - Duration::hours(6)), bound(now - Duration::seconds(2))}));
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO setting (name, value) VALUES ('environment', 'sandbox')")));
    return transaction.commit();
}

} // namespace counterfoil
