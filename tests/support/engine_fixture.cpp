// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"

#include "models/store/administration.h"
#include "models/store/job_queue.h"
#include "resources/resources.h"
#include "workflows/gateway/callback_verifier.h"
#include "workflows/services/callback_intake.h"
#include "workflows/services/verification.h"
#include "workflows/tcc/ledger.h"

#include <QFile>

namespace counterfoil {

EngineFixture::EngineFixture(DatabaseKind kind, const EngineOptions& options) : ids(clock, 1), m_database(TestDatabase::create(kind))
{
    initResources();
    m_connection = &m_database->writer();
    QFile workflow(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    require(workflow.open(QFile::ReadOnly), "the order workflow is built in");
    DatabaseTransaction transaction = unwrap(DatabaseTransaction::begin(*m_connection));
    unwrap(publishWorkflow(*m_connection, QStringLiteral("order"), QString::fromUtf8(workflow.readAll()), QStringLiteral("system"), clock.now()));
    unwrap(transaction.commit());
    wire(options);
}

EngineFixture::EngineFixture(std::shared_ptr<TestDatabase> database, int node, const EngineOptions& options) : ids(clock, node), m_database(std::move(database))
{
    m_ownConnection = m_database->connect(ConnectionRole::Writer);
    m_connection = m_ownConnection.get();
    wire(options);
}

void EngineFixture::wire(const EngineOptions& options)
{
    m_parts = unwrap(EngineParts::load(*m_connection, options));
    m_placement = std::make_unique<OrderPlacement>(*m_connection, OrderPlacement::Parts{m_parts->engine(), m_parts->coordinator(), clock, ids}, OrderPlacement::Options{});
    m_refunds = std::make_unique<RefundService>(*m_connection, RefundService::Parts{m_parts->engine(), m_parts->refunds(), clock, ids});
    restartRunner();
}

void EngineFixture::restartRunner(const QString& owner)
{
    JobRunner::Options options;
    options.owner = owner;
    m_runner = std::make_unique<JobRunner>(*m_connection, clock, ids, m_parts->handlers(), options);
}

MerchantId EngineFixture::addMerchant(const QString& ref, int commissionBp)
{
    MerchantId id;
    write([&](UnitOfWork& work) { id = work.merchants.add({work.ids().next<MerchantId>(), ref, ref, BasisPoints(commissionBp), work.now()}).id; });
    return id;
}

SkuId EngineFixture::addSku(const SampleSku& sku)
{
    const auto known = rows<Warehouse>(QStringLiteral("WHERE code = ?"), {sku.warehouse});
    SkuId id;
    write([&](UnitOfWork& work) {
        const WarehouseId warehouse = known.empty() ? work.warehouses.add({work.ids().next<WarehouseId>(), sku.warehouse, sku.warehouse}).id : known.front().id;
        const ProductId product = work.products.add({work.ids().next<ProductId>(), sku.code, sku.code, QStringLiteral("things"), sku.merchant}).id;
        id = work.skus.add({work.ids().next<SkuId>(), product, sku.code, QStringLiteral("plain"), sku.fulfilment}).id;
        work.priceTiers.add({work.ids().next<PriceTierId>(), id, 1, sku.unitPrice.currency(), sku.unitPrice, {}, {}, {}});
        work.stocks.add({work.ids().next<StockId>(), id, warehouse, sku.onHand, 0, 0});
    });
    return id;
}

void EngineFixture::addTier(const PriceTier& tier)
{
    write([&](UnitOfWork& work) {
        PriceTier row = tier;
        row.id = work.ids().next<PriceTierId>();
        work.priceTiers.add(row);
    });
}

CouponId EngineFixture::addCoupon(Coupon coupon)
{
    coupon.id = ids.next<CouponId>();
    coupon.codeFolded = foldCouponCode(coupon.code);
    coupon.threshold = Money(coupon.threshold.minor(), coupon.currency);
    write([&](UnitOfWork& work) { work.coupons.add(coupon); });
    return coupon.id;
}

CustomerId EngineFixture::recharge(const QString& buyerRef, const Money& amount)
{
    const auto known = rows<Customer>(QStringLiteral("WHERE external_ref = ?"), {buyerRef});
    CustomerId buyer;
    write([&](UnitOfWork& work) {
        buyer = known.empty() ? work.customers.add({work.ids().next<CustomerId>(), buyerRef, buyerRef, {}, {}, work.now()}).id : known.front().id;
        const AccountRef wallet = AccountRef::wallet(buyer, amount.currency());
        const AccountRef bank = AccountRef::system(AccountKind::Bank, amount.currency());
        unwrap(work.loadAccounts({wallet, bank}));
        const QString key = QStringLiteral("recharge:%1").arg(work.ids().nextValue());
        unwrap(post(work, {EntryKind::Recharge, key, {}, {}}, {{bank, Bucket::Available, unwrap(amount.negated())}, {wallet, Bucket::Available, amount}}));
    });
    return buyer;
}

NewOrder EngineFixture::order(const QString& number, const QString& buyerRef, std::vector<std::pair<QString, qint64>> lines, Funding funding)
{
    NewOrder order;
    order.orderNo = number;
    order.buyerRef = buyerRef;
    order.buyerName = buyerRef;
    order.channel = QStringLiteral("web");
    order.shipping = Money::zero(order.currency);
    order.topUpMultiple = Money::zero(order.currency);
    order.funding = funding;
    order.paymentMethod = QStringLiteral("pm_card_visa");
    for (const auto& [sku, quantity] : lines) {
        NewOrderLine line;
        line.sku = sku;
        line.quantity = quantity;
        order.lines.push_back(line);
    }
    return order;
}

Result<PlacedOrder> EngineFixture::place(const NewOrder& order)
{
    CF_ASSIGN(auto results, m_placement->place(std::span(&order, 1), {QStringLiteral("api:shop"), false, nullptr}));
    return results.front();
}

OrderId EngineFixture::placed(const NewOrder& order)
{
    return unwrap(place(order)).id;
}

EventOutcome EngineFixture::apply(OrderId order, const QString& event, const QString& actor)
{
    EventOutcome outcome = EventOutcome::NotAccepted;
    write([&](UnitOfWork& work) {
        unwrap(work.loadOrders({order}, OrderDepth::Full));
        outcome = unwrap(m_parts->engine().apply(work, order, {event, QStringLiteral("test:%1").arg(work.ids().nextValue()), actor, {}}));
    });
    return outcome;
}

bool EngineFixture::runRound(int remoteCapacity)
{
    const JobRunner::Round round = unwrap(m_runner->runDue(remoteCapacity));
    std::vector<RemoteAnswer> answers;
    for (const RemoteCall& call : round.calls) {
        answers.push_back({call, gateway.answer(call.request)});
    }
    unwrap(m_runner->applyAnswers(answers));
    return round.claimed > 0;
}

void EngineFixture::runDue()
{
    for (int rounds = 0; runRound(); ++rounds) {
        require(rounds < 1000, "due jobs come to an end");
    }
}

void EngineFixture::runUntilQuiet(Duration maxVirtualTime)
{
    const UtcTime end = clock.now() + maxVirtualTime;
    for (;;) {
        runDue();
        const UtcTime due = unwrap(nextJobDue(connection()));
        if (due.isNone() || due > end) {
            break;
        }
        clock.set(std::max(clock.now() + Duration(1), due));
    }
    clock.set(end);
}

int EngineFixture::deliver(const std::vector<QByteArray>& bodies)
{
    std::vector<VerifiedCallback> callbacks;
    for (const QByteArray& body : bodies) {
        callbacks.push_back({unwrap(parseCallback(body)), body});
    }
    const std::vector<bool> isNew = unwrap(storeCallbacks(connection(), clock, ids, callbacks));
    return static_cast<int>(std::ranges::count(isNew, true));
}

Order EngineFixture::orderOf(OrderId order)
{
    return rows<Order>(QStringLiteral("WHERE id = ?"), {bound(order)}).front();
}

PaymentTransaction EngineFixture::paymentOf(OrderId order)
{
    return rows<PaymentTransaction>(QStringLiteral("WHERE order_id = ? AND kind = 'payment'"), {bound(order)}).front();
}

TccTransaction EngineFixture::tccOf(OrderId order)
{
    return rows<TccTransaction>(QStringLiteral("WHERE order_id = ? AND business_key LIKE 'payment:%'"), {bound(order)}).front();
}

std::vector<GatewayExchange> EngineFixture::exchangesOf(OrderId order, GatewayOperation operation)
{
    return rows<GatewayExchange>(QStringLiteral("WHERE order_id = ? AND operation = ? ORDER BY id"), {bound(order), toString(operation)});
}

QStringList EngineFixture::openCases()
{
    QStringList kinds;
    for (const InterventionCase& row : rows<InterventionCase>(QStringLiteral("WHERE state = 'open' ORDER BY kind, id"))) {
        kinds << row.kind;
    }
    return kinds;
}

Money EngineFixture::balance(const AccountRef& ref, Bucket bucket)
{
    const auto found = rows<Account>(QStringLiteral("WHERE owner_kind = ? AND owner_id = ? AND kind = ? AND currency = ?"),
                                     {toString(ref.ownerKind), bound(ref.ownerId), toString(ref.kind), ref.currency.code()});
    return found.empty() ? Money::zero(ref.currency) : found.front().balance(bucket);
}

qint64 EngineFixture::count(const QString& table)
{
    qint64 number = 0;
    unwrap(connection().query(QStringLiteral("SELECT count(*) FROM %1").arg(table), {}, [&](const Row& row) -> Result<void> {
        number = row.integer(0);
        return {};
    }));
    return number;
}

std::map<QString, qint64> EngineFixture::counts()
{
    std::map<QString, qint64> numbers;
    for (const char* table : {"customer", "merchant", "warehouse", "product", "sku", "price_tier", "stock", "stock_reservation", "coupon", "coupon_grant", "account", "ledger_entry",
                              "posting", "hold", "hold_movement", "orders", "sub_order", "order_item", "order_event", "payment_transaction", "transaction_detail",
                              "gateway_exchange", "tcc_transaction", "tcc_branch", "tcc_fence", "job", "intervention_case", "audit_event", "idempotency_record"}) {
        numbers.emplace(QString::fromLatin1(table), count(QString::fromLatin1(table)));
    }
    return numbers;
}

QStringList EngineFixture::violations()
{
    QStringList found;
    for (const InvariantOutcome& outcome : unwrap(verifyDatabase(connection())).outcomes) {
        for (const Violation& violation : outcome.violations) {
            found << QStringLiteral("%1: %2 %3").arg(outcome.name, violation.id, violation.detail);
        }
    }
    return found;
}

} // namespace counterfoil
