// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/workflows/engine/random_faults.h"

#include <algorithm>

namespace counterfoil {

void RandomFaults::stock(EngineFixture& shop)
{
    const MerchantId alpha = shop.addMerchant(QStringLiteral("alpha"), 500);
    const MerchantId beta = shop.addMerchant(QStringLiteral("beta"), 1250);
    shop.addSku({QStringLiteral("PEN"), alpha, usd(199), 1'000'000});
    shop.addSku({QStringLiteral("DESK"), beta, usd(45'900), 1'000'000});
    Coupon coupon;
    coupon.code = QStringLiteral("TEN");
    coupon.value = usd(150);
    shop.addCoupon(coupon);
}

void RandomFaults::placeOrder(int number)
{
    const QString buyer = QStringLiteral("buyer-%1").arg(m_random() % 7);
    const auto funding = static_cast<Funding>(m_random() % 3);
    if (funding != Funding::Gateway) {
        m_shop.recharge(buyer, usd(500'000));
    }
    NewOrder order = EngineFixture::order(QStringLiteral("S%1-%2").arg(m_seed).arg(number), buyer,
                                          {{QStringLiteral("PEN"), 1 + m_random() % 5}, {QStringLiteral("DESK"), 1 + m_random() % 3}}, funding);
    if (chance(40)) {
        order.couponCodes.push_back(QStringLiteral("ten"));
    }
    m_orders.push_back(m_shop.placed(order));
}

void RandomFaults::run(int orders, int steps)
{
    m_shop.restartRunner(QStringLiteral("worker-%1").arg(m_seed));
    m_shop.gateway.setRandomFaults(static_cast<int>(10 + m_random() % 40), m_seed);
    m_shop.gateway.setCallbacksLie(chance(10));
    for (int i = 0; i < orders; ++i) {
        placeOrder(i);
    }
    for (int i = 0; i < steps; ++i) {
        step();
    }
}

void RandomFaults::step()
{
    const JobRunner::Round round = m_shop.unwrap(m_shop.runner().runDue(static_cast<int>(1 + m_random() % 16)));
    for (const RemoteCall& call : round.calls) {
        send(call);
    }
    if (chance(12)) {
        crash();
    } else {
        applySome();
    }
    deliverSome();
    if (chance(10)) {
        m_shop.gateway.settleWaiting(m_random);
        m_shop.gateway.settleRefunds(m_random);
    }
    if (chance(15)) {
        requestRefund();
    }
    if (chance(8)) {
        m_shop.apply(m_orders[m_random() % m_orders.size()], QStringLiteral("cancel.requested"),
                     chance(50) ? QStringLiteral("api:shop") : QStringLiteral("operator:ada"));
    }
    if (chance(20) && !m_onTheirWay.empty()) {
        const std::size_t which = m_random() % m_onTheirWay.size();
        m_shop.gateway.answer(m_onTheirWay[which]);
        m_onTheirWay.erase(m_onTheirWay.begin() + static_cast<std::ptrdiff_t>(which));
    }
    if (chance(3)) {
        takeLateMoney();
    }
    m_shop.clock.advance(Duration::milliseconds(chance(10) ? m_random() % 120'000 : m_random() % 3'000));
}

void RandomFaults::requestRefund()
{
    const OrderId order = m_orders[m_random() % m_orders.size()];
    RefundRequest wanted;
    if (chance(40)) {
        wanted.lines = {{1 + static_cast<int>(m_random() % 2), 1}};
    } else if (chance(80)) {
        wanted.amount = usd(1 + static_cast<qint64>(m_random() % 60'000));
    }
    // Now and then with the key of the one before.
    const QString key = QStringLiteral("S%1-%2").arg(m_seed).arg(chance(10) ? m_refundKeys : ++m_refundKeys);
    const auto outcome = m_shop.refunds().request(order, wanted, key, QStringLiteral("api:shop"), QStringLiteral("returned"));
    static constexpr std::array expected{ErrorCode::RefundExceeded, ErrorCode::QuantityOutOfRange, ErrorCode::InvalidAmount, ErrorCode::IdempotencyKeyReused};
    if (!outcome && std::ranges::find(expected, outcome.error().code) == expected.end()) {
        m_oddities << QStringLiteral("seed %1: a refund was refused: %2").arg(m_seed).arg(outcome.error().text());
    }
}

void RandomFaults::takeLateMoney()
{
    std::vector<FakeGateway::Intent> cancelled;
    std::ranges::copy_if(m_shop.gateway.all(), std::back_inserter(cancelled), [](const FakeGateway::Intent& intent) { return intent.status == IntentStatus::Canceled; });
    if (cancelled.empty()) {
        return;
    }
    const QString id = cancelled[m_random() % cancelled.size()].id;
    m_shop.gateway.setStatus(id, IntentStatus::Succeeded);
    // Nobody asks about a payment that is decided: this callback is the only way to learn it, so it isn't lost, and comes twice.
    for (const FakeGateway::Intent& intent : m_shop.gateway.all()) {
        if (intent.id == id) {
            m_shop.deliver({m_shop.gateway.callbackOf(intent), m_shop.gateway.callbackOf(intent)});
        }
    }
}

void RandomFaults::send(const RemoteCall& call)
{
    if (chance(5)) {
        // It is on its way, and nobody will hear what becomes of it.
        m_onTheirWay.push_back(call.request);
        return;
    }
    m_answers.push_back({call, m_shop.gateway.answer(call.request)});
}

void RandomFaults::applySome()
{
    std::ranges::shuffle(m_answers, m_random);
    const std::size_t count = m_answers.empty() ? 0 : 1 + m_random() % m_answers.size();
    m_shop.unwrap(m_shop.runner().applyAnswers(std::span(m_answers).first(count)));
    m_answers.erase(m_answers.begin(), m_answers.begin() + static_cast<std::ptrdiff_t>(count));
}

void RandomFaults::deliverSome()
{
    for (QByteArray& body : m_shop.gateway.takeCallbacks()) {
        if (!chance(15)) {
            m_callbacks.push_back(std::move(body));
        }
    }
    std::ranges::shuffle(m_callbacks, m_random);
    const std::size_t count = m_callbacks.empty() ? 0 : m_random() % (m_callbacks.size() + 1);
    std::vector<QByteArray> now(m_callbacks.begin(), m_callbacks.begin() + static_cast<std::ptrdiff_t>(count));
    if (!now.empty() && chance(30)) {
        now.push_back(now.front());
    }
    if (!chance(20)) {
        m_callbacks.erase(m_callbacks.begin(), m_callbacks.begin() + static_cast<std::ptrdiff_t>(count));
    }
    m_shop.deliver(now);
}

void RandomFaults::crash()
{
    m_answers.clear();
    m_shop.restartRunner(QStringLiteral("worker-%1-%2").arg(m_seed).arg(m_random()));
    m_shop.clock.advance(Duration::seconds(6));
}

void RandomFaults::calm()
{
    m_shop.gateway.setRandomFaults(0, 0);
    m_shop.gateway.setCallbacksLie(false);
    for (const GatewayRequest& request : m_onTheirWay) {
        m_shop.gateway.answer(request);
    }
    m_onTheirWay.clear();
    m_shop.unwrap(m_shop.runner().applyAnswers(m_answers));
    m_answers.clear();
    for (int i = 0; i < 10; ++i) {
        m_shop.gateway.settleWaiting(m_random);
        m_shop.gateway.settleRefunds(m_random);
        if (i % 2 == 0) {
            m_shop.deliverCallbacks();
        } else {
            m_shop.gateway.takeCallbacks();
        }
        m_shop.runUntilQuiet(Duration::minutes(15));
    }
}

QString RandomFaults::problemOf(OrderId id, const QStringList& cases)
{
    static const QStringList ends{QStringLiteral("cancelled"), QStringLiteral("expired"), QStringLiteral("payment_failed"), QStringLiteral("fulfilling"), QStringLiteral("refunded")};
    const Order order = m_shop.orderOf(id);
    const PaymentTransaction payment = m_shop.paymentOf(id);
    const TccTransaction tcc = m_shop.tccOf(id);
    const QString ref = payment.id.toText();
    const int charges = m_shop.gateway.charges(ref);
    const QString about = QStringLiteral("seed %1, %2 (%3, %4, %5, charges %6, cases %7): ")
                              .arg(QString::number(m_seed), order.orderNo, order.state, toString(payment.status), toString(tcc.decision), QString::number(charges), cases.join(u' '));
    if (!ends.contains(order.state) && cases.isEmpty()) {
        return about + QStringLiteral("neither ended nor in a case");
    }
    if (charges > 1) {
        return about + QStringLiteral("charged more than once");
    }
    if (ends.contains(order.state) && !tcc.isFinal()) {
        return about + QStringLiteral("ended with an open TCC transaction");
    }
    const bool wantsMoney = payment.gatewayPart.isPositive();
    if (tcc.decision == TccDecision::Confirmed && wantsMoney && charges != 1) {
        return about + QStringLiteral("confirmed without the gateway's money");
    }
    const auto intents = m_shop.gateway.of(ref);
    if (intents.size() > 1) {
        return about + QStringLiteral("has several objects at the gateway");
    }
    if (tcc.decision == TccDecision::Confirmed && wantsMoney && intents.front().received != payment.gatewayPart) {
        return about + QStringLiteral("confirmed with another amount");
    }
    const bool open = std::ranges::any_of(intents, [](const FakeGateway::Intent& i) { return i.status != IntentStatus::Succeeded && i.status != IntentStatus::Canceled; });
    if (tcc.decision == TccDecision::Cancelled && open) {
        return about + QStringLiteral("cancelled, but its object can still take money");
    }
    if (tcc.decision == TccDecision::Cancelled && charges == 1) {
        const bool refunded = std::ranges::any_of(intents, [&](const FakeGateway::Intent& i) { return i.refundedMinor == payment.gatewayPart.minor(); });
        const bool known = std::ranges::any_of(cases, [](const QString& kind) { return kind.startsWith(u"refund_") || kind == u"amount_conflict"; });
        if (!refunded && !known) {
            return about + QStringLiteral("cancelled, but the gateway has the money");
        }
    }
    if (tcc.decision == TccDecision::Confirmed && payment.status != TransactionStatus::Succeeded) {
        return about + QStringLiteral("confirmed, but the payment doesn't say so");
    }
    if ((order.state == u"refunded") != (order.paid.isPositive() && order.refunded == order.paid)) {
        return about + QStringLiteral("%1 of %2 is refunded").arg(order.refunded.toText(), order.paid.toText());
    }
    const QString refunds = problemOfRefunds(id, cases);
    return refunds.isEmpty() ? QString() : about + refunds;
}

/// What the gateway gave back is what our books say.
QString RandomFaults::problemOfRefunds(OrderId id, const QStringList& cases)
{
    for (const PaymentTransaction& refund : m_shop.rows<PaymentTransaction>(QStringLiteral("WHERE order_id = ? AND kind = 'refund'"), {bound(id)})) {
        int made = 0;
        for (const FakeGateway::Refund& object : m_shop.gateway.refundsOf(refund.id.toText())) {
            made += object.status != u"failed" ? 1 : 0;
            if (object.amount != refund.gatewayPart) {
                return QStringLiteral("%1 was made over another amount").arg(refund.id.toText());
            }
        }
        const bool known = std::ranges::any_of(cases, [](const QString& kind) { return kind.startsWith(u"refund_"); });
        const bool ended = refund.status == TransactionStatus::Succeeded || refund.status == TransactionStatus::Failed || refund.status == TransactionStatus::Cancelled;
        if (made > 1) {
            return QStringLiteral("%1 was made twice").arg(refund.id.toText());
        }
        if (ended && (made == 1) != (refund.status == TransactionStatus::Succeeded && refund.gatewayPart.isPositive())) {
            return QStringLiteral("%1 is %2, made %3 times").arg(refund.id.toText(), toString(refund.status)).arg(made);
        }
        if (!ended && !known) {
            return QStringLiteral("%1 is %2 and in no case").arg(refund.id.toText(), toString(refund.status));
        }
    }
    return {};
}

QStringList RandomFaults::problems()
{
    QStringList found = m_oddities;
    for (const OrderId order : m_orders) {
        QStringList cases;
        for (const InterventionCase& row : m_shop.rows<InterventionCase>(QStringLiteral("WHERE state = 'open' AND order_id = ?"), {bound(order)})) {
            cases << row.kind;
            if (row.kind == u"integrity") {
                found << QStringLiteral("seed %1: %2").arg(m_seed).arg(row.detail);
            }
        }
        if (const QString problem = problemOf(order, cases); !problem.isEmpty()) {
            found << problem;
        }
    }
    return found;
}

} // namespace counterfoil
