// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"
#include "models/store/invariants.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

using namespace counterfoil;

namespace {

const std::vector<FinalState> finalStates{{QStringLiteral("order"), 1, QStringLiteral("completed")}, {QStringLiteral("order"), 1, QStringLiteral("cancelled")}};

class Books {
public:
    explicit Books(Connection& connection) : m_connection(connection) {}

    template<class T>
    void add(const T& row)
    {
        const Result<void> added = insertRow(m_connection, row);
        if (!added) {
            qFatal("%s", qPrintable(added.error().text()));
        }
    }

    void entry(qint64 id, EntryKind kind, OrderId order, const std::vector<Posting>& postings)
    {
        LedgerEntry head;
        head.id = LedgerEntryId(id);
        head.idempotencyKey = QStringLiteral("entry:%1").arg(id);
        head.kind = kind;
        head.order = order;
        head.createdAt = sampleTime;
        add(head);
        int line = 0;
        for (Posting posting : postings) {
            posting.entry = head.id;
            posting.line = ++line;
            add(posting);
        }
    }

    void hold(qint64 id, AccountId account, qint64 amount, qint64 remaining, HoldReason reason, HoldState state)
    {
        Hold hold;
        hold.id = HoldId(id);
        hold.account = account;
        hold.amount = usd(amount);
        hold.remaining = usd(remaining);
        hold.reason = reason;
        hold.order = OrderId(1);
        hold.state = state;
        hold.createdAt = sampleTime;
        add(hold);
    }

    void event(qint64 id, const Order& order)
    {
        OrderEvent event;
        event.id = OrderEventId(id);
        event.order = order.id;
        event.key = QStringLiteral("start");
        event.event = QStringLiteral("order.created");
        event.toState = order.state;
        event.at = order.stateSince;
        add(event);
        add(AuditEvent{AuditEventId(id), sampleTime, QStringLiteral("cli"), QStringLiteral("order.created"), order.id.toText(), {}, {}, order.orderNo});
    }

    void tcc(qint64 id, OrderId order, TransactionId transaction, TccDecision decision, BranchPhase phase, FenceState fence)
    {
        TccTransaction tcc;
        tcc.gid = TccId(id);
        tcc.businessKey = QStringLiteral("payment:%1").arg(order.value());
        tcc.order = order;
        tcc.transaction = transaction;
        tcc.decision = decision;
        tcc.tryDeadline = tcc.createdAt = sampleTime;
        add(tcc);
        for (const Participant who : {Participant::Stock, Participant::Accounts}) {
            TccBranch branch;
            branch.gid = tcc.gid;
            branch.n = static_cast<int>(who) + 1;
            branch.participant = who;
            branch.phase = phase;
            add(branch);
            add(TccFence{tcc.gid, branch.n, fence, {}, sampleTime});
        }
    }

    /// Sub-order, item, payment and its detail, all with the order's number.
    void parts(const Order& order, qint64 merchantDiscount, qint64 platformDiscount, TransactionStatus status)
    {
        SubOrder sub;
        sub.id = SubOrderId(order.id.value());
        sub.order = order.id;
        sub.line = 1;
        sub.merchant = MerchantId(1);
        sub.goods = order.goods;
        sub.merchantDiscount = usd(merchantDiscount);
        sub.platformDiscount = usd(platformDiscount);
        sub.shipping = order.shipping;
        sub.gross = usd(order.goods.minor() - merchantDiscount + order.shipping.minor());
        sub.commission = usd(475);
        add(sub);
        OrderItem item;
        item.id = OrderItemId(order.id.value());
        item.order = order.id;
        item.subOrder = sub.id;
        item.line = 1;
        item.sku = SkuId(1);
        item.seller = MerchantId(1);
        item.warehouse = WarehouseId(1);
        item.quantity = 2;
        item.amount = order.goods;
        item.merchantDiscount = sub.merchantDiscount;
        item.platformDiscount = sub.platformDiscount;
        item.shipping = order.shipping;
        item.roundingMicros = 250'000;
        add(item);
        PaymentTransaction payment;
        payment.id = TransactionId(order.id.value());
        payment.order = order.id;
        payment.account = AccountId(1);
        payment.amount = order.payable;
        payment.walletPart = order.walletPart;
        payment.gatewayPart = order.gatewayPart;
        payment.status = status;
        payment.createdAt = sampleTime;
        add(payment);
        TransactionDetail detail{payment.id, 1, sub.id, MerchantId(1), order.currency, sub.gross, sub.merchantDiscount, sub.commission, {}, {}};
        detail.net = usd(sub.gross.minor() - sub.commission.minor());
        add(detail);
    }

private:
    Connection& m_connection;
};

Posting posting(qint64 account, Bucket bucket, qint64 amount, qint64 after)
{
    Posting posting;
    posting.account = AccountId(account);
    posting.bucket = bucket;
    posting.amount = usd(amount);
    posting.balanceAfter = usd(after);
    return posting;
}

void addMasterData(Books& books)
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
void addPaidOrder(Books& books)
{
    Order order = sampleOrder(1, CustomerId(1), QStringLiteral("completed"));
    order.discount = usd(1'500);
    order.payable = order.paid = usd(9'000);
    order.walletPart = usd(4'000);
    order.gatewayPart = usd(5'000);
    order.funding = Funding::Both;
    books.add(order);
    books.parts(order, 1'000, 500, TransactionStatus::Succeeded);
    books.event(1, order);
    books.tcc(1, order.id, TransactionId(1), TccDecision::Confirmed, BranchPhase::Confirmed, FenceState::Confirmed);
    books.add(StockReservation{ReservationId(1), StockId(1), order.id, OrderItemId(1), 2, ReservationState::Deducted});

    const AccountRef wallet = AccountRef::wallet(CustomerId(1), Currency());
    Account owner = sampleAccount(1, wallet, 2'000, 0);
    owner.billed = usd(4'000);
    books.add(owner);
    Account merchant = sampleAccount(2, AccountRef::merchant(MerchantId(1), Currency()), 2'000, 7'025);
    merchant.billed = usd(2'000);
    books.add(merchant);
    const auto system = [&books](qint64 id, AccountKind kind, qint64 balance) { books.add(sampleAccount(id, AccountRef::system(kind, Currency()), balance, 0)); };
    system(3, AccountKind::Bank, -6'000);
    system(4, AccountKind::Clearing, -5'000);
    system(5, AccountKind::Promotions, -500);
    system(6, AccountKind::Fees, 475);

    using enum Bucket;
    books.entry(1, EntryKind::Recharge, {}, {posting(3, Available, -6'000, -6'000), posting(1, Available, 6'000, 6'000)});
    books.entry(2, EntryKind::Freeze, order.id, {posting(1, Available, -4'000, 2'000), posting(1, Frozen, 4'000, 4'000)});
    books.entry(3, EntryKind::Payment, order.id,
                {posting(1, Frozen, -4'000, 0), posting(4, Available, -5'000, -5'000), posting(5, Available, -500, -500), posting(2, Frozen, 9'025, 9'025), posting(6, Available, 475, 475)});
    books.entry(4, EntryKind::Settlement, order.id, {posting(2, Frozen, -2'000, 7'025), posting(2, Available, 2'000, 2'000)});
    books.hold(1, AccountId(1), 4'000, 0, HoldReason::Payment, HoldState::Captured);
    books.hold(2, AccountId(2), 9'025, 7'025, HoldReason::Settlement, HoldState::Open);
    books.add(HoldMovement{HoldMovementId(1), HoldId(1), QStringLiteral("m1"), HoldMovementKind::Capture, Currency(), usd(4'000), LedgerEntryId(3), sampleTime});
    books.add(HoldMovement{HoldMovementId(2), HoldId(2), QStringLiteral("m2"), HoldMovementKind::Release, Currency(), usd(2'000), LedgerEntryId(4), sampleTime});
}

/// Order 2: waits for its payment through the gateway; its timer is set and two pieces are reserved.
void addWaitingOrder(Books& books)
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

std::unique_ptr<TestDatabase> soundDatabase(DatabaseKind kind)
{
    auto database = TestDatabase::create(kind);
    Connection& writer = database->writer();
    auto transaction = DatabaseTransaction::begin(writer);
    require(transaction.has_value(), "a transaction begins");
    require(publishWorkflow(writer, QStringLiteral("order"), QStringLiteral("<scxml/>"), QStringLiteral("test"), sampleTime).has_value(), "a workflow is published");
    Books books(writer);
    addMasterData(books);
    addPaidOrder(books);
    addWaitingOrder(books);
    require(transaction->commit().has_value(), "the sound rows are stored");
    return database;
}

/// The schema's own checks stop many corruptions; a damaged file or a restored backup doesn't ask them.
Result<void> liftChecks(Connection& connection)
{
    if (connection.kind() == DatabaseKind::Sqlite) {
        return connection.executeScript(QStringLiteral("PRAGMA ignore_check_constraints=ON"));
    }
    return connection.executeScript(QStringLiteral(
        "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace "
        "LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.name, c.conname); END LOOP; END $$"));
}

struct Corruption {
    /// The invariants that must report it, and no other may.
    const char* broken;
    const char* sql;
    /// An id that must be named; empty for any.
    const char* prefix;
    qint64 id;
};

constexpr Corruption corruptions[] = {
    {"entry_balanced account_balance running_balance",
     "INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (1, 3, 4, 'available', 'USD', 5, -4995)", "ent", 1},
    {"entry_complete", "INSERT INTO ledger_entry (id, idempotency_key, kind, created_at) VALUES (9, 'k9', 'adjustment', 1)", "ent", 9},
    {"currency_agrees", "UPDATE hold SET currency = 'EUR' WHERE id = 2", "hold", 2},
    {"account_balance running_balance", "UPDATE account SET available = available + 1 WHERE id = 4", "acc", 4},
    {"running_balance",
     "INSERT INTO posting (entry_id, line, account_id, bucket, currency, amount, balance_after) VALUES (1, 3, 4, 'available', 'USD', 5, 77), (1, 4, 4, 'available', 'USD', -5, -5000)", "acc", 4},
    {"frozen_is_held account_balance running_balance", "UPDATE account SET frozen = 7024 WHERE id = 2", "acc", 2},
    {"owner_not_negative account_balance running_balance", "UPDATE account SET available = -1 WHERE id = 1", "acc", 1},
    {"hold_consumed frozen_is_held", "UPDATE hold SET remaining = 7026 WHERE id = 2", "hold", 2},
    {"hold_consumed final_order_settled", "UPDATE hold SET state = 'open' WHERE id = 1", "hold", 1},
    {"billed_total", "UPDATE account SET billed = billed + 1 WHERE id = 2", "acc", 2},
    {"billed_total", "UPDATE account SET billed = 3999 WHERE id = 1", "acc", 1},
    {"order_amounts order_items_sum", "UPDATE orders SET goods = 9999 WHERE id = 2", "ord", 2},
    {"order_items_sum sub_order_items_sum", "UPDATE order_item SET amount = 9999 WHERE id = 1", "ord", 1},
    {"sub_orders_sum sub_order_items_sum transaction_divides", "UPDATE sub_order SET platform_discount = 499 WHERE id = 1", "ord", 1},
    {"sub_order_items_sum order_items_sum", "UPDATE order_item SET shipping = 501 WHERE id = 2", "sub", 2},
    {"detail_net", "UPDATE transaction_detail SET net = net - 1 WHERE transaction_id = 2", "txn", 2},
    {"transaction_divides", "UPDATE payment_transaction SET amount = amount + 1 WHERE id = 2", "txn", 2},
    {"details_match_sub_orders", "UPDATE sub_order SET commission = 476 WHERE id = 1", "sub", 1},
    {"order_paid", "UPDATE orders SET paid = 8999 WHERE id = 1", "ord", 1},
    {"paid_once order_paid transaction_divides",
     "INSERT INTO payment_transaction SELECT 3, kind, order_id, account_id, currency, amount, wallet_part, gateway_part, status, gateway_ref, payment_method, card_brand, card_last4, decline_code, created_at, finished_at, row_version FROM payment_transaction WHERE id = 1", "ord", 1},
    {"payment_booked_once entry_complete",
     "INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, created_at) VALUES (9, 'k9', 'payment', 1, 1)", "ord", 1},
    {"payment_booked_once entry_complete",
     "INSERT INTO ledger_entry (id, idempotency_key, kind, order_id, created_at) VALUES (9, 'k9', 'payment', 2, 1)", "txn", 2},
    {"payment_booked settlement_held tcc_branches_follow tcc_fences_follow order_paid",
     "UPDATE payment_transaction SET status = 'succeeded' WHERE id = 2; UPDATE tcc_transaction SET decision = 'confirmed' WHERE gid = 2", "txn", 2},
    {"refund_bounds", "UPDATE orders SET refunded = 9001 WHERE id = 1", "ord", 1},
    {"refund_bounds",
     "INSERT INTO payment_transaction SELECT 3, 'refund', order_id, account_id, currency, 9001, 0, 9001, 'unknown', '', '', '', '', '', created_at, finished_at, row_version FROM payment_transaction WHERE id = 1", "ord", 1},
    {"detail_net", "UPDATE transaction_detail SET refunded = gross + 1 WHERE transaction_id = 1", "txn", 1},
    {"settlement_held", "UPDATE hold SET reason = 'manual' WHERE id = 2", "ord", 1},
    {"stock_frozen", "UPDATE stock SET frozen = 3", "stk", 1},
    {"stock_frozen", "UPDATE stock SET on_hand = 1", "stk", 1},
    {"coupon_used", "UPDATE coupon SET used = 2", "cpn", 1},
    {"tcc_one_outcome tcc_branches_follow", "UPDATE tcc_branch SET phase = 'cancelled' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_branches_follow", "UPDATE tcc_branch SET phase = 'tried' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_fences_follow", "UPDATE tcc_fence SET state = 'cancelled' WHERE gid = 1 AND n = 1", "tcc", 1},
    {"tcc_fences_follow", "DELETE FROM tcc_fence WHERE gid = 1 AND n = 1", "tcc", 1},
    {"final_order_settled order_state_recorded", "UPDATE orders SET state = 'cancelled' WHERE id = 2", "ord", 2},
    {"order_not_stuck", "UPDATE job SET state = 'done'", "ord", 2},
    {"order_not_stuck", "UPDATE job SET payload = '6 timeout.payment'", "ord", 2},
    {"order_not_stuck", "UPDATE job SET kind = 'settlement_release'", "ord", 2},
    {"order_state_recorded", "UPDATE orders SET state_since = state_since + 1 WHERE id = 1", "ord", 1},
    {"exchange_recorded",
     "INSERT INTO gateway_exchange SELECT 2, order_id, transaction_id, operation, 'k2', state, attempt, http_status, currency, amount, gateway_ref, error_code, created_at, sent_at, answered_at FROM gateway_exchange", "exch", 2},
    {"order_audited", "UPDATE orders SET order_no = 'another' WHERE id = 1", "ord", 1},
    {"ledger_references",
     "INSERT INTO hold_movement (id, hold_id, movement_key, kind, currency, amount, at) VALUES (9, 77, 'm9', 'capture', 'USD', 1, 1)", "hmv", 9},
    {"ledger_references", "UPDATE account SET owner_id = 8 WHERE id = 2", "acc", 2},
    {"order_references",
     "INSERT INTO order_event (id, order_id, event_key, event, from_state, to_state, outcome, actor, cause, at) VALUES (9, 77, 'k', '', '', '', 'applied', '', '', 1)", "oev", 9},
    {"order_references", "UPDATE stock_reservation SET item_id = 77 WHERE id = 1", "rsv", 1},
    {"process_references", "INSERT INTO tcc_fence (gid, n, state, args_sha256, try_deadline) VALUES (1, 9, 'confirmed', '', 1)", "tcc", 1},
    {"process_references", "UPDATE gateway_exchange SET transaction_id = 77", "exch", 1},
};

QStringList brokenOf(const Verification& verification)
{
    QStringList names;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (!outcome.holds()) {
            names << outcome.name;
        }
    }
    return names;
}

QString reported(const Verification& verification)
{
    QString text;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        for (const Violation& violation : outcome.violations) {
            text += QStringLiteral("%1 %2 %3\n").arg(outcome.name, violation.id, violation.detail);
        }
    }
    return text;
}

} // namespace

class TestInvariants : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void aSoundDatabaseHoldsThemAll_data() { TestDatabase::addKindRows(); }
    void aSoundDatabaseHoldsThemAll()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = soundDatabase(kind);
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
        QVERIFY(verification->holds());
        QCOMPARE(verification->outcomes.size(), static_cast<std::size_t>(invariantNames().size()));
        QCOMPARE(verification->orders, 2);
        QCOMPARE(verification->postings, 11);
        QCOMPARE(verification->rounding.size(), 1U);
        QCOMPARE(verification->rounding.front().micros, 500'000);
    }

    void anEmptyDatabaseHoldsThemAll_data() { TestDatabase::addKindRows(); }
    void anEmptyDatabaseHoldsThemAll()
    {
        QFETCH(DatabaseKind, kind);
        const auto verification = verifyInvariants(TestDatabase::create(kind)->reader(), {});
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
    }

    void everyCorruptionIsFoundUnderItsNames_data()
    {
        QTest::addColumn<DatabaseKind>("kind");
        QTest::addColumn<int>("number");
        for (const DatabaseKind kind : TestDatabase::kinds()) {
            for (int i = 0; i < static_cast<int>(std::size(corruptions)); ++i) {
                QTest::addRow("%s %d %s", kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql", i, corruptions[i].broken) << kind << i;
            }
        }
    }
    void everyCorruptionIsFoundUnderItsNames()
    {
        QFETCH(DatabaseKind, kind);
        QFETCH(int, number);
        const Corruption& corruption = corruptions[number];
        const auto database = soundDatabase(kind);
        CF_VERIFY_OK(liftChecks(database->writer()));
        for (const QString& statement : QString::fromLatin1(corruption.sql).split(u';')) {
            const auto planted = database->writer().execute(statement);
            CF_VERIFY_OK(planted);
            QVERIFY(*planted > 0);
        }
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QStringList expected = QString::fromLatin1(corruption.broken).split(u' ');
        const QString first = expected.front();
        QStringList broken = brokenOf(*verification);
        expected.sort();
        broken.sort();
        QVERIFY2(broken == expected, qPrintable(QStringLiteral("expected %1; found\n%2").arg(expected.join(u' '), reported(*verification))));
        const QString line = first + u' ' + formatId(corruption.prefix, corruption.id) + u' ';
        QVERIFY2(reported(*verification).contains(line), qPrintable(reported(*verification)));
    }

    void everyInvariantHasACorruption()
    {
        QSet<QString> covered;
        for (const Corruption& corruption : corruptions) {
            covered.insert(QString::fromLatin1(corruption.broken).section(u' ', 0, 0));
        }
        for (const QString& name : invariantNames()) {
            QVERIFY2(covered.contains(name), qPrintable(name));
        }
    }

    void manyViolationsAreCountedAndTheFirstShown_data() { TestDatabase::addKindRows(); }
    void manyViolationsAreCountedAndTheFirstShown()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        Books books(database->writer());
        for (int i = 1; i <= 30; ++i) {
            LedgerEntry entry;
            entry.id = LedgerEntryId(i);
            entry.idempotencyKey = QString::number(i);
            entry.createdAt = sampleTime;
            books.add(entry);
        }
        const auto verification = verifyInvariants(database->reader(), {});
        CF_VERIFY_OK(verification);
        const auto outcome = std::ranges::find(verification->outcomes, QStringLiteral("entry_complete"), &InvariantOutcome::name);
        QCOMPARE(outcome->count, 30);
        QCOMPARE(outcome->violations.size(), violationsShownMax);
        QCOMPARE(outcome->violations.front().id, LedgerEntryId(1).toText());
        QCOMPARE(outcome->violations.front().detail, QStringLiteral("postings: 0"));
    }

    void postingsInAnyOrderAreSound_data() { TestDatabase::addKindRows(); }
    void postingsInAnyOrderAreSound()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = soundDatabase(kind);
        Books books(database->writer());
        // Two workers: the entry with the smaller id was made second.
        using enum Bucket;
        books.add(sampleAccount(20, AccountRef::system(AccountKind::Suspense, Currency()), 30, 0));
        books.add(sampleAccount(21, AccountRef::system(AccountKind::Rounding, Currency()), -30, 0));
        books.entry(20, EntryKind::Adjustment, {}, {posting(20, Available, 20, 30), posting(21, Available, -20, -30)});
        books.entry(21, EntryKind::Adjustment, {}, {posting(20, Available, 10, 10), posting(21, Available, -10, -10)});
        const auto verification = verifyInvariants(database->reader(), finalStates);
        CF_VERIFY_OK(verification);
        QCOMPARE(reported(*verification), QString());
    }
};

QTEST_GUILESS_MAIN(TestInvariants)
#include "tst_invariants.moc"
