// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/shop_trade.h"

#include "models/store/job_queue.h"
#include "workflows/gateway/callback_verifier.h"
#include "workflows/services/callback_intake.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int requestsMax = 16;
constexpr int faultPercent = 15;
constexpr int roundsMax = 2000;
/// Settlements are due after days and aren't waited for.
constexpr Duration patience = Duration::hours(2);
const QString shopActor = QStringLiteral("api:shop");

QString keyOf(const NewOrder& order)
{
    return QStringLiteral("key-") + order.orderNo;
}

} // namespace

Result<std::map<qint64, qint64>> pairsOf(Connection& connection, const QString& sql)
{
    std::map<qint64, qint64> pairs;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        pairs.insert_or_assign(row.integer(0), row.integer(1));
        return {};
    }));
    return pairs;
}

Result<std::set<QString>> textsOf(Connection& connection, const QString& sql)
{
    std::set<QString> texts;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        texts.insert(row.text(0));
        return {};
    }));
    return texts;
}

Result<QStringList> Told::missing(Connection& connection) const
{
    CF_ASSIGN(const auto versions, pairsOf(connection, QStringLiteral("SELECT id, row_version FROM orders")));
    CF_ASSIGN(const auto attempts, pairsOf(connection, QStringLiteral("SELECT id, attempt FROM gateway_exchange")));
    CF_ASSIGN(const auto events, textsOf(connection, QStringLiteral("SELECT event_id FROM gateway_callback")));
    CF_ASSIGN(const auto keys, textsOf(connection, QStringLiteral("SELECT idempotency_key FROM idempotency_record")));
    QStringList found;
    for (const auto& [key, order] : orders) {
        if (!versions.contains(order.value()) || !keys.contains(key)) {
            found << QStringLiteral("order %1 of %2").arg(order.value()).arg(key);
        }
    }
    for (const auto& [order, version] : seen) {
        const auto there = versions.find(order.value());
        if (there == versions.end() || there->second < version) {
            found << QStringLiteral("version %1 of order %2").arg(version).arg(order.value());
        }
    }
    for (const auto& [exchange, times] : sent) {
        const auto there = attempts.find(exchange.value());
        if (there == attempts.end() || there->second < times) {
            found << QStringLiteral("sending %1 of exchange %2").arg(times).arg(exchange.value());
        }
    }
    for (const QString& event : callbacks) {
        if (!events.contains(event)) {
            found << QStringLiteral("callback %1").arg(event);
        }
    }
    return found;
}

ShopTrade::ShopTrade(quint32 seed) : m_random(seed)
{
    m_gateway.setRandomFaults(faultPercent, seed);
    m_clock.advance(Duration::minutes(1));
}

void ShopTrade::begin(EngineFixture& engine)
{
    m_engine = &engine;
    setTime(m_clock.now() + Duration::milliseconds(50));
    engine.restartRunner(QStringLiteral("worker-%1").arg(m_random()));
}

void ShopTrade::end()
{
    m_engine = nullptr;
    m_answers.clear();
}

void ShopTrade::setTime(UtcTime to)
{
    m_clock.set(to);
    m_engine->clock.set(to);
}

Result<void> ShopTrade::step()
{
    for (int orders = static_cast<int>(m_random() % 3); orders > 0; --orders) {
        CF_TRY(placeOrder());
    }
    CF_TRY(callGateway());
    if (chance(80)) {
        CF_TRY(applyAnswers());
    }
    CF_TRY(deliverCallbacks(false));
    CF_TRY(look());
    if (chance(20)) {
        m_gateway.settleWaiting(m_random);
    }
    setTime(m_clock.now() + Duration::milliseconds(static_cast<qint64>(chance(10) ? m_random() % 30'000 : m_random() % 2'000)));
    return {};
}

NewOrder ShopTrade::randomOrder()
{
    NewOrder order = EngineFixture::order(QStringLiteral("P-%1").arg(++m_orders), QStringLiteral("buyer-%1").arg(m_random() % 7),
                                          {{QStringLiteral("PEN"), 1 + m_random() % 5}, {QStringLiteral("DESK"), 1 + m_random() % 3}}, static_cast<Funding>(m_random() % 3));
    if (chance(40)) {
        order.couponCodes.push_back(QStringLiteral("ten"));
    }
    return order;
}

Result<void> ShopTrade::placeOrder()
{
    if (!m_unanswered) {
        m_unanswered = randomOrder();
    }
    const QString key = keyOf(*m_unanswered);
    CF_ASSIGN(const PlacedOrder placed, m_engine->placement().placeOnce(*m_unanswered, {shopActor, false, nullptr}, {shopActor, key, contentHash(*m_unanswered)}));
    m_told.orders.emplace(key, placed.id);
    m_unanswered.reset();
    return {};
}

Result<void> ShopTrade::callGateway()
{
    CF_ASSIGN(const JobRunner::Round round, m_engine->runner().runDue(requestsMax));
    for (const RemoteCall& call : round.calls) {
        ++m_told.sent[call.request.exchange];
        m_answers.push_back({call, m_gateway.answer(call.request)});
    }
    return {};
}

Result<void> ShopTrade::applyAnswers()
{
    const std::size_t count = m_answers.empty() ? 0 : 1 + m_random() % m_answers.size();
    CF_TRY(m_engine->runner().applyAnswers(std::span(m_answers).first(count)));
    m_answers.erase(m_answers.begin(), m_answers.begin() + static_cast<std::ptrdiff_t>(count));
    return {};
}

Result<void> ShopTrade::deliverCallbacks(bool all)
{
    std::ranges::move(m_gateway.takeCallbacks(), std::back_inserter(m_callbacks));
    const std::size_t count = all || m_callbacks.empty() ? m_callbacks.size() : m_random() % (m_callbacks.size() + 1);
    std::vector<VerifiedCallback> callbacks;
    for (std::size_t i = 0; i < count; ++i) {
        callbacks.push_back({EngineFixture::unwrap(parseCallback(m_callbacks[i])), m_callbacks[i]});
    }
    if (callbacks.empty()) {
        return {};
    }
    CF_TRY(storeCallbacks(m_engine->connection(), m_clock, m_engine->ids, callbacks));
    for (const VerifiedCallback& callback : callbacks) {
        m_told.callbacks.insert(callback.event.eventId);
    }
    m_callbacks.erase(m_callbacks.begin(), m_callbacks.begin() + static_cast<std::ptrdiff_t>(count));
    return {};
}

Result<void> ShopTrade::look()
{
    CF_ASSIGN(const auto versions, pairsOf(m_engine->connection(), QStringLiteral("SELECT id, row_version FROM orders")));
    for (const auto& [order, version] : versions) {
        m_told.seen.insert_or_assign(OrderId(order), version);
    }
    return {};
}

Result<void> ShopTrade::settle()
{
    if (m_unanswered) {
        // Perhaps it is there, and only the answer was lost.
        CF_TRY(placeOrder());
    }
    const UtcTime end = m_clock.now() + patience;
    for (int round = 0; round < roundsMax; ++round) {
        CF_TRY(callGateway());
        CF_TRY(m_engine->runner().applyAnswers(m_answers));
        m_answers.clear();
        m_gateway.settleWaiting(m_random);
        CF_TRY(deliverCallbacks(true));
        CF_ASSIGN(const UtcTime due, nextJobDue(m_engine->connection()));
        if (due.isNone() || due > end) {
            return {};
        }
        setTime(std::max(m_clock.now() + Duration(1), due));
    }
    return fail(ErrorCode::Internal, QStringLiteral("jobs don't come to an end"));
}

QStringList ShopTrade::endProblems()
{
    m_gateway.setRandomFaults(0, 0);
    QStringList found;
    if (const auto settled = settle(); !settled) {
        found << settled.error().text();
    }
    std::set<QString> known;
    for (const auto& [key, order] : m_told.orders) {
        if (const QString problem = problemOf(order); !problem.isEmpty()) {
            found << key + QStringLiteral(": ") + problem;
        }
        known.insert(m_engine->paymentOf(order).id.toText());
    }
    for (const ModelGateway::Intent& intent : m_gateway.all()) {
        if (!known.contains(intent.transactionRef)) {
            found << QStringLiteral("the gateway has %1 for a payment that nobody was told of").arg(intent.id);
        }
    }
    return found;
}

QString ShopTrade::problemOf(OrderId id)
{
    static const QStringList ends{QStringLiteral("cancelled"), QStringLiteral("expired"), QStringLiteral("payment_failed"), QStringLiteral("fulfilling")};
    const Order order = m_engine->orderOf(id);
    const PaymentTransaction payment = m_engine->paymentOf(id);
    const TccTransaction tcc = m_engine->tccOf(id);
    const int charges = m_gateway.charges(payment.id.toText());
    const auto cases = m_engine->rows<InterventionCase>(QStringLiteral("WHERE state = 'open' AND order_id = ?"), {bound(id)});
    const bool wantsMoney = payment.gatewayPart.isPositive();
    if (charges > 1) {
        return QStringLiteral("charged %1 times").arg(charges);
    }
    if (!ends.contains(order.state) && cases.empty()) {
        return QStringLiteral("neither ended nor in a case: %1").arg(order.state);
    }
    if (ends.contains(order.state) && !tcc.isFinal()) {
        return QStringLiteral("%1 with an open TCC transaction").arg(order.state);
    }
    if (tcc.decision == TccDecision::Confirmed && wantsMoney && (charges != 1 || m_gateway.only(payment.id.toText()).received != payment.gatewayPart)) {
        return QStringLiteral("confirmed without exactly the gateway's money");
    }
    const auto intents = m_gateway.of(payment.id.toText());
    const bool refunded = std::ranges::any_of(intents, [&](const ModelGateway::Intent& intent) { return intent.refundedMinor == payment.gatewayPart.minor(); });
    if (tcc.decision == TccDecision::Cancelled && charges == 1 && !refunded && cases.empty()) {
        return QStringLiteral("cancelled, but the gateway has the money");
    }
    return {};
}

} // namespace counterfoil
