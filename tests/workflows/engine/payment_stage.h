// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

namespace counterfoil {

/// A shop that sells pens at 10.00 (commission 10 %) to Ann, who has 50.00 in her wallet.
struct PaymentStage {
    explicit PaymentStage(DatabaseKind kind) : shop(kind)
    {
        merchant = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        shop.addSku({QStringLiteral("PEN"), merchant, usd(1'000)});
        ann = shop.recharge(QStringLiteral("ann"), usd(5'000));
    }

    /// Two pens: 20.00, with Funding::Both 10.00 from each side.
    OrderId place(Funding funding = Funding::Both, const QString& number = QStringLiteral("A-1"))
    {
        order = shop.placed(EngineFixture::order(number, QStringLiteral("ann"), {{QStringLiteral("PEN"), 2}}, funding));
        return order;
    }

    /// An order whose buyer still has to do something at the bank; no callback is waiting.
    void placeWaiting()
    {
        shop.gateway.script(GatewayOperation::ConfirmIntent, {Fault::RequiresAction});
        place();
        shop.runDue();
        shop.gateway.takeCallbacks();
        require(state() == u"paying", "the buyer's bank is waited for");
    }

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
    QString payment() { return toString(shop.paymentOf(order).status); }
    QString ref() { return shop.paymentOf(order).id.toText(); }
    const ModelGateway::Intent& intent() { return shop.gateway.only(ref()); }
    int charges() { return shop.gateway.charges(ref()); }
    int calls(GatewayOperation operation) const { return shop.gateway.callsOf(operation); }
    QStringList keys(GatewayOperation operation) const
    {
        QStringList found;
        for (const GatewayRequest& call : shop.gateway.calls()) {
            if (call.operation == operation) {
                found << call.idempotencyKey;
            }
        }
        return found;
    }
    qint64 wallet(Bucket bucket) { return shop.balance(AccountRef::wallet(ann, Currency()), bucket).minor(); }
    qint64 system(AccountKind kind) { return shop.balance(AccountRef::system(kind, Currency()), Bucket::Available).minor(); }
    qint64 stockFrozen() { return shop.rows<Stock>().front().frozen; }
    Job job(JobKind kind) { return shop.rows<Job>(QStringLiteral("WHERE kind = ? ORDER BY id DESC"), {toString(kind)}).front(); }

    /// What an operator's "try again now" does to parked jobs.
    void retryParked()
    {
        const auto parked = shop.rows<Job>(QStringLiteral("WHERE state = 'parked'"));
        shop.write([&](UnitOfWork& work) {
            for (const Job& row : parked) {
                work.jobs.adopt(row);
                Job& job = work.jobs.edit(row.id);
                job.state = JobState::Ready;
                job.dueAt = work.now();
            }
        });
    }

    EngineFixture shop;
    MerchantId merchant;
    CustomerId ann;
    OrderId order;
};

} // namespace counterfoil
