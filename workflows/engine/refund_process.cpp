// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/refund_process.h"

#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"
#include "workflows/engine/payment_process.h"
#include "workflows/engine/refund_plan.h"
#include "workflows/tcc/divided_funds.h"

namespace counterfoil {

namespace {

const QString worker = QStringLiteral("worker");

/// Reserved in the same commit as it is registered, so that this never comes to an end on its own.
constexpr Duration tryDeadline = Duration::days(1);

OrderEventInput eventOf(const char* name, TransactionId refund, const QString& actor, const QString& cause)
{
    return {QString::fromLatin1(name), QStringLiteral("%1:%2").arg(QLatin1String(name)).arg(refund.value()), actor, cause};
}

Result<DividedFunds> fundsOf(UnitOfWork& work, OrderId order, const RefundPlan& plan)
{
    DividedFunds funds{work.orders.at(order).customer, plan.parts.wallet, plan.parts.gateway, {}, {}};
    CF_ASSIGN(funds.platformDiscount, plan.parts.platformDiscount());
    for (std::size_t i = 0; i < plan.parts.shares.size(); ++i) {
        CF_ASSIGN(const Money net, plan.parts.shares[i].net());
        const Money commission = plan.parts.shares[i].commission;
        if (!net.isZero() || !commission.isZero()) {
            funds.shares.push_back({plan.from.details[i].subOrder, plan.from.details[i].merchant, net, commission});
        }
    }
    return funds;
}

Result<void> addDetails(UnitOfWork& work, TransactionId refund, const RefundPlan& plan)
{
    for (std::size_t i = 0; i < plan.parts.shares.size(); ++i) {
        const RefundShare& share = plan.parts.shares[i];
        const TransactionDetail& paid = plan.from.details[i];
        CF_ASSIGN(const Money gross, share.gross());
        CF_ASSIGN(const Money net, share.net());
        if (!gross.isZero()) {
            work.details.add({refund, paid.line, paid.subOrder, paid.merchant, paid.currency, gross, share.merchantDiscount, share.commission, net, Money::zero(paid.currency),
                              share.platformDiscount});
        }
    }
    for (RefundItem item : plan.items) {
        item.transaction = refund;
        work.refundItems.add(item);
    }
    return {};
}

} // namespace

bool isRefund(UnitOfWork& work, TransactionId transaction)
{
    return work.transactions.at(transaction).kind == TransactionKind::Refund;
}

Result<TransactionId> RefundProcess::addRows(UnitOfWork& work, OrderId order, const RefundRequest& request) const
{
    CF_ASSIGN(const RefundPlan plan, planRefund(work, order, request));
    const PaymentTransaction& payment = work.transactions.at(plan.from.payment);
    PaymentTransaction refund;
    refund.id = work.ids().next<TransactionId>();
    refund.kind = TransactionKind::Refund;
    refund.order = order;
    refund.account = payment.account;
    refund.currency = payment.currency;
    refund.walletPart = plan.parts.wallet;
    refund.gatewayPart = plan.parts.gateway;
    CF_ASSIGN(refund.amount, plan.parts.amount());
    refund.cardBrand = refund.gatewayPart.isZero() ? QString() : payment.cardBrand;
    refund.cardLast4 = refund.gatewayPart.isZero() ? QString() : payment.cardLast4;
    refund.createdAt = work.now();
    CF_ASSIGN(const DividedFunds funds, fundsOf(work, order, plan));
    work.transactions.add(refund);
    CF_TRY(addDetails(work, refund.id, plan));
    m_coordinator.registerTransaction(work, {QStringLiteral("refund:%1").arg(refund.id.value()), order, refund.id, contentHash(order, request, {}), work.now() + tryDeadline,
                                             {{Participant::Refund, funds.toJson()}}});
    return refund.id;
}

void RefundProcess::send(UnitOfWork& work, TransactionId id) const
{
    PaymentTransaction& refund = work.transactions.edit(id);
    refund.status = TransactionStatus::Processing;
    if (refund.gatewayPart.isPositive()) {
        openExchange(work, id, GatewayOperation::CreateRefund, refund.gatewayPart);
    } else {
        const TccId gid = tccOf(work, id).gid;
        addJob(work, {JobKind::TccDrive, refund.order, gid.value(), QStringLiteral("tcc:%1").arg(gid.value()), work.now(), {}});
    }
}

Result<RefundProcess::Started> RefundProcess::start(UnitOfWork& work, OrderId order, const RefundRequest& request, const QString& actor, const QString& reason) const
{
    CF_ASSIGN(const TransactionId refund, addRows(work, order, request));
    CF_TRY(m_coordinator.tryAll(work, tccOf(work, refund).gid));
    send(work, refund);
    const QString amount = work.transactions.at(refund).amount.toText();
    work.audit(actor, QStringLiteral("refund.requested"), refund.toText(), {}, amount, reason);
    return Started{refund, {eventOf("refund.requested", refund, actor, reason.isEmpty() ? amount : QStringLiteral("%1: %2").arg(amount, reason))}};
}

Result<FollowUps> RefundProcess::startFull(UnitOfWork& work, OrderId order, const OrderEventInput& cause) const
{
    CF_TRY(work.needFull(order));
    const auto added = addRows(work, order, {});
    if (!added && added.error().code == ErrorCode::RefundExceeded) {
        // Refunds that are under way tell when they end.
        const bool waits = work.transactions.findIf([&](const PaymentTransaction& t) { return t.order == order && countsAsRefund(t) && t.finishedAt.isNone(); });
        return waits ? FollowUps{} : FollowUps{{QStringLiteral("refund.cancelled"), QStringLiteral("refund.none:%1").arg(cause.key), worker, added.error().detail}};
    }
    CF_ASSIGN(const TransactionId refund, added);
    const TccId gid = tccOf(work, refund).gid;
    const QString amount = work.transactions.at(refund).amount.toText();
    work.audit(cause.actor, QStringLiteral("refund.requested"), refund.toText(), {}, amount, cause.event);
    const OrderEventInput requested = eventOf("refund.requested", refund, cause.actor, QStringLiteral("%1: %2").arg(amount, cause.event));
    const Result<void> tried = m_coordinator.tryAll(work, gid);
    if (tried) {
        send(work, refund);
        return FollowUps{requested};
    }
    if (classify(tried.error().code) != ErrorClass::Permanent) {
        return std::unexpected<Error>(tried.error());
    }
    CF_ASSIGN(FollowUps events, cancelAll(work, work.tccs.at(gid), TransactionStatus::Cancelled, tried.error().text()));
    events.insert(events.begin(), requested);
    return events;
}

Result<FollowUps> RefundProcess::confirmLocal(UnitOfWork& work, TccId gid) const
{
    const TccTransaction& tcc = work.tccs.at(gid);
    if (tcc.decision != TccDecision::Trying) {
        return FollowUps{};
    }
    if (!work.transactions.at(tcc.transaction).gatewayPart.isZero()) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 needs the gateway's word").arg(gid.toText()));
    }
    return confirmAll(work, tcc);
}

Result<FollowUps> RefundProcess::confirmAll(UnitOfWork& work, const TccTransaction& tcc) const
{
    CF_TRY(m_coordinator.decide(work, tcc.gid, TccDecision::Confirming, worker, {}));
    CF_TRY(m_coordinator.drive(work, tcc.gid));
    PaymentTransaction& refund = work.transactions.edit(tcc.transaction);
    refund.status = TransactionStatus::Succeeded;
    refund.finishedAt = work.now();
    ++refund.rowVersion;
    const PaymentTransaction* payment = work.transactions.findIf([&](const PaymentTransaction& t) { return t.order == refund.order && t.kind == TransactionKind::Payment; });
    require(payment, "an order has a payment");
    for (const auto& key : work.details.keysWhere([&](const TransactionDetail& detail) { return detail.transaction == refund.id; })) {
        const Money gross = work.details.at(key).gross;
        TransactionDetail& paid = work.details.edit({payment->id, key.second});
        CF_ASSIGN(paid.refunded, paid.refunded.plus(gross));
    }
    Order& order = work.orders.edit(refund.order);
    CF_ASSIGN(order.refunded, order.refunded.plus(refund.amount));
    order.updatedAt = work.now();
    ++order.rowVersion;
    return FollowUps{eventOf("refund.confirmed", refund.id, worker, refund.amount.toText())};
}

Result<FollowUps> RefundProcess::cancelAll(UnitOfWork& work, const TccTransaction& tcc, TransactionStatus status, const QString& reason) const
{
    CF_TRY(m_coordinator.decide(work, tcc.gid, TccDecision::Cancelling, worker, reason));
    CF_TRY(m_coordinator.drive(work, tcc.gid));
    PaymentTransaction& refund = work.transactions.edit(tcc.transaction);
    refund.status = status;
    refund.finishedAt = work.now();
    ++refund.rowVersion;
    return FollowUps{eventOf("refund.cancelled", refund.id, worker, QStringLiteral("%1: %2").arg(refund.amount.toText(), reason))};
}

} // namespace counterfoil
