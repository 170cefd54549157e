// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/order_placement.h"

#include "models/domain/pricing.h"
#include "models/store/idempotency.h"
#include "models/store/import_runs.h"
#include "workflows/services/catalogue_resolver.h"
#include "workflows/tcc/coupons_participant.h"
#include "workflows/tcc/divided_funds.h"
#include "workflows/tcc/ledger.h"
#include "workflows/tcc/stock_participant.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int rerunsMax = 5;

/// Another writer was in the way (PostgreSQL): the whole transaction is tried again. A unique key that appeared meanwhile is found then.
bool isWorthRerunning(ErrorCode code)
{
    return code == ErrorCode::SerializationFailure || code == ErrorCode::DatabaseBusy || code == ErrorCode::ConstraintViolated || code == ErrorCode::VersionConflict;
}

template<class Function>
auto rerun(Function function) -> decltype(function())
{
    auto outcome = function();
    for (int i = 0; i < rerunsMax && !outcome && isWorthRerunning(outcome.error().code); ++i) {
        outcome = function();
    }
    return outcome;
}

} // namespace

/// Everything of one order between its price and its rows.
struct OrderPlacement::Draft {
    CustomerId buyer;
    std::vector<ResolvedLine> lines;
    std::vector<CouponId> coupons;
    Basket basket;
    OrderId order;
    TransactionId transaction;
    std::vector<SubOrderId> subOrders;
    std::vector<OrderItemId> items;
};

Result<std::vector<Result<PlacedOrder>>> OrderPlacement::place(std::span<const NewOrder> orders, const IntakeContext& context)
{
    const ImportProgress before = context.progress ? *context.progress : ImportProgress();
    return rerun([&]() -> Result<std::vector<Result<PlacedOrder>>> {
        if (context.progress) {
            *context.progress = before;
        }
        UnitOfWork work(m_connection, m_parts.clock, m_parts.ids);
        CF_TRY(work.begin());
        CF_ASSIGN(auto results, placeIn(work, orders, context));
        const bool anyNew = std::ranges::any_of(results, [](const Result<PlacedOrder>& result) { return result && !result->existed; });
        if (!anyNew && !context.progress) {
            // Accounts that a refused order would have needed are not kept either.
            return results;
        }
        if (ImportProgress* progress = context.progress) {
            for (const Result<PlacedOrder>& result : results) {
                ++(!result ? progress->refused : result->existed ? progress->existed : progress->placed);
            }
            CF_TRY(saveImportRun(m_connection, {progress->run, progress->byteOffset, progress->rows, progress->placed, progress->existed, progress->refused}, work.now()));
        }
        CF_TRY(work.commit());
        return results;
    });
}

Result<ImportProgress> OrderPlacement::openImport(const QString& fileSha256, const QString& fileName)
{
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(m_connection));
    CF_ASSIGN(const ImportRun run, openImportRun(m_connection, fileSha256, fileName, m_parts.ids.next<ImportRunId>(), m_parts.clock.now()));
    CF_TRY(transaction.commit());
    return ImportProgress{run.id, run.byteOffset, run.rows, run.placed, run.existed, run.refused};
}

Result<PlacedOrder> OrderPlacement::placeOnce(const NewOrder& order, const IntakeContext& context, const KeyedPlacement& keyed)
{
    return rerun([&]() -> Result<PlacedOrder> {
        UnitOfWork work(m_connection, m_parts.clock, m_parts.ids);
        CF_TRY(work.begin());
        CF_ASSIGN(const auto known, findIdempotencyRecord(m_connection, keyed.scope, keyed.key));
        if (known) {
            if (known->requestSha256 != keyed.requestSha256) {
                return fail(ErrorCode::IdempotencyKeyReused, QStringLiteral("this Idempotency-Key was used with another request"));
            }
            CF_ASSIGN(const OrderId id, OrderId::parse(known->answer));
            return PlacedOrder{id, true};
        }
        CF_ASSIGN(auto results, placeIn(work, std::span(&order, 1), context));
        if (!results.front()) {
            return std::unexpected<Error>(results.front().error());
        }
        CF_TRY(storeIdempotencyRecord(m_connection, {keyed.scope, keyed.key, keyed.requestSha256, 201, results.front()->id.toText()}, work.now()));
        CF_TRY(work.commit());
        return *results.front();
    });
}

Result<std::vector<Result<PlacedOrder>>> OrderPlacement::placeIn(UnitOfWork& work, std::span<const NewOrder> orders, const IntakeContext& context)
{
    CF_TRY(work.loadCheckout(orders));
    std::vector<Result<PlacedOrder>> results;
    for (const NewOrder& order : orders) {
        work.mark();
        Result<PlacedOrder> placed = placeOne(work, order, context);
        if (!placed) {
            work.fallBack();
            const ErrorCode code = placed.error().code;
            // The database's own trouble is not this order's fault.
            if (classify(code) == ErrorClass::Transient) {
                return std::unexpected<Error>(placed.error());
            }
        }
        results.push_back(std::move(placed));
    }
    return results;
}

Result<PlacedOrder> OrderPlacement::placeOne(UnitOfWork& work, const NewOrder& order, const IntakeContext& context)
{
    CF_TRY(validate(order));
    if (const Order* known = work.orders.findIf([&](const Order& o) { return o.orderNo == order.orderNo; })) {
        if (known->contentSha256 != contentHash(order)) {
            return fail(ErrorCode::AlreadyExistsDifferent, QStringLiteral("order %1 exists with other content").arg(order.orderNo));
        }
        return PlacedOrder{known->id, true};
    }
    CF_ASSIGN(Draft draft, this->draft(work, order, context));
    CF_TRY(topUp(work, order, draft, context.actor));
    addRows(work, order, draft);
    registerTcc(work, draft);
    work.audit(context.actor, QStringLiteral("order.created"), draft.order.toText(), {}, draft.basket.payable.toText(), order.orderNo);
    CF_TRY(m_parts.engine.start(work, draft.order, context.actor));
    // A refused try cancels; for a new order that means that nothing happens at all, with the reason.
    const TccTransaction& tcc = *work.tccs.findIf([&](const TccTransaction& t) { return t.order == draft.order; });
    if (tcc.decision == TccDecision::Cancelling || tcc.decision == TccDecision::Cancelled) {
        const ErrorCode code = leadingErrorCode(tcc.cancelReason);
        return fail(code == ErrorCode::Internal ? ErrorCode::TryRefused : code, tcc.cancelReason.section(QStringLiteral(": "), 1));
    }
    return PlacedOrder{draft.order, false};
}

Result<OrderPlacement::Draft> OrderPlacement::draft(UnitOfWork& work, const NewOrder& order, const IntakeContext& context)
{
    CatalogueResolver resolver(work, context.extendCatalogue, m_options.defaultCommission);
    Draft draft;
    draft.buyer = resolver.customer(order);
    BasketRequest request;
    request.currency = order.currency;
    request.shipping = Money(order.shipping.minor(), order.currency);
    request.strategy = order.splitStrategy;
    request.funding = order.funding;
    request.walletPart = order.walletPart;
    request.at = work.now();
    std::set<AccountRef> sellers;
    for (const NewOrderLine& line : order.lines) {
        CF_ASSIGN(const ResolvedLine resolved, resolver.line(order, line));
        request.lines.push_back({{resolved.seller, resolved.warehouse, resolved.fulfilment}, resolved.amount, resolved.merchantDiscount, work.merchants.at(resolved.seller).commission});
        sellers.insert(AccountRef::merchant(resolved.seller, order.currency));
        draft.lines.push_back(resolved);
    }
    for (const QString& code : order.couponCodes) {
        const Coupon* coupon = work.coupons.findIf([&](const Coupon& c) { return c.codeFolded == foldCouponCode(code); });
        if (!coupon) {
            return fail(ErrorCode::CouponNotApplicable, QStringLiteral("there is no coupon %1").arg(code));
        }
        if (std::ranges::find(draft.coupons, coupon->id) != draft.coupons.end()) {
            return fail(ErrorCode::CouponNotApplicable, QStringLiteral("coupon %1 is named twice").arg(code));
        }
        request.coupons.push_back(*coupon);
        draft.coupons.push_back(coupon->id);
    }
    CF_ASSIGN(draft.basket, priceBasket(request));
    CF_TRY(work.loadAccounts({AccountRef::wallet(draft.buyer, order.currency)}));
    CF_TRY(work.ensureAccounts(sellers));
    return draft;
}

Result<void> OrderPlacement::topUp(UnitOfWork& work, const NewOrder& order, const Draft& draft, const QString& actor)
{
    const AccountRef wallet = AccountRef::wallet(draft.buyer, order.currency);
    CF_ASSIGN(const Money missing, draft.basket.walletPart.minus(work.account(wallet).available));
    if (!missing.isPositive() || !order.topUpMultiple.isPositive()) {
        return {};
    }
    const qint64 multiple = order.topUpMultiple.minor();
    const qint64 times = (missing.minor() + multiple - 1) / multiple;
    CF_ASSIGN(const Money amount, order.topUpMultiple.times(times));
    CF_ASSIGN(const Money received, amount.negated());
    PaymentTransaction recharge;
    recharge.id = work.ids().next<TransactionId>();
    recharge.kind = TransactionKind::Recharge;
    recharge.account = work.account(wallet).id;
    recharge.currency = order.currency;
    recharge.amount = recharge.walletPart = amount;
    recharge.gatewayPart = Money::zero(order.currency);
    recharge.status = TransactionStatus::Succeeded;
    recharge.createdAt = recharge.finishedAt = work.now();
    work.transactions.add(recharge);
    CF_TRY(post(work, {EntryKind::Recharge, QStringLiteral("recharge:%1").arg(recharge.id.value()), {}, recharge.id},
                {{AccountRef::system(AccountKind::Bank, order.currency), Bucket::Available, received}, {wallet, Bucket::Available, amount}}));
    work.audit(actor, QStringLiteral("account.recharged"), recharge.account.toText(), {}, amount.toText(), QStringLiteral("bank transfer before order %1").arg(order.orderNo));
    return {};
}

void OrderPlacement::addRows(UnitOfWork& work, const NewOrder& order, Draft& draft)
{
    const Basket& basket = draft.basket;
    const Money zero = Money::zero(order.currency);
    Order row;
    row.id = draft.order = work.ids().next<OrderId>();
    row.orderNo = order.orderNo;
    row.customer = draft.buyer;
    row.buyerName = work.customers.at(draft.buyer).name;
    row.currency = order.currency;
    row.channel = order.channel;
    row.goods = basket.goods;
    row.discount = basket.discount;
    row.shipping = basket.shipping;
    row.payable = basket.payable;
    row.paid = row.refunded = zero;
    row.walletPart = basket.walletPart;
    row.gatewayPart = basket.gatewayPart;
    row.funding = order.funding;
    row.splitStrategy = order.splitStrategy;
    row.workflow = QStringLiteral("order");
    row.placedAt = order.placedAt.isNone() ? work.now() : order.placedAt;
    row.createdAt = row.updatedAt = row.stateSince = work.now();
    row.contentSha256 = contentHash(order);
    work.orders.add(row);

    PaymentTransaction payment;
    payment.id = draft.transaction = work.ids().next<TransactionId>();
    payment.order = row.id;
    payment.account = work.account(AccountRef::wallet(draft.buyer, order.currency)).id;
    payment.currency = order.currency;
    payment.amount = basket.payable;
    payment.walletPart = basket.walletPart;
    payment.gatewayPart = basket.gatewayPart;
    payment.paymentMethod = order.paymentMethod;
    payment.createdAt = work.now();
    work.transactions.add(payment);
    addSubOrders(work, order, draft);
    addItems(work, order, draft);
}

void OrderPlacement::addSubOrders(UnitOfWork& work, const NewOrder& order, Draft& draft)
{
    const Money zero = Money::zero(order.currency);
    for (int group = 0; group < draft.basket.groups; ++group) {
        SubOrder sub;
        sub.id = work.ids().next<SubOrderId>();
        sub.order = draft.order;
        sub.line = group + 1;
        sub.currency = order.currency;
        sub.goods = sub.merchantDiscount = sub.platformDiscount = sub.shipping = sub.gross = sub.commission = zero;
        sub.shippedAt = order.shippedAt;
        sub.carrier = order.carrier;
        draft.subOrders.push_back(sub.id);
        work.subOrders.add(sub);
    }
    int number = 0;
    for (const BasketShare& share : draft.basket.shares) {
        // Parts of a whole that was checked: their sums can't overflow.
        SubOrder& sub = work.subOrders.edit(draft.subOrders[static_cast<std::size_t>(share.group)]);
        sub.goods = *sub.goods.plus(share.goods);
        sub.merchantDiscount = *sub.merchantDiscount.plus(share.merchantDiscount);
        sub.platformDiscount = *sub.platformDiscount.plus(share.platformDiscount);
        sub.shipping = *sub.shipping.plus(share.shipping);
        sub.gross = *sub.gross.plus(share.gross);
        sub.commission = *sub.commission.plus(share.commission);
        work.details.add({draft.transaction, ++number, sub.id, share.merchant, order.currency, share.gross, share.merchantDiscount, share.commission,
                          *share.gross.minus(share.commission), zero, share.platformDiscount});
    }
}

void OrderPlacement::addItems(UnitOfWork& work, const NewOrder& order, Draft& draft)
{
    std::set<SubOrderId> met;
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        const ResolvedLine& line = draft.lines[i];
        const BasketLine& priced = draft.basket.lines[i];
        SubOrder& sub = work.subOrders.edit(draft.subOrders[static_cast<std::size_t>(priced.group)]);
        sub.fulfilment = line.fulfilment;
        // A sub-order has a merchant or a warehouse only if all its lines agree.
        const bool first = met.insert(sub.id).second;
        sub.merchant = first || sub.merchant == line.seller ? line.seller : MerchantId();
        sub.warehouse = first || sub.warehouse == line.warehouse ? line.warehouse : WarehouseId();
        OrderItem item;
        item.id = work.ids().next<OrderItemId>();
        item.order = draft.order;
        item.subOrder = sub.id;
        item.line = static_cast<int>(i) + 1;
        item.sku = line.sku;
        item.skuCode = order.lines[i].sku;
        item.productName = line.productName;
        item.specification = line.specification;
        item.seller = line.seller;
        item.warehouse = line.warehouse;
        item.quantity = order.lines[i].quantity;
        item.currency = order.currency;
        item.unitPrice = line.unitPrice;
        item.amount = line.amount;
        item.merchantDiscount = priced.merchantDiscount;
        item.platformDiscount = priced.platformDiscount;
        item.shipping = priced.shipping;
        item.roundingMicros = line.roundingMicros;
        draft.items.push_back(item.id);
        work.items.add(item);
    }
}

void OrderPlacement::registerTcc(UnitOfWork& work, const Draft& draft)
{
    const Order& order = work.orders.at(draft.order);
    DividedFunds funds{draft.buyer, order.walletPart, order.gatewayPart, draft.basket.platformDiscount, {}};
    for (const TransactionDetail& detail : work.details.of(draft.transaction)) {
        funds.shares.push_back({detail.subOrder, detail.merchant, detail.net, detail.commission});
    }
    std::vector<StockRequest> stock;
    for (std::size_t i = 0; i < draft.lines.size(); ++i) {
        const OrderItem& item = work.items.at(draft.items[i]);
        stock.push_back({draft.lines[i].stock, item.id, item.quantity, item.skuCode});
    }
    std::vector<BranchDraft> branches;
    if (!draft.coupons.empty()) {
        std::vector<CouponRequest> coupons;
        for (std::size_t i = 0; i < draft.coupons.size(); ++i) {
            coupons.push_back({draft.coupons[i], draft.buyer, draft.basket.couponDiscounts[i]});
        }
        branches.push_back({Participant::Coupons, couponArgs(coupons)});
    }
    branches.push_back({Participant::Stock, stockArgs(stock)});
    branches.push_back({Participant::Accounts, funds.toJson()});
    m_parts.coordinator.registerTransaction(work, {QStringLiteral("payment:%1").arg(order.id.value()), order.id, draft.transaction, order.contentSha256,
                                                   work.now() + m_options.tryDeadline, branches});
}

} // namespace counterfoil
