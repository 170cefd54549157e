// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/store/sound_database.h"

#include "models/store/administration.h"
#include "models/store/audit_sealer.h"

namespace counterfoil {

Posting posting(qint64 account, Bucket bucket, qint64 amount, qint64 after)
{
    Posting posting;
    posting.account = AccountId(account);
    posting.bucket = bucket;
    posting.amount = usd(amount);
    posting.balanceAfter = usd(after);
    return posting;
}

namespace {

void addMasterData(RowMaker& books)
{
    books.add(sampleCustomer(1, QStringLiteral("Claire Gute"), QStringLiteral("claire@example.com")));
    books.add(Merchant{MerchantId(1), QStringLiteral("quill"), QStringLiteral("Quill"), BasisPoints(500), sampleTime});
    books.add(Warehouse{WarehouseId(1), QStringLiteral("WH"), QStringLiteral("West")});
    books.add(Product{ProductId(1), QStringLiteral("P"), QStringLiteral("Pen"), QStringLiteral("Office"), MerchantId(1)});
    books.add(Sku{SkuId(1), ProductId(1), QStringLiteral("PEN"), {}, FulfilmentKind::Physical});
    books.add(Stock{StockId(1), SkuId(1), WarehouseId(1), 98, 2, 3});
    Coupon coupon;
    coupon.id = CouponId(1);
    coupon.code = coupon.codeFolded = QStringLiteral("five");
    coupon.value = usd(500);
    coupon.used = 1;
    coupon.totalLimit = 3;
    books.add(coupon);
    books.add(CouponGrant{CouponGrantId(1), CouponId(1), CustomerId(1), OrderId(1), GrantState::Used, Currency(), usd(500), sampleTime});
}

/// Order 1: 105.00 less 10.00 of the merchant and 5.00 of the platform, 40.00 from the wallet and 50.00 through the gateway; paid.
void addPaidOrder(RowMaker& books)
{
    Order order = sampleOrder(1, CustomerId(1), QStringLiteral("completed"));
    order.discount = usd(1'500);
    order.payable = order.paid = usd(9'000);
    order.refunded = usd(900);
    order.walletPart = usd(4'000);
    order.gatewayPart = usd(5'000);
    order.funding = Funding::Both;
    books.add(order);
    books.parts(order, 1'000, 500, TransactionStatus::Succeeded, 950);
    books.event(1, order);
    books.tcc(1, order.id, TransactionId(1), TccDecision::Confirmed, BranchPhase::Confirmed, FenceState::Confirmed);
    books.add(StockReservation{ReservationId(1), StockId(1), order.id, OrderItemId(1), 2, ReservationState::Deducted});

    const AccountRef wallet = AccountRef::wallet(CustomerId(1), Currency());
    // The balances are those behind addRefunds().
    Account owner = sampleAccount(1, wallet, 2'400, 0);
    owner.billed = usd(3'600);
    books.add(owner);
    Account merchant = sampleAccount(2, AccountRef::merchant(MerchantId(1), Currency()), 1'700, 6'423);
    merchant.billed = usd(1'700);
    books.add(merchant);
    const auto system = [&books](qint64 id, AccountKind kind, qint64 balance) { books.add(sampleAccount(id, AccountRef::system(kind, Currency()), balance, 0)); };
    system(3, AccountKind::Bank, -6'000);
    system(4, AccountKind::Clearing, -4'500);
    system(5, AccountKind::Promotions, -450);
    system(6, AccountKind::Fees, 427);

    using enum Bucket;
    books.entry(1, EntryKind::Recharge, {}, {posting(3, Available, -6'000, -6'000), posting(1, Available, 6'000, 6'000)});
    books.entry(2, EntryKind::Freeze, order.id, {posting(1, Available, -4'000, 2'000), posting(1, Frozen, 4'000, 4'000)});
    books.entry(3, EntryKind::Payment, order.id,
                {posting(1, Frozen, -4'000, 0), posting(4, Available, -5'000, -5'000), posting(5, Available, -500, -500), posting(2, Frozen, 9'025, 9'025), posting(6, Available, 475, 475)});
    books.entry(4, EntryKind::Settlement, order.id, {posting(2, Frozen, -2'000, 7'025), posting(2, Available, 2'000, 2'000)});
    books.hold(1, AccountId(1), 4'000, 0, HoldReason::Payment, HoldState::Captured);
    books.hold(2, AccountId(2), 9'025, 6'322, HoldReason::Settlement, HoldState::Open);
    books.add(HoldMovement{HoldMovementId(1), HoldId(1), QStringLiteral("m1"), HoldMovementKind::Capture, Currency(), usd(4'000), LedgerEntryId(3), sampleTime});
    books.add(HoldMovement{HoldMovementId(2), HoldId(2), QStringLiteral("m2"), HoldMovementKind::Release, Currency(), usd(2'000), LedgerEntryId(4), sampleTime});
}

/// Order 2: waits for its payment through the gateway; its timer is set and two pieces are reserved.
void addWaitingOrder(RowMaker& books)
{
    Order order = sampleOrder(2, CustomerId(1), QStringLiteral("awaiting_payment"));
    order.stateVersion = 7;
    books.add(order);
    books.parts(order, 0, 0, TransactionStatus::Processing);
    books.event(2, order);
    books.tcc(2, order.id, TransactionId(2), TccDecision::Trying, BranchPhase::Tried, FenceState::Tried);
    books.add(StockReservation{ReservationId(2), StockId(1), order.id, OrderItemId(2), 2, ReservationState::Open});
    Job timer;
    timer.id = JobId(1);
    timer.kind = JobKind::OrderTimer;
    timer.order = order.id;
    timer.dedupeKey = QStringLiteral("timer");
    timer.payload = QStringLiteral("7 timeout.payment");
    timer.dueAt = timer.createdAt = sampleTime;
    books.add(timer);
    GatewayExchange exchange;
    exchange.id = ExchangeId(1);
    exchange.order = order.id;
    exchange.transaction = TransactionId(2);
    exchange.idempotencyKey = QStringLiteral("k");
    exchange.state = ExchangeState::Answered;
    exchange.attempt = 1;
    exchange.amount = usd(10'500);
    exchange.createdAt = exchange.sentAt = exchange.answeredAt = sampleTime;
    books.add(exchange);
    books.add(ExchangePayload{ExchangeId(1), 1, QStringLiteral("{}"), QStringLiteral("{}"), 200, QStringLiteral("succeeded"), sampleTime, 1});
}

/// Refunds of order 1: 9.00 that succeeded, 3.00 of it taken from what the merchant had already; 1.00 that is being sent.
void addRefunds(RowMaker& books)
{
    const auto refund = [&books](qint64 id, qint64 wallet, qint64 gateway, qint64 discount, qint64 commission, TransactionStatus status) {
        PaymentTransaction row;
        row.id = TransactionId(id);
        row.kind = TransactionKind::Refund;
        row.order = OrderId(1);
        row.account = AccountId(1);
        row.amount = usd(wallet + gateway);
        row.walletPart = usd(wallet);
        row.gatewayPart = usd(gateway);
        row.status = status;
        row.createdAt = sampleTime;
        books.add(row);
        const qint64 gross = wallet + gateway + discount;
        books.add(TransactionDetail{row.id, 1, SubOrderId(1), MerchantId(1), Currency(), usd(gross), usd(0), usd(commission), usd(gross - commission), usd(0), usd(discount)});
    };
    const auto hold = [&books](qint64 id, qint64 amount, qint64 remaining, TransactionId transaction, UtcTime releaseAt) {
        Hold row;
        row.id = HoldId(id);
        row.account = AccountId(2);
        row.amount = usd(amount);
        row.remaining = usd(remaining);
        row.reason = HoldReason::Refund;
        row.order = OrderId(1);
        row.state = remaining == 0 ? HoldState::Captured : HoldState::Open;
        row.createdAt = sampleTime;
        row.releaseAt = releaseAt;
        row.transaction = transaction;
        books.add(row);
    };
    const auto step = [&books](qint64 id, qint64 holdId, HoldMovementKind kind, qint64 amount, LedgerEntryId entry) {
        books.add(HoldMovement{HoldMovementId(id), HoldId(holdId), QStringLiteral("m%1").arg(id), kind, Currency(), usd(amount), entry, sampleTime});
    };
    using enum Bucket;
    refund(10, 400, 500, 50, 48, TransactionStatus::Succeeded);
    books.add(RefundItem{TransactionId(10), OrderItemId(1), 1, Currency(), usd(900)});
    books.tcc(10, OrderId(1), TransactionId(10), TccDecision::Confirmed, BranchPhase::Confirmed, FenceState::Confirmed);
    books.entry(5, EntryKind::Freeze, OrderId(1), {posting(2, Available, -300, 1'700), posting(2, Frozen, 300, 7'325)}, TransactionId(10));
    books.entry(6, EntryKind::Refund, OrderId(1),
                {posting(2, Frozen, -902, 6'423), posting(6, Available, -48, 427), posting(5, Available, 50, -450), posting(1, Available, 400, 2'400), posting(4, Available, 500, -4'500)},
                TransactionId(10));
    hold(3, 602, 0, TransactionId(10), sampleTime);
    hold(4, 300, 0, TransactionId(10), {});
    step(3, 2, HoldMovementKind::Release, 602, {});
    step(4, 3, HoldMovementKind::Capture, 602, LedgerEntryId(6));
    step(5, 4, HoldMovementKind::Capture, 300, LedgerEntryId(6));

    refund(11, 44, 56, 6, 5, TransactionStatus::Processing);
    books.tcc(11, OrderId(1), TransactionId(11), TccDecision::Trying, BranchPhase::Tried, FenceState::Tried);
    hold(5, 101, 101, TransactionId(11), sampleTime);
    step(6, 2, HoldMovementKind::Release, 101, {});
    Job send;
    send.id = JobId(2);
    send.kind = JobKind::GatewaySend;
    send.order = OrderId(1);
    send.subject = 2;
    send.dedupeKey = QStringLiteral("exchange:2");
    send.dueAt = send.createdAt = sampleTime;
    books.add(send);
}

} // namespace

std::unique_ptr<TestDatabase> soundDatabase(DatabaseKind kind)
{
    auto database = TestDatabase::create(kind);
    Connection& writer = database->writer();
    auto transaction = DatabaseTransaction::begin(writer);
    require(transaction.has_value(), "a transaction begins");
    require(publishWorkflow(writer, QStringLiteral("order"), QStringLiteral("<scxml/>"), QStringLiteral("test"), sampleTime).has_value(), "a workflow is published");
    RowMaker books(writer);
    addMasterData(books);
    addPaidOrder(books);
    addRefunds(books);
    addWaitingOrder(books);
    require(transaction->commit().has_value(), "the sound rows are stored");
    AuditSealer sealer;
    require(sealer.seal(writer, sampleTime + Duration::seconds(1)).has_value(), "the sound rows are sealed");
    return database;
}

} // namespace counterfoil
