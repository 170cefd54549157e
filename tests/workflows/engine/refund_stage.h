// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"
#include "workflows/tcc/ledger.h"

#include <functional>

namespace counterfoil {

/// A shop where Ann, with 500.00 in her wallet, buys pens at 10.00 of alpha (commission 10 %) and cups at 3.33 of beta (12.5 %).
struct RefundStage {
    explicit RefundStage(DatabaseKind kind, const EngineOptions& options = {}, Currency money = {}) : shop(kind, options), currency(money)
    {
        alpha = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        beta = shop.addMerchant(QStringLiteral("beta"), 1'250);
        shop.addSku({QStringLiteral("PEN"), alpha, of(1'000)});
        shop.addSku({QStringLiteral("CUP"), beta, of(333)});
        ann = shop.recharge(QStringLiteral("ann"), of(50'000));
    }

    Money of(qint64 minor) const { return {minor, currency}; }

    /// Two pens and three cups: 29.99, paid and being fulfilled. With Funding::Both 14.99 from the wallet.
    OrderId pay(Funding funding = Funding::Gateway, const std::function<void(NewOrder&)>& change = {})
    {
        NewOrder wanted = EngineFixture::order(QStringLiteral("R-%1").arg(++orders), QStringLiteral("ann"), {{QStringLiteral("PEN"), 2}, {QStringLiteral("CUP"), 3}}, funding);
        wanted.currency = currency;
        wanted.shipping = wanted.topUpMultiple = Money::zero(currency);
        if (change) {
            change(wanted);
        }
        order = shop.placed(wanted);
        shop.runDue();
        shop.gateway.takeCallbacks();
        require(state() == u"fulfilling", "the order is paid");
        return order;
    }

    Result<PlacedRefund> request(const RefundRequest& wanted, const QString& key = {}, const QString& actor = QStringLiteral("api:shop"))
    {
        return shop.refunds().request(order, wanted, key.isEmpty() ? QStringLiteral("key-%1").arg(++keys) : key, actor, QStringLiteral("broken"));
    }
    Result<PlacedRefund> request(qint64 minor, const QString& key = {}) { return request(RefundRequest{of(minor), {}}, key); }
    /// One that has to be accepted.
    TransactionId refund(qint64 minor) { return EngineFixture::unwrap(request(minor)).id; }
    TransactionId refundAll() { return EngineFixture::unwrap(request(RefundRequest{})).id; }

    /// Runs the local half of what is due and lets the gateway answer, but keeps the answers.
    std::vector<RemoteAnswer> send()
    {
        std::vector<RemoteAnswer> answers;
        for (const RemoteCall& call : EngineFixture::unwrap(shop.runner().runDue(64)).calls) {
            answers.push_back({call, shop.gateway.answer(call.request)});
        }
        return answers;
    }
    void apply(const std::vector<RemoteAnswer>& answers) { EngineFixture::unwrap(shop.runner().applyAnswers(answers)); }

    QString state() { return shop.orderOf(order).state; }
    PaymentTransaction transaction(TransactionId id) { return shop.rows<PaymentTransaction>(QStringLiteral("WHERE id = ?"), {bound(id)}).front(); }
    QString status(TransactionId id) { return toString(transaction(id).status); }
    QString decision(TransactionId id) { return toString(shop.rows<TccTransaction>(QStringLiteral("WHERE transaction_id = ?"), {bound(id)}).front().decision); }
    std::vector<TransactionDetail> details(TransactionId id) { return shop.rows<TransactionDetail>(QStringLiteral("WHERE transaction_id = ? ORDER BY line"), {bound(id)}); }
    qint64 refunded() { return shop.orderOf(order).refunded.minor(); }
    int calls(GatewayOperation operation) const { return shop.gateway.callsOf(operation); }
    qint64 wallet(Bucket bucket = Bucket::Available) { return shop.balance(AccountRef::wallet(ann, currency), bucket).minor(); }
    qint64 merchant(MerchantId id, Bucket bucket) { return shop.balance(AccountRef::merchant(id, currency), bucket).minor(); }
    qint64 system(AccountKind kind) { return shop.balance(AccountRef::system(kind, currency), Bucket::Available).minor(); }
    /// Σ remaining of the open holds of this reason.
    qint64 held(HoldReason reason)
    {
        qint64 total = 0;
        for (const Hold& hold : shop.rows<Hold>(QStringLiteral("WHERE state = 'open' AND reason = ?"), {toString(reason)})) {
            total += hold.remaining.minor();
        }
        return total;
    }
    /// The timeline's refund events with their outcome.
    QStringList news()
    {
        QStringList found;
        for (const OrderEvent& event : shop.rows<OrderEvent>(QStringLiteral("WHERE order_id = ? AND event LIKE 'refund.%' ORDER BY id"), {bound(order)})) {
            found << event.event + u' ' + toString(event.outcome);
        }
        return found;
    }
    /// The merchant takes money out.
    void withdraw(MerchantId id, qint64 minor)
    {
        shop.write([&](UnitOfWork& work) {
            const AccountRef owner = AccountRef::merchant(id, currency);
            const AccountRef clearing = AccountRef::system(AccountKind::Clearing, currency);
            EngineFixture::unwrap(work.loadAccounts({owner, clearing}));
            EngineFixture::unwrap(post(work, {EntryKind::Withdrawal, QStringLiteral("withdrawal:%1").arg(work.ids().nextValue()), {}, {}},
                                       {{owner, Bucket::Available, of(-minor)}, {clearing, Bucket::Available, of(minor)}}));
        });
    }

    EngineFixture shop;
    Currency currency;
    MerchantId alpha;
    MerchantId beta;
    CustomerId ann;
    OrderId order;
    int orders = 0;
    int keys = 0;
};

} // namespace counterfoil
