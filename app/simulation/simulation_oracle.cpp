// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulation_oracle.h"

#include "models/store/unit_of_work.h"

#include <algorithm>

namespace counterfoil {

namespace {

const QString booksBroken = QStringLiteral("books: ");

bool isEnded(TransactionStatus status)
{
    return status == TransactionStatus::Succeeded || status == TransactionStatus::Failed || status == TransactionStatus::Cancelled;
}

bool isOpen(const ModelGateway::Intent& intent)
{
    return intent.status != IntentStatus::Succeeded && intent.status != IntentStatus::Canceled;
}

} // namespace

/// One order and all that is known of its payment.
struct SimulationOracle::Ending {
    Order order;
    PaymentTransaction payment;
    TccTransaction tcc;
    QStringList cases;
    std::vector<ModelGateway::Intent> intents;
    std::vector<PaymentTransaction> refunds;

    int charges() const
    {
        return static_cast<int>(std::ranges::count(intents, IntentStatus::Succeeded, &ModelGateway::Intent::status));
    }
    bool hasRefundCase() const
    {
        return std::ranges::any_of(cases, [](const QString& known) { return known.startsWith(u"refund_"); });
    }
    bool hasCase(QStringView kind) const
    {
        return std::ranges::any_of(cases, [kind](const QString& known) { return known == kind; });
    }
};

void SimulationOracle::add(const QString& violation)
{
    if (!m_violations.contains(violation)) {
        m_violations << violation;
    }
}

template<class T>
std::vector<T> SimulationOracle::rows()
{
    auto found = selectRows<T>(m_connection, QStringLiteral("ORDER BY 1"), {});
    if (!found) {
        add(QStringLiteral("database: %1").arg(found.error().text()));
        return {};
    }
    return std::move(*found);
}

void SimulationOracle::committed()
{
    const auto now = booksVersion(m_connection);
    if (!now) {
        add(QStringLiteral("database: %1").arg(now.error().text()));
        return;
    }
    const bool hasMoved = now->money != m_version.money;
    const bool hasDecided = now->decisions != m_version.decisions;
    m_version = *now;
    m_checks += hasMoved || hasDecided ? 1 : 0;
    if (hasMoved) {
        checkMoney();
    }
    if (hasDecided) {
        checkDecisions();
    }
}

void SimulationOracle::checkMoney()
{
    static const QStringList ledger{QStringLiteral("entry_balanced"), QStringLiteral("currency_agrees"), QStringLiteral("account_balance"), QStringLiteral("running_balance"),
                                    QStringLiteral("owner_not_negative")};
    static const QStringList rest{QStringLiteral("frozen_is_held"), QStringLiteral("hold_consumed"), QStringLiteral("billed_total"), QStringLiteral("exchange_recorded")};
    checkInvariants(rest);
    if (m_connection.kind() == DatabaseKind::Postgresql) {
        checkInvariants(ledger);
        return;
    }
    // The same by what is new: the ledger is most of the cost of a simulation.
    const auto wrong = m_books.look();
    if (!wrong) {
        add(QStringLiteral("database: %1").arg(wrong.error().text()));
        return;
    }
    for (const QString& line : *wrong) {
        add(booksBroken + line);
    }
}

void SimulationOracle::checkInvariants(const QStringList& names)
{
    const auto broken = brokenInvariants(m_connection, names);
    if (!broken) {
        add(QStringLiteral("database: %1").arg(broken.error().text()));
        return;
    }
    for (const InvariantOutcome& outcome : *broken) {
        add(booksBroken + outcome.name + QStringLiteral(", ") + outcome.violations.front().id + u' ' + outcome.violations.front().detail);
    }
}

void SimulationOracle::checkDecisions()
{
    static const QStringList names{QStringLiteral("tcc_one_outcome"), QStringLiteral("tcc_branches_follow"), QStringLiteral("tcc_fences_follow")};
    checkInvariants(names);
    for (const TccTransaction& tcc : rows<TccTransaction>()) {
        TccDecision& before = m_decisions.try_emplace(tcc.gid, tcc.decision).first->second;
        const bool wasConfirm = before == TccDecision::Confirming || before == TccDecision::Confirmed;
        const bool wasCancel = before == TccDecision::Cancelling || before == TccDecision::Cancelled;
        const bool isConfirm = tcc.decision == TccDecision::Confirming || tcc.decision == TccDecision::Confirmed;
        const bool isCancel = tcc.decision == TccDecision::Cancelling || tcc.decision == TccDecision::Cancelled;
        if ((wasConfirm && !isConfirm) || (wasCancel && !isCancel)) {
            add(QStringLiteral("decision: %1 was %2 and is %3").arg(tcc.gid.toText(), toString(before), toString(tcc.decision)));
        }
        before = tcc.decision;
    }
}

void SimulationOracle::judge(ModelGateway& gateway, const SimulatedShop& shop)
{
    const auto verification = verifyInvariants(m_connection, m_finalStates);
    if (!verification) {
        add(QStringLiteral("database: %1").arg(verification.error().text()));
        return;
    }
    for (const InvariantOutcome& outcome : verification->outcomes) {
        for (const Violation& violation : outcome.violations) {
            add(booksBroken + outcome.name + QStringLiteral(", ") + violation.id + u' ' + violation.detail);
        }
    }
    checkDecisions();
    for (const QString& complaint : shop.complaints()) {
        add(QStringLiteral("shop: ") + complaint);
    }
    std::map<OrderId, Ending> endings;
    for (const Order& order : rows<Order>()) {
        endings[order.id].order = order;
    }
    for (const PaymentTransaction& payment : rows<PaymentTransaction>()) {
        if (payment.kind == TransactionKind::Payment) {
            endings[payment.order].payment = payment;
            endings[payment.order].intents = gateway.of(payment.id.toText());
        } else if (payment.kind == TransactionKind::Refund) {
            endings[payment.order].refunds.push_back(payment);
        }
    }
    for (const TccTransaction& tcc : rows<TccTransaction>()) {
        if (endings[tcc.order].payment.id == tcc.transaction) {
            endings[tcc.order].tcc = tcc;
        }
    }
    for (const InterventionCase& row : rows<InterventionCase>()) {
        if (row.kind == u"integrity") {
            add(QStringLiteral("integrity: %1").arg(row.detail));
        }
        if (!row.order.isNone() && row.state == CaseState::Open) {
            endings[row.order].cases << row.kind;
        }
    }
    std::set<OrderId> accepted;
    for (const SimulatedShop::Placement& placement : shop.placements()) {
        if (placement.id.isNone() && !placement.isRefused) {
            add(QStringLiteral("shop: %1 was never answered").arg(placement.order.orderNo));
        }
        accepted.insert(placement.id);
        if (const auto placed = endings.find(placement.id); placed != endings.end()) {
            judgePrice(placed->second.order, placement);
        }
    }
    for (const auto& [id, ending] : endings) {
        if (!accepted.contains(id)) {
            add(QStringLiteral("shop: %1 exists, and nobody was told so").arg(ending.order.orderNo));
        }
        judgeOrder(ending);
        judgeRefunds(ending, gateway);
    }
    judgeClearing(gateway);
    judgeStock(shop);
    judgeCoupons();
}

/// What is left to do with goods isn't money's business.
bool SimulationOracle::hasEnded(const Order& order) const
{
    return order.state == u"fulfilling" || std::ranges::any_of(m_finalStates, [&order](const FinalState& end) {
        return end.workflow == order.workflow && end.revision == order.revision && end.state == order.state;
    });
}

/// What the shop asked for is what the buyer is charged, to the last minor unit.
void SimulationOracle::judgePrice(const Order& order, const SimulatedShop::Placement& placement)
{
    if (order.shipping != placement.order.shipping || order.discount != placement.discount) {
        add(QStringLiteral("price: %1 was to have %2 shipping and %3 discount, and has %4 and %5")
                .arg(order.orderNo, placement.order.shipping.toText(), placement.discount.toText(), order.shipping.toText(), order.discount.toText()));
    }
}

void SimulationOracle::judgeOrder(const Ending& ending)
{
    const QString about = QStringLiteral("order: %1 (%2, %3, %4, charges %5, cases %6): ")
                              .arg(ending.order.orderNo, ending.order.state, toString(ending.payment.status), toString(ending.tcc.decision))
                              .arg(ending.charges())
                              .arg(ending.cases.join(u' '));
    if (!hasEnded(ending.order) && ending.cases.isEmpty()) {
        add(about + QStringLiteral("neither ended nor in front of a person"));
    }
    if (hasEnded(ending.order) && !ending.tcc.isFinal()) {
        add(about + QStringLiteral("ended with an open TCC transaction"));
    }
    judgePayment(ending, about);
}

void SimulationOracle::judgePayment(const Ending& ending, const QString& about)
{
    const Money asked = ending.payment.gatewayPart;
    const bool isConfirmed = ending.tcc.decision == TccDecision::Confirmed;
    const bool isCancelled = ending.tcc.decision == TccDecision::Cancelled;
    if (ending.charges() > 1) {
        add(about + QStringLiteral("charged more than once"));
    }
    if (ending.intents.size() > 1) {
        add(about + QStringLiteral("has several objects at the gateway"));
    }
    if (isConfirmed != (ending.payment.status == TransactionStatus::Succeeded)) {
        add(about + QStringLiteral("the payment and its decision contradict each other"));
    }
    if (isConfirmed && asked.isPositive() && (ending.charges() != 1 || ending.intents.front().received != asked)) {
        add(about + QStringLiteral("confirmed without exactly the gateway's money"));
    }
    if (isCancelled && std::ranges::any_of(ending.intents, isOpen)) {
        add(about + QStringLiteral("cancelled, but its object can still take money"));
    }
    const bool isBack = std::ranges::any_of(ending.intents, [&](const ModelGateway::Intent& i) { return i.refundedMinor == i.received.minor(); });
    const bool isKnown = ending.hasCase(u"amount_conflict") || ending.hasRefundCase();
    if (isCancelled && ending.charges() == 1 && !isBack && !isKnown) {
        add(about + QStringLiteral("cancelled, but the gateway has the money"));
    }
    if (isEnded(ending.payment.status) != !ending.payment.finishedAt.isNone() && ending.payment.status != TransactionStatus::Conflicted) {
        add(about + QStringLiteral("a payment that ended was opened again"));
    }
}

/// What the gateway gave back is what our books say.
void SimulationOracle::judgeRefunds(const Ending& ending, const ModelGateway& gateway)
{
    const Order& order = ending.order;
    const QString about = QStringLiteral("refund: %1 (%2, cases %3): ").arg(order.orderNo, order.state, ending.cases.join(u' '));
    if ((order.state == u"refunded") != (order.paid.isPositive() && order.refunded == order.paid)) {
        add(about + QStringLiteral("%1 of %2 is refunded").arg(order.refunded.toText(), order.paid.toText()));
    }
    for (const PaymentTransaction& refund : ending.refunds) {
        int made = 0;
        for (const ModelGateway::Refund& object : gateway.refundsOf(refund.id.toText())) {
            made += object.status != u"failed" ? 1 : 0;
            if (object.amount != refund.gatewayPart) {
                add(about + QStringLiteral("made over another amount"));
            }
        }
        if (made > 1) {
            add(about + QStringLiteral("made twice"));
        }
        if (isEnded(refund.status) && (made == 1) != (refund.status == TransactionStatus::Succeeded && refund.gatewayPart.isPositive())) {
            add(about + QStringLiteral("%1 is %2 and was made %3 times").arg(refund.id.toText(), toString(refund.status)).arg(made));
        }
        if (!isEnded(refund.status) && !ending.hasRefundCase()) {
            add(about + QStringLiteral("%1 is %2 and in front of nobody").arg(refund.id.toText(), toString(refund.status)));
        }
    }
    for (const ModelGateway::Intent& intent : ending.intents) {
        if (intent.refundedMinor < 0 || intent.refundedMinor > intent.received.minor()) {
            add(about + QStringLiteral("the gateway gave back more than it had taken"));
        }
    }
}

/// What the gateway holds for us and what our books say it holds.
void SimulationOracle::judgeClearing(ModelGateway& gateway)
{
    std::map<QString, qint64> truth;
    std::set<QString> uncertain;
    for (const ModelGateway::Intent& intent : gateway.all()) {
        truth[intent.amount.currency().code()] += intent.received.minor() - intent.refundedMinor;
    }
    for (const InterventionCase& row : rows<InterventionCase>()) {
        // A refund that nobody knows the end of is with a person; until then the books don't show it.
        if (row.kind.startsWith(u"refund_")) {
            for (const ModelGateway::Intent& intent : gateway.all()) {
                uncertain.insert(intent.amount.currency().code());
            }
        }
    }
    std::map<QString, qint64> books;
    for (const Account& account : rows<Account>()) {
        if (account.kind == AccountKind::Clearing) {
            books[account.currency.code()] -= account.available.minor();
        }
    }
    for (const auto& [currency, minor] : truth) {
        if (books[currency] != minor && !uncertain.contains(currency)) {
            add(QStringLiteral("clearing: the gateway has %1 %2, the books say %3").arg(minor).arg(currency).arg(books[currency]));
        }
    }
}

void SimulationOracle::judgeStock(const SimulatedShop& shop)
{
    std::map<StockId, qint64> sold;
    for (const StockReservation& reservation : rows<StockReservation>()) {
        if (reservation.state == ReservationState::Deducted) {
            sold[reservation.stock] += reservation.quantity;
        }
    }
    const std::vector<Stock> stocks = rows<Stock>();
    for (const SimulatedShop::Opening& opening : shop.openings()) {
        const auto stock = std::ranges::find(stocks, opening.stock, &Stock::id);
        if (stock == stocks.end() || stock->onHand != opening.onHand - sold[opening.stock] || stock->onHand < 0) {
            add(QStringLiteral("stock: of %1 there were %2, %3 were sold and %4 are left")
                    .arg(opening.stock.toText())
                    .arg(opening.onHand)
                    .arg(sold[opening.stock])
                    .arg(stock == stocks.end() ? -1 : stock->onHand));
        }
    }
}

void SimulationOracle::judgeCoupons()
{
    const std::vector<CouponGrant> grants = rows<CouponGrant>();
    for (const Coupon& coupon : rows<Coupon>()) {
        const auto taken = std::ranges::count_if(grants, [&](const CouponGrant& grant) {
            return grant.coupon == coupon.id && (grant.state == GrantState::Locked || grant.state == GrantState::Used);
        });
        if (taken != coupon.used || (coupon.totalLimit > 0 && taken > coupon.totalLimit)) {
            add(QStringLiteral("coupon: %1 is taken %2 times, counted %3, allowed %4").arg(coupon.code).arg(taken).arg(coupon.used).arg(coupon.totalLimit));
        }
    }
}

} // namespace counterfoil
