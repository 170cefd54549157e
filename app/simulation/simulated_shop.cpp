// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulated_shop.h"

#include "workflows/tcc/ledger.h"

namespace counterfoil {

namespace {

using Stream = FaultPlan::Stream;

constexpr qint64 doorsOpenMs = 90'000;
constexpr Duration repetition = Duration::seconds(2);
/// One of so many orders comes back without anybody racing for it.
constexpr qint64 returnsOf = 6;
constexpr qint64 returnsFromMs = 120'000;
constexpr qint64 returnsToMs = 1'320'000;
constexpr qint64 settlementRaceMs = 100'000;
constexpr int attemptsMax = 400;
constexpr int buyers = 5;
constexpr qint64 walletMinor = 300'000;
constexpr qint64 scarceStock = 4;
constexpr qint64 scarceCoupons = 2;
constexpr qint64 tenMinor = 151;
constexpr qint64 rareMinor = 1'009;
constexpr qint64 plenty = 1'000'000;

struct Good {
    const char* code;
    const char* merchant;
    const char* currency;
    qint64 priceMinor;
    qint64 onHand;
    FulfilmentKind fulfilment;
};

constexpr std::array goods{
    Good{"PEN", "alpha", "USD", 199, plenty, FulfilmentKind::Physical},     Good{"DESK", "beta", "USD", 45'903, plenty, FulfilmentKind::Physical},
    Good{"LAMP", "gamma", "USD", 3'333, plenty, FulfilmentKind::Physical},  Good{"EBOOK", "gamma", "USD", 1'001, plenty, FulfilmentKind::Digital},
    Good{"VASE", "alpha", "USD", 12'007, scarceStock, FulfilmentKind::Physical}, Good{"TEA", "alpha", "JPY", 1'499, plenty, FulfilmentKind::Physical},
    Good{"CUP", "beta", "JPY", 333, plenty, FulfilmentKind::Physical},
};
constexpr std::size_t scarceGood = 4;
constexpr std::size_t dollarGoods = 4;

/// What a shop may rightly be told.
bool isScarcity(ErrorCode code)
{
    return code == ErrorCode::OutOfStock || code == ErrorCode::InsufficientFunds || code == ErrorCode::CouponExhausted;
}

bool isRefundRefusal(ErrorCode code)
{
    return code == ErrorCode::RefundExceeded || code == ErrorCode::InvalidAmount || code == ErrorCode::QuantityOutOfRange || code == ErrorCode::InsufficientFunds;
}

Currency currencyOf(const char* code)
{
    return *Currency::parse(QString::fromLatin1(code));
}

/// A coupon takes off what it says, but never more than the goods cost.
qint64 discountMinor(const NewOrder& order)
{
    qint64 total = 0;
    for (const NewOrderLine& line : order.lines) {
        const auto good = std::ranges::find_if(goods, [&](const Good& g) { return line.sku == QLatin1String(g.code); });
        total += good->priceMinor * line.quantity;
    }
    return order.couponCodes.empty() ? 0 : std::min(total, order.couponCodes.front() == u"rare" ? rareMinor : tenMinor);
}

Coupon makeCoupon(const char* code, qint64 minor, qint64 limit)
{
    Coupon coupon;
    coupon.code = QString::fromLatin1(code);
    coupon.codeFolded = foldCouponCode(coupon.code);
    coupon.value = Money(minor, coupon.currency);
    coupon.threshold = Money::zero(coupon.currency);
    coupon.totalLimit = limit;
    return coupon;
}

} // namespace

Result<void> SimulatedShop::open(Connection& connection, IdSource& ids)
{
    UnitOfWork work(connection, m_world.clock, ids);
    CF_TRY(work.begin());
    const WarehouseId warehouse = work.warehouses.add({ids.next<WarehouseId>(), QStringLiteral("north"), QStringLiteral("north")}).id;
    std::map<QString, MerchantId> merchants;
    for (const auto& [name, commission] : {std::pair(QStringLiteral("alpha"), 500), std::pair(QStringLiteral("beta"), 1'250), std::pair(QStringLiteral("gamma"), 333)}) {
        merchants[name] = work.merchants.add({ids.next<MerchantId>(), name, name, BasisPoints(commission), work.now()}).id;
    }
    for (const Good& good : goods) {
        const QString code = QString::fromLatin1(good.code);
        const ProductId product = work.products.add({ids.next<ProductId>(), code, code, QStringLiteral("things"), merchants.at(QString::fromLatin1(good.merchant))}).id;
        const SkuId sku = work.skus.add({ids.next<SkuId>(), product, code, QStringLiteral("plain"), good.fulfilment}).id;
        const Money price(good.priceMinor, currencyOf(good.currency));
        work.priceTiers.add({ids.next<PriceTierId>(), sku, 1, price.currency(), price, {}, {}, {}});
        m_openings.push_back({work.stocks.add({ids.next<StockId>(), sku, warehouse, good.onHand, 0, 0}).id, good.onHand});
    }
    for (Coupon coupon : {makeCoupon("TEN", tenMinor, 0), makeCoupon("RARE", rareMinor, scarceCoupons)}) {
        coupon.id = ids.next<CouponId>();
        work.coupons.add(coupon);
    }
    const AccountRef bank = AccountRef::system(AccountKind::Bank, Currency());
    CF_TRY(work.loadAccounts({bank}));
    for (int i = 0; i < buyers; ++i) {
        const QString name = QStringLiteral("buyer-%1").arg(i);
        const CustomerId buyer = work.customers.add({ids.next<CustomerId>(), name, name, {}, {}, work.now()}).id;
        const AccountRef wallet = AccountRef::wallet(buyer, Currency());
        CF_TRY(work.loadAccounts({wallet}));
        CF_TRY(post(work, {EntryKind::Recharge, QStringLiteral("recharge:%1").arg(i), {}, {}},
                    {{bank, Bucket::Available, Money(-walletMinor, Currency())}, {wallet, Bucket::Available, Money(walletMinor, Currency())}}));
    }
    return work.commit();
}

NewOrder SimulatedShop::makeOrder(int number, const Rush& rush)
{
    FaultPlan& choices = m_world.faults;
    NewOrder order;
    order.orderNo = QStringLiteral("S-%1").arg(number);
    order.buyerRef = QStringLiteral("buyer-%1").arg(choices.draw(Stream::Basket, buyers));
    order.buyerName = order.buyerRef;
    order.channel = QStringLiteral("web");
    order.paymentMethod = QStringLiteral("pm_card_visa");
    order.splitStrategy = static_cast<SplitStrategy>(choices.draw(Stream::Basket, 5));
    const bool isYen = choices.draw(Stream::Basket, 6) == 0 && !rush.forStock && !rush.forCoupons;
    order.currency = currencyOf(isYen ? "JPY" : "USD");
    order.topUpMultiple = Money::zero(order.currency);
    order.shipping = Money(choices.draw(Stream::Basket, 2) * 799, order.currency);
    // Wallets hold dollars.
    order.funding = isYen ? Funding::Gateway : static_cast<Funding>(choices.draw(Stream::Basket, 3));
    const std::size_t from = isYen ? scarceGood + 1 : 0;
    const auto kinds = static_cast<qint64>(isYen ? goods.size() - from : dollarGoods);
    const qint64 first = choices.draw(Stream::Basket, kinds);
    const qint64 lines = choices.between(Stream::Basket, 1, std::min<qint64>(3, kinds));
    for (qint64 i = 0; i < lines; ++i) {
        NewOrderLine line;
        line.sku = QString::fromLatin1(goods[from + static_cast<std::size_t>((first + i) % kinds)].code);
        line.quantity = choices.between(Stream::Basket, 1, 4);
        order.lines.push_back(line);
    }
    if (isYen) {
        return order;
    }
    if (rush.forStock) {
        NewOrderLine line;
        line.sku = QString::fromLatin1(goods[scarceGood].code);
        line.quantity = choices.between(Stream::Basket, 1, 2);
        order.lines.push_back(line);
    }
    if (rush.forCoupons) {
        order.couponCodes.push_back(QStringLiteral("rare"));
    } else if (choices.draw(Stream::Basket, 3) == 0) {
        order.couponCodes.push_back(QStringLiteral("ten"));
    }
    return order;
}

void SimulatedShop::openDoors(int payments)
{
    FaultPlan& choices = m_world.faults;
    const auto total = static_cast<std::size_t>(payments);
    while (m_placements.size() < total) {
        const std::size_t first = m_placements.size();
        const Rush rush{choices.fires(FaultKind::StockRace), choices.fires(FaultKind::CouponRace)};
        // Now and then several checkouts share a transaction, as an import's do; those that fight for something always.
        const bool isTogether = choices.draw(Stream::Arrival, 4) == 0 || rush.forStock || rush.forCoupons;
        const auto wanted = static_cast<std::size_t>(isTogether ? choices.between(Stream::Arrival, rush.forCoupons ? 3 : 2, 4) : 1);
        const std::size_t count = std::min(wanted, total - first);
        for (std::size_t i = 0; i < count; ++i) {
            const NewOrder order = makeOrder(static_cast<int>(first + i), rush);
            m_placements.push_back({order, {}, false, 0, Money(discountMinor(order), order.currency)});
        }
        m_world.after(Duration::milliseconds(choices.draw(Stream::Arrival, doorsOpenMs)), [this, first, count] {
            if (count == 1) {
                place(first);
            } else {
                placeTogether(first, count);
            }
        });
        for (std::size_t i = 0; i < count; ++i) {
            planReturns(first + i);
        }
    }
}

void SimulatedShop::place(std::size_t index)
{
    const NewOrder& order = m_placements[index].order;
    SimulatedWorker* const worker = m_anyWorker();
    const Result<PlacedOrder> placed = worker ? worker->placeOnce(order, order.orderNo) : Result<PlacedOrder>(fail(ErrorCode::DatabaseUnavailable));
    answered(index, placed);
    const bool isUnknown = !placed && classify(placed.error().code) == ErrorClass::Transient;
    if (mayRepeat(index) && (isUnknown || m_world.faults.fires(FaultKind::ClientRetry))) {
        m_world.after(repetition, [this, index] { place(index); });
    }
}

/// A shop gives up some time; an order without an answer is a complaint then.
bool SimulatedShop::mayRepeat(std::size_t index)
{
    return ++m_placements[index].attempts < attemptsMax;
}

void SimulatedShop::placeTogether(std::size_t first, std::size_t count)
{
    std::vector<NewOrder> orders;
    for (std::size_t i = first; i < first + count; ++i) {
        orders.push_back(m_placements[i].order);
    }
    SimulatedWorker* const worker = m_anyWorker();
    const auto placed = worker ? worker->place(orders) : Result<std::vector<Result<PlacedOrder>>>(fail(ErrorCode::DatabaseUnavailable));
    if (mayRepeat(first) && (!placed || m_world.faults.fires(FaultKind::ClientRetry))) {
        m_world.after(repetition, [this, first, count] { placeTogether(first, count); });
    }
    for (std::size_t i = 0; placed && i < count; ++i) {
        answered(first + i, (*placed)[i]);
    }
}

void SimulatedShop::answered(std::size_t index, const Result<PlacedOrder>& placed)
{
    Placement& known = m_placements[index];
    m_world.note(QStringLiteral("order %1 %2").arg(known.order.orderNo, placed ? placed->id.toText() : toString(placed.error().code)));
    if (!placed) {
        const ErrorCode code = placed.error().code;
        const bool isRefusal = classify(code) != ErrorClass::Transient;
        if (isRefusal && !isScarcity(code)) {
            m_complaints << QStringLiteral("%1 was refused for no good reason: %2").arg(known.order.orderNo, placed.error().text());
        }
        if (isRefusal && !known.id.isNone()) {
            m_complaints << QStringLiteral("%1 was accepted, and refused when it was repeated: %2").arg(known.order.orderNo, placed.error().text());
        }
        known.isRefused = known.isRefused || isRefusal;
        return;
    }
    if (!known.id.isNone() && known.id != placed->id) {
        m_complaints << QStringLiteral("%1 was placed twice").arg(known.order.orderNo);
    }
    known.id = placed->id;
    known.isRefused = false;
}

void SimulatedShop::confirming(OrderId order)
{
    FaultPlan& faults = m_world.faults;
    if (faults.fires(FaultKind::CancelRacesSuccess)) {
        const QString actor = faults.draw(Stream::Choice, 3) == 0 ? QStringLiteral("operator:ada") : QStringLiteral("api:shop");
        m_world.after(Duration::milliseconds(faults.draw(Stream::Delay, 1'000)), [this, order, actor] { cancel(order, actor); });
    }
}

void SimulatedShop::cancel(OrderId order, const QString& actor)
{
    SimulatedWorker* const worker = m_anyWorker();
    const auto done = worker ? worker->apply(order, {QStringLiteral("cancel.requested"), QStringLiteral("cancel:%1").arg(order.value()), actor, {}})
                             : Result<EventOutcome>(fail(ErrorCode::DatabaseUnavailable));
    m_world.note(QStringLiteral("cancel %1 %2").arg(order.toText(), done ? toString(*done) : toString(done.error().code)));
    if (!done) {
        m_world.after(repetition, [this, order, actor] { cancel(order, actor); });
        return;
    }
}

void SimulatedShop::planReturns(std::size_t index)
{
    FaultPlan& choices = m_world.faults;
    const NewOrder& order = m_placements[index].order;
    const bool isAtSettlement = choices.fires(FaultKind::RefundRacesSettlement);
    const bool isRace = choices.fires(FaultKind::RefundRacesRefund);
    if (!isAtSettlement && !isRace && choices.draw(Stream::Choice, returnsOf) > 0) {
        return;
    }
    const qint64 delayMs = isAtSettlement ? settlementDelay.milliseconds() + choices.between(Stream::Delay, 0, settlementRaceMs) : choices.between(Stream::Delay, returnsFromMs, returnsToMs);
    RefundRequest wanted;
    switch (choices.draw(Stream::Choice, 3)) {
    case 0:
        wanted.lines = {{1, 1}};
        break;
    case 1:
        wanted.amount = Money(choices.between(Stream::Choice, 1, 40'000), order.currency);
        break;
    default: // everything that is left
        break;
    }
    m_world.after(Duration::milliseconds(delayMs), [this, index, wanted] { refund(index, wanted, QStringLiteral("return-%1").arg(index)); });
    if (isRace) {
        const qint64 secondMs = delayMs + choices.draw(Stream::Delay, 500);
        m_world.after(Duration::milliseconds(secondMs), [this, index] { refund(index, {}, QStringLiteral("return-%1-too").arg(index)); });
    }
}

void SimulatedShop::refund(std::size_t index, const RefundRequest& wanted, const QString& key)
{
    const OrderId order = m_placements[index].id;
    if (order.isNone()) {
        return;
    }
    SimulatedWorker* const worker = m_anyWorker();
    const auto placed = worker ? worker->refund(order, wanted, key) : Result<PlacedRefund>(fail(ErrorCode::DatabaseUnavailable));
    m_world.note(QStringLiteral("%1 %2").arg(key, placed ? placed->id.toText() : toString(placed.error().code)));
    const bool isUnknown = !placed && classify(placed.error().code) == ErrorClass::Transient;
    if (isUnknown || (placed && m_world.faults.fires(FaultKind::ClientRetry))) {
        m_world.after(repetition, [this, index, wanted, key] { refund(index, wanted, key); });
    }
    if (!placed && !isUnknown && !isRefundRefusal(placed.error().code)) {
        m_complaints << QStringLiteral("%1 was refused for no good reason: %2").arg(key, placed.error().text());
    }
    if (placed && m_refunds.try_emplace(key, placed->id).first->second != placed->id) {
        m_complaints << QStringLiteral("%1 was refunded twice").arg(key);
    }
}

} // namespace counterfoil
