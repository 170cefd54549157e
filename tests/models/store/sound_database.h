// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

namespace counterfoil {

/// Writes rows as they are; what the database refuses aborts the program.
class RowMaker {
public:
    explicit RowMaker(Connection& connection) : m_connection(connection) {}

    template<class T>
    void add(const T& row)
    {
        const Result<void> added = insertRow(m_connection, row);
        if (!added) {
            qFatal("%s", qPrintable(added.error().text()));
        }
    }

    void entry(qint64 id, EntryKind kind, OrderId order, const std::vector<Posting>& postings, TransactionId transaction = {})
    {
        LedgerEntry head;
        head.id = LedgerEntryId(id);
        head.idempotencyKey = QStringLiteral("entry:%1").arg(id);
        head.kind = kind;
        head.order = order;
        head.transaction = transaction;
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
        tcc.businessKey = QStringLiteral("%1:%2").arg(id < 10 ? QStringLiteral("payment") : QStringLiteral("refund")).arg(id);
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
    void parts(const Order& order, qint64 merchantDiscount, qint64 platformDiscount, TransactionStatus status, qint64 refunded = 0)
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
        TransactionDetail detail{payment.id, 1, sub.id, MerchantId(1), order.currency, sub.gross, sub.merchantDiscount, sub.commission, {}, usd(refunded), sub.platformDiscount};
        detail.net = usd(sub.gross.minor() - sub.commission.minor());
        add(detail);
    }

private:
    Connection& m_connection;
};

Posting posting(qint64 account, Bucket bucket, qint64 amount, qint64 after);

/// A database in which every invariant holds: order 1 is paid and partly refunded, order 2 waits for its payment.
std::unique_ptr<TestDatabase> soundDatabase(DatabaseKind kind);

} // namespace counterfoil
