// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/naughty_shop.h"

#include "models/domain/change_set.h"
#include "models/store/administration.h"
#include "models/store/operator_tables.h"
#include "tests/support/sample_rows.h"
#include "tests/views/sample_shop.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr int previewTextMax = 4'000;

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

/// One string, and where it stands in the list.
struct Naughty {
    QString text;
    qint64 n = 0;

    /// For columns that have every value once.
    QString once(const char* what) const { return QStringLiteral("%1 #%2 %3").arg(text).arg(n).arg(QLatin1String(what)); }
};

Result<void> addPeople(Shop& shop, const Naughty& naughty)
{
    Customer customer = sampleCustomer(NaughtyShop::firstCustomer + naughty.n, naughty.text, naughty.text);
    customer.externalRef = naughty.once("customer");
    CF_TRY(insertRow(shop.connection, customer));
    const MerchantId merchant(NaughtyShop::firstMerchant + naughty.n);
    CF_TRY(insertRow(shop.connection, Merchant{merchant, naughty.once("merchant"), naughty.text, BasisPoints(500), shop.now}));
    CF_TRY(insertRow(shop.connection, Warehouse{WarehouseId(naughty.n + 1), naughty.once("warehouse"), naughty.text}));
    return insertRow(shop.connection, sampleAccount(NaughtyShop::firstAccount + naughty.n, AccountRef::wallet(customer.id, Currency()), 12'345, 0));
}

Result<void> addItem(Shop& shop, const Order& order, const Naughty& naughty)
{
    SubOrder sub;
    sub.id = shop.id<SubOrderId>();
    sub.order = order.id;
    sub.line = static_cast<int>(naughty.n);
    sub.merchant = MerchantId(NaughtyShop::firstMerchant + naughty.n);
    sub.warehouse = WarehouseId(naughty.n + 1);
    sub.goods = order.goods;
    sub.shipping = order.shipping;
    sub.gross = order.payable;
    sub.commission = usd(525);
    sub.carrier = sub.trackingNo = naughty.text;
    CF_TRY(insertRow(shop.connection, sub));
    OrderItem item;
    item.id = shop.id<OrderItemId>();
    item.order = order.id;
    item.subOrder = sub.id;
    item.line = static_cast<int>(naughty.n);
    item.sku = SkuId(1);
    item.seller = sub.merchant;
    item.warehouse = sub.warehouse;
    item.skuCode = item.productName = item.specification = naughty.text;
    item.quantity = 2;
    item.unitPrice = usd(5'000);
    item.amount = usd(10'000);
    return insertRow(shop.connection, item);
}

Result<void> addDialogue(Shop& shop, const Order& order, const Naughty& naughty)
{
    PaymentTransaction payment;
    payment.id = shop.id<TransactionId>();
    payment.order = order.id;
    payment.amount = payment.gatewayPart = order.payable;
    payment.status = TransactionStatus::Unknown;
    payment.gatewayRef = QStringLiteral("%1 %2").arg(naughty.once("payment"), order.id.toText());
    payment.cardBrand = payment.cardLast4 = payment.declineCode = naughty.text;
    payment.createdAt = order.createdAt;
    CF_TRY(insertRow(shop.connection, payment));
    GatewayExchange exchange;
    exchange.id = shop.id<ExchangeId>();
    exchange.order = order.id;
    exchange.transaction = payment.id;
    exchange.idempotencyKey = QStringLiteral("%1 %2").arg(naughty.once("exchange"), order.id.toText());
    exchange.state = ExchangeState::Refused;
    exchange.attempt = 1;
    exchange.httpStatus = 402;
    exchange.amount = order.payable;
    exchange.gatewayRef = exchange.errorCode = naughty.text;
    exchange.createdAt = exchange.sentAt = order.createdAt;
    CF_TRY(insertRow(shop.connection, exchange));
    CF_TRY(insertRow(shop.connection, ExchangePayload{exchange.id, 1, naughty.text, naughty.text, 402, naughty.text, order.createdAt, 182'000}));
    GatewayCallback callback;
    callback.id = shop.id<CallbackId>();
    callback.gateway = naughty.text;
    callback.eventId = QStringLiteral("%1 %2").arg(naughty.once("event"), order.id.toText());
    callback.type = callback.note = naughty.text;
    callback.objectRef = payment.gatewayRef;
    callback.order = order.id;
    callback.state = CallbackState::Case;
    callback.receivedAt = callback.appliedAt = order.createdAt;
    CF_TRY(insertRow(shop.connection, callback));
    return insertRow(shop.connection, CallbackBody{callback.id, naughty.text});
}

Result<void> addWork(Shop& shop, const Order& order, const Naughty& naughty)
{
    OrderEvent event;
    event.id = shop.id<OrderEventId>();
    event.order = order.id;
    event.key = naughty.once("event");
    event.event = event.fromState = event.toState = event.actor = event.cause = naughty.text;
    event.outcome = naughty.n % 2 == 0 ? EventOutcome::Applied : EventOutcome::Noted;
    event.at = order.createdAt;
    CF_TRY(insertRow(shop.connection, event));
    Job job;
    job.id = shop.id<JobId>();
    job.kind = naughty.n % 2 == 0 ? JobKind::OrderTimer : JobKind::GatewayPoll;
    job.state = naughty.n % 3 == 0 ? JobState::Leased : JobState::Parked;
    job.order = order.id;
    job.subject = job.id.value();
    job.dedupeKey = QStringLiteral("%1 %2").arg(naughty.once("job"), order.id.toText());
    job.payload = job.leaseOwner = job.lastError = naughty.text;
    job.attempt = 2;
    job.lastErrorClass = ErrorClass::Permanent;
    job.dueAt = job.createdAt = job.firstFailedAt = order.createdAt;
    job.leaseUntil = shop.now + Duration::minutes(5);
    return insertRow(shop.connection, job);
}

Result<void> addCase(Shop& shop, const Order& order, const Naughty& naughty)
{
    InterventionCase item;
    item.id = CaseId(NaughtyShop::firstCase + naughty.n);
    item.kind = item.detail = naughty.text;
    item.severity = CaseSeverity::Critical;
    item.order = order.id;
    item.dedupeKey = naughty.once("case");
    item.owner = naughty.text;
    item.amount = order.payable;
    item.openedAt = order.createdAt;
    item.dueAt = item.openedAt + Duration::minutes(naughty.n);
    if (naughty.n % 4 == 3) {
        item.state = CaseState::Resolved;
        item.resolvedBy = item.resolution = naughty.text;
        item.resolvedAt = shop.now;
    }
    CF_TRY(insertRow(shop.connection, item));
    CF_TRY(insertRow(shop.connection, CaseNote{shop.id<CaseNoteId>(), item.id, shop.now, naughty.text, CaseNoteKind::Note, naughty.text}));
    // What a worker writes is bounded, and so is what is read of it.
    const QString text = naughty.text.left(previewTextMax);
    const QString preview = toJsonText(ChangeSet{{{QStringLiteral("orders"), QString::number(naughty.n), false, {{QStringLiteral("state"), ColumnChange::Kind::Text, text, text}}},
                                                  {QStringLiteral("intervention_case"), QString::number(naughty.n), true, {{QStringLiteral("state"), ColumnChange::Kind::Word, {}, text}}}}});
    OperatorCommand command;
    command.id = CommandId(NaughtyShop::firstCommand + naughty.n);
    command.kind = CommandKind::Refund;
    command.order = order.id;
    command.subject = order.id.value();
    command.intervention = item.id;
    command.amount = usd(500);
    command.reason = command.result = command.decisionNote = naughty.text;
    command.requestedBy = naughty.once("login");
    command.requestedAt = command.previewedAt = shop.now;
    command.status = naughty.n % 2 == 0 ? CommandStatus::AwaitingApproval : CommandStatus::Failed;
    command.preview = preview;
    return insertRow(shop.connection, command);
}

Result<void> addOrder(Shop& shop, const Naughty& naughty, bool isTaken)
{
    Order order = sampleOrder(NaughtyShop::firstOrder + naughty.n, CustomerId(NaughtyShop::firstCustomer + naughty.n), QStringLiteral("review"));
    order.orderNo = isTaken ? naughty.once("order") : naughty.text;
    order.buyerName = order.channel = naughty.text;
    order.createdAt = order.placedAt = order.stateSince = shop.now - Duration::minutes(naughty.n + 1);
    CF_TRY(insertRow(shop.connection, order));
    CF_TRY(addItem(shop, order, naughty));
    CF_TRY(addDialogue(shop, order, naughty));
    CF_TRY(addWork(shop, order, naughty));
    CF_TRY(addCase(shop, order, naughty));
    CF_TRY(addCallbackRefusal(shop.connection, shop.nextId++, naughty.text, 64, naughty.text, shop.now));
    return insertRow(shop.connection, AuditEvent{shop.id<AuditEventId>(), order.createdAt, naughty.text, naughty.text, naughty.text, naughty.text, naughty.text, naughty.text});
}

} // namespace

std::vector<QString> naughtyStrings()
{
    QFile file(QStringLiteral(NAUGHTY_STRINGS));
    require(file.open(QIODevice::ReadOnly), "the list of naughty strings is there");
    std::vector<QString> strings{hostileText()};
    for (const QJsonValue value : QJsonDocument::fromJson(file.readAll()).array()) {
        strings.push_back(value.toString());
    }
    return strings;
}

Result<void> fillNaughtyShop(Connection& connection, const std::vector<QString>& strings, UtcTime now)
{
    Shop shop{connection, now};
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
    Order full = sampleOrder(NaughtyShop::fullOrder, CustomerId(NaughtyShop::firstCustomer), QStringLiteral("review"));
    full.createdAt = full.placedAt = full.stateSince = now;
    CF_TRY(insertRow(connection, full));
    std::map<QString, int> taken;
    for (std::size_t i = 0; i < strings.size(); ++i) {
        const Naughty naughty{strings[i], static_cast<qint64>(i)};
        CF_TRY(addPeople(shop, naughty));
        CF_TRY(addOrder(shop, naughty, taken[naughty.text]++ > 0));
        CF_TRY(addItem(shop, full, naughty));
        CF_TRY(addDialogue(shop, full, naughty));
        CF_TRY(addWork(shop, full, naughty));
    }
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO worker_heartbeat (worker, node, started_at, beat_at, callback_url) VALUES (?, 1, ?, ?, '')"),
                              {bound(strings.front()), bound(now), bound(now)}));
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO setting (name, value) VALUES ('environment', 'sandbox')")));
    return transaction.commit();
}

} // namespace counterfoil
