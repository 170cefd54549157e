// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/sample_shop.h"

#include "models/domain/audit.h"
#include "models/domain/intervention.h"
#include "models/store/administration.h"
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

/// What an account had before the stories begin, as so many entries of the last 40 days.
struct Opening {
    qint64 account;
    Bucket bucket;
    EntryKind kind;
    qint64 amount;
    int steps;
};

Result<void> addOpening(Shop& shop, const Opening& opening)
{
    qint64 balance = 0;
    for (int i = 1; i <= opening.steps; ++i) {
        LedgerEntry entry;
        entry.id = shop.id<LedgerEntryId>();
        entry.idempotencyKey = QStringLiteral("opening-%1").arg(entry.id.value());
        entry.kind = opening.kind;
        entry.createdAt = shop.now - Duration::hours(40 * 24) + Duration::minutes(i * (39LL * 24 * 60 / opening.steps));
        CF_TRY(insertRow(shop.connection, entry));
        const qint64 before = balance;
        balance = opening.amount * i / opening.steps;
        CF_TRY(insertRow(shop.connection, Posting{entry.id, 0, AccountId(opening.account), opening.bucket, Currency(), usd(balance - before), usd(balance)}));
    }
    return {};
}

/// The accounts with their balances, of which the two stories make 105.00 USD each.
Result<void> addAccounts(Shop& shop)
{
    const Currency currency;
    CF_TRY(insertRow(shop.connection, sampleAccount(100, AccountRef::system(AccountKind::Clearing, currency), -4'211'290, 0)));
    CF_TRY(insertRow(shop.connection, sampleAccount(101, AccountRef::system(AccountKind::Fees, currency), 231'077, 0)));
    CF_TRY(insertRow(shop.connection, sampleAccount(102, AccountRef::system(AccountKind::Promotions, currency), -51'000, 0)));
    Account merchant = sampleAccount(103, AccountRef::merchant(MerchantId(1), currency), 2'950'012, 881'201);
    merchant.billed = merchant.available;
    CF_TRY(insertRow(shop.connection, merchant));
    CF_TRY(insertRow(shop.connection, sampleAccount(104, AccountRef::wallet(CustomerId(1), currency), 12'500, 2'500)));
    for (qint64 n = 2; n <= 8; ++n) {
        CF_TRY(insertRow(shop.connection, sampleAccount(104 + n, AccountRef::wallet(CustomerId(n), currency), n * 4'375, 0)));
    }
    for (const Opening& opening : {Opening{100, Bucket::Available, EntryKind::Payment, -4'211'290 + 2 * 10'500, 30}, Opening{101, Bucket::Available, EntryKind::Payment, 231'077 - 2 * 525, 30},
                                   Opening{102, Bucket::Available, EntryKind::Payment, -51'000, 5}, Opening{103, Bucket::Available, EntryKind::Settlement, 2'950'012, 20},
                                   Opening{103, Bucket::Frozen, EntryKind::Payment, 881'201 - 2 * 9'975, 1}}) {
        CF_TRY(addOpening(shop, opening));
    }
    return {};
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
    item.amount = conflicted.payable;
    item.dueAt = item.openedAt + serviceLevel(item.severity, item.amount);
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

/// What waits beside the settlements of the stories: late, running, parked, soon, and one that is over. For the orders from 2,000 on.
Result<void> addQueue(Shop& shop)
{
    struct Waiting {
        JobKind kind;
        JobState state;
        Duration due;
        const char* payload;
    };
    const std::array waiting{
        Waiting{JobKind::CallbackApply, JobState::Parked, Duration::minutes(-95), ""},
        Waiting{JobKind::GatewayPoll, JobState::Ready, Duration::minutes(-3), ""},
        Waiting{JobKind::GatewaySend, JobState::Leased, Duration::seconds(-20), ""},
        Waiting{JobKind::OrderTimer, JobState::Ready, Duration::minutes(14), "2 timeout.payment"},
        Waiting{JobKind::TccDrive, JobState::Ready, Duration::hours(3), ""},
        Waiting{JobKind::OrderEvent, JobState::Done, Duration::minutes(-40), "payment.confirmed\nevt_1"},
    };
    qint64 order = 2'000;
    for (const Waiting& item : waiting) {
        Job job;
        job.id = shop.id<JobId>();
        job.kind = item.kind;
        job.state = item.state;
        job.order = OrderId(order++);
        job.subject = job.id.value();
        job.dedupeKey = QStringLiteral("sample:%1").arg(order);
        job.payload = text(item.payload);
        job.dueAt = shop.now + item.due;
        job.createdAt = shop.now - Duration::hours(2);
        job.epoch = 1;
        if (item.state == JobState::Leased) {
            job.leaseOwner = text("worker-1");
            job.leaseUntil = shop.now + Duration::seconds(40);
            job.attempt = 1;
        } else if (item.state == JobState::Parked || item.kind == JobKind::GatewayPoll) {
            job.attempt = item.state == JobState::Parked ? 1 : 6;
            job.lastErrorClass = item.state == JobState::Parked ? ErrorClass::Permanent : ErrorClass::Transient;
            job.lastError = item.state == JobState::Parked ? text("there is no such payment: pi_3QxYz0815 of the event evt_1QxYz belongs to another account of the gateway")
                                                           : text("connection refused");
            job.firstFailedAt = shop.now - Duration::minutes(95);
        }
        CF_TRY(insertRow(shop.connection, job));
    }
    return {};
}

/// Requests that did not go well, callbacks that could not be applied, and refused ones. For the orders from 2,000 on.
Result<void> addDialogue(Shop& shop)
{
    struct Asked {
        GatewayOperation operation;
        ExchangeState state;
        int httpStatus;
        const char* error;
    };
    const std::array asked{Asked{GatewayOperation::ConfirmIntent, ExchangeState::Refused, 402, "card_declined"}, Asked{GatewayOperation::CreateRefund, ExchangeState::Unknown, 0, "timeout"},
                           Asked{GatewayOperation::CancelIntent, ExchangeState::Withdrawn, 0, ""}, Asked{GatewayOperation::CaptureIntent, ExchangeState::Queued, 429, "rate_limited"}};
    qint64 order = 2'000;
    for (const Asked& item : asked) {
        GatewayExchange exchange;
        exchange.id = shop.id<ExchangeId>();
        exchange.order = OrderId(order);
        exchange.transaction = shop.id<TransactionId>();
        exchange.operation = item.operation;
        exchange.state = item.state;
        exchange.attempt = item.state == ExchangeState::Withdrawn ? 0 : 1;
        exchange.httpStatus = item.httpStatus;
        exchange.errorCode = text(item.error);
        exchange.amount = usd(10'500);
        exchange.idempotencyKey = QStringLiteral("order-%1-%2").arg(order).arg(toString(item.operation));
        exchange.createdAt = exchange.sentAt = shop.now - Duration::minutes(70 - order % 10);
        CF_TRY(insertRow(shop.connection, exchange));
        ++order;
    }
    for (const auto& [type, state, note] : {std::tuple{"charge.dispute.created", CallbackState::Case, "no payment of ours has the reference pi_3QxOther"},
                                            std::tuple{"customer.updated", CallbackState::Ignored, "not about a payment"}}) {
        GatewayCallback callback;
        callback.id = shop.id<CallbackId>();
        callback.gateway = text("stripe");
        callback.eventId = QStringLiteral("evt_%1").arg(callback.id.value());
        callback.type = text(type);
        callback.objectRef = text("pi_3QxOther");
        callback.state = state;
        callback.note = text(note);
        callback.receivedAt = callback.appliedAt = shop.now - Duration::minutes(6);
        CF_TRY(insertRow(shop.connection, callback));
        CF_TRY(insertRow(shop.connection, CallbackBody{callback.id, QStringLiteral(R"({"id":"%1","type":"%2"})").arg(callback.eventId, callback.type)}));
    }
    CF_TRY(addCallbackRefusal(shop.connection, shop.nextId++, text("signature_invalid: no v1 signature fits the body"), 1'812, text("203.0.113.9"), shop.now - Duration::minutes(50)));
    CF_TRY(addCallbackRefusal(shop.connection, shop.nextId++, text("signature_stale: signed 7204 s ago, at most 300 s are accepted"), 1'790, text("203.0.113.9"), shop.now - Duration::minutes(12)));
    return addCallbackRefusal(shop.connection, shop.nextId++, text("malformed_input: the signature header is missing"), 64, text("198.51.100.77"), shop.now - Duration::minutes(2));
}

/// The trail of the ordinary order, of a settlement, a case and an account, and what a person did.
Result<void> addAudit(Shop& shop)
{
    struct Done {
        const char* actor;
        const char* action;
        QString subject;
        const char* before;
        const char* after;
        const char* reason;
    };
    const QString order = OrderId(SampleShop::ordinaryOrder).toText();
    const std::array done{
        Done{"api:shop", "order.created", order, "", "105.00 USD", "CA-2024-9000"},
        Done{"worker", "order.transition", order, "created", "awaiting_payment", "checkout.reserved"},
        Done{"worker", "order.transition", order, "awaiting_payment", "paying", "payment.started"},
        Done{"worker", "order.transition", order, "paying", "paid", "callback: evt_1QxYz"},
        Done{"worker", "order.transition", order, "paid", "fulfilling", "fulfilment.started"},
        Done{"worker", "order.transition", order, "fulfilling", "shipped", "shipment.dispatched"},
        Done{"cli", "account.recharged", AccountId(SampleShop::walletAccount).toText(), "", "25.00 USD", "bank transfer before order CA-2024-9000"},
        Done{"worker", "case.opened", CaseId(77).toText(), "", "amount_conflict", "asked 105.00 USD, the gateway reports 150.00 USD"},
        Done{"maria", "command.executed", JobId(78).toText(), R"({"state":"parked","attempt":1,"last_error":"there is no such payment"})",
             R"({"state":"ready","attempt":2,"last_error":""})", "the buyer called: sent twice by mistake"},
    };
    UtcTime at = shop.now - Duration::hours(5);
    for (const Done& item : done) {
        CF_TRY(insertRow(shop.connection, AuditEvent{shop.id<AuditEventId>(), at, text(item.actor), text(item.action), item.subject, text(item.before), text(item.after), text(item.reason)}));
        at = at + Duration::minutes(34);
    }
    return {};
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
    CF_TRY(addAccounts(shop));
    CF_TRY(addStories(shop));
    for (int i = 0; i < orders; ++i) {
        const auto n = static_cast<std::size_t>(i);
        Order order = sampleOrder(2'000 + i, CustomerId(static_cast<qint64>(n % names.size()) + 1), text(states[n % states.size()]));
        order.buyerName = text(names[n % names.size()]);
        order.createdAt = order.placedAt = order.stateSince = now - Duration::minutes(37LL * (orders - i) + 20);
        CF_TRY(insertRow(connection, order));
        CF_TRY(addParts(shop, order));
    }
    if (orders >= 6) {
        CF_TRY(addQueue(shop));
        CF_TRY(addDialogue(shop));
        CF_TRY(addAudit(shop));
    }
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES ('worker-1', 1, ?, ?, '')"),
                              {bound(now - Duration::hours(6)), bound(now - Duration::seconds(2))}));
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO setting (name, value) VALUES ('environment', 'sandbox')")));
    return transaction.commit();
}

} // namespace counterfoil
