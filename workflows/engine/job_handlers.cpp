// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/job_handlers.h"

#include "models/base/planted_bug.h"
#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"
#include "workflows/tcc/manual_hold.h"
#include "workflows/tcc/settlement_hold.h"

namespace counterfoil {

namespace {

/// What a stored callback is about; nothing for one that can't be read.
std::optional<CallbackEvent> eventOf(const UnitOfWork& work, CallbackId callback)
{
    const CallbackBody* body = work.callbackBodies.find(callback);
    if (!body) {
        return std::nullopt;
    }
    auto event = parseCallback(body->body.toUtf8());
    return event ? std::optional(std::move(*event)) : std::nullopt;
}

std::optional<TransactionId> referenceOf(const CallbackEvent& event)
{
    const QString reference = event.intent ? event.intent->transactionRef : event.refund ? event.refund->transactionRef : QString();
    const auto id = TransactionId::parse(reference);
    return id ? std::optional(*id) : std::nullopt;
}

/// The payment or refund that a callback speaks of: by the gateway's id, else by our reference in the object's metadata.
const PaymentTransaction* transactionFor(UnitOfWork& work, const CallbackEvent& event)
{
    if (const PaymentTransaction* known = work.transactions.findIf([&](const PaymentTransaction& t) { return !t.gatewayRef.isEmpty() && t.gatewayRef == event.objectId; })) {
        return known;
    }
    const auto id = referenceOf(event);
    return id ? work.transactions.find(*id) : nullptr;
}

/// A callback that can't be taken at its word still names the object: it is fetched, unless an answer that brings it is under way.
void askInstead(UnitOfWork& work, TransactionId transaction, const CallbackEvent& event)
{
    const PaymentTransaction& payment = work.transactions.at(transaction);
    if (payment.gatewayRef.isEmpty() && referenceOf(event) == transaction) {
        PaymentTransaction& row = work.transactions.edit(transaction);
        row.gatewayRef = event.objectId;
        ++row.rowVersion;
    }
    // A first attempt that waits or runs; one that had to be repeated may take long.
    const bool underWay = work.exchanges.findIn(transaction, [](const GatewayExchange& e) {
        return e.state == ExchangeState::Sending || (e.state == ExchangeState::Queued && e.attempt == 0);
    });
    if (!underWay) {
        ensurePoll(work, transaction, work.now());
    }
}

QString unknownPaymentKey(const QString& objectRef)
{
    return QStringLiteral("unknown_payment:%1").arg(objectRef);
}

void closeCallback(UnitOfWork& work, CallbackId id, CallbackState state, const QString& note)
{
    GatewayCallback& callback = work.callbacks.edit(id);
    callback.state = state;
    callback.note = note;
    callback.appliedAt = work.now();
}

} // namespace

OrderDepth JobHandlers::usualDepth(const Job& job)
{
    // A callback mostly says what is known already; whether it does is seen when it is loaded.
    return isRemote(job.kind) || job.kind == JobKind::CallbackApply ? OrderDepth::Header : OrderDepth::Full;
}

OrderDepth JobHandlers::usualDepth(const GatewayRequest& request, const GatewayAnswer& answer)
{
    const bool opens = request.operation == GatewayOperation::CreateIntent && answer.outcome == GatewayOutcome::Succeeded && answer.intent
        && answer.intent->status == IntentStatus::RequiresConfirmation;
    return opens ? OrderDepth::Header : OrderDepth::Full;
}

Result<void> JobHandlers::load(UnitOfWork& work, std::span<const Job> jobs, std::span<const OrderDepth> depths) const
{
    std::map<OrderId, OrderDepth> orders;
    const auto need = [&orders](OrderId order, OrderDepth depth) {
        OrderDepth& known = orders.emplace(order, depth).first->second;
        known = depth == OrderDepth::Full ? depth : known;
    };
    std::map<CallbackId, OrderDepth> callbacks;
    std::set<HoldId> holds;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (jobs[i].kind == JobKind::CallbackApply) {
            callbacks.emplace(CallbackId(jobs[i].subject), depths[i]);
        } else if (jobs[i].kind == JobKind::SettlementRelease || jobs[i].kind == JobKind::HoldExpiry) {
            holds.insert(HoldId(jobs[i].subject));
        } else {
            need(jobs[i].order, depths[i]);
        }
    }
    CF_TRY(loadCallbackOrders(work, callbacks, need));
    CF_TRY(work.loadOrders(orders));
    return work.loadHolds(holds);
}

Result<void> JobHandlers::loadCallbackOrders(UnitOfWork& work, const std::map<CallbackId, OrderDepth>& callbacks, const std::function<void(OrderId, OrderDepth)>& need) const
{
    std::set<CallbackId> ids;
    for (const auto& [id, depth] : callbacks) {
        ids.insert(id);
    }
    CF_TRY(work.loadCallbacks(ids));
    std::set<QString> refs;
    for (const GatewayCallback& callback : work.callbacks.all()) {
        refs.insert(callback.objectRef);
    }
    CF_ASSIGN(const auto byRef, work.paymentsOfGatewayRefs(refs));
    std::set<TransactionId> transactions;
    std::set<QString> causes;
    for (const GatewayCallback& callback : work.callbacks.all()) {
        if (const auto known = byRef.find(callback.objectRef); known != byRef.end()) {
            need(known->second.order, known->second.hasSucceeded ? callbacks.at(callback.id) : OrderDepth::Full);
            continue;
        }
        causes.insert(unknownPaymentKey(callback.objectRef));
        const auto event = eventOf(work, callback.id);
        if (const auto transaction = event ? referenceOf(*event) : std::nullopt) {
            transactions.insert(*transaction);
        }
    }
    CF_ASSIGN(const auto byId, work.ordersOfTransactions(transactions));
    for (const OrderId order : byId) {
        need(order, OrderDepth::Full);
    }
    return work.loadCases(causes);
}

Result<std::optional<GatewayRequest>> JobHandlers::run(UnitOfWork& work, const Job& job) const
{
    const auto done = [](const Result<void>& outcome) -> Result<std::optional<GatewayRequest>> {
        return outcome ? Result<std::optional<GatewayRequest>>(std::nullopt) : std::unexpected<Error>(outcome.error());
    };
    switch (job.kind) {
    case JobKind::OrderEvent:
        return done(runEvent(work, job));
    case JobKind::OrderTimer:
        return done(runTimer(work, job));
    case JobKind::TccDrive: {
        const TccId gid(job.subject);
        CF_ASSIGN(const FollowUps events, isRefund(work, work.tccs.at(gid).transaction) ? m_refunds.confirmLocal(work, gid) : m_payments.confirmLocal(work, gid));
        return done(m_engine.applyAll(work, job.order, events));
    }
    case JobKind::GatewaySend:
        return m_dialogue.prepareSend(work, ExchangeId(job.subject));
    case JobKind::GatewayPoll:
        return m_dialogue.preparePoll(work, TransactionId(job.subject));
    case JobKind::CallbackApply:
        return done(applyCallback(work, CallbackId(job.subject)));
    case JobKind::SettlementRelease:
        return done(releaseSettlement(work, HoldId(job.subject)));
    case JobKind::HoldExpiry:
        return done(expireHold(work, HoldId(job.subject)));
    }
    assertionFailed("a job of no kind");
}

Result<AnswerEffect> JobHandlers::answer(UnitOfWork& work, const Job& job, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    CF_ASSIGN(AnswerEffect effect, m_dialogue.apply(work, request, answer));
    CF_TRY(m_engine.applyAll(work, job.order, effect.events));
    return effect;
}

Result<void> JobHandlers::runTimer(UnitOfWork& work, const Job& job) const
{
    const Order* order = work.orders.find(job.order);
    if (!order || !OrderEngine::isTimerCurrent(*order, job.payload)) {
        return {};
    }
    const QString event = OrderEngine::timerEvent(job.payload);
    CF_TRY(m_engine.apply(work, job.order, {event, QStringLiteral("timer:%1:%2").arg(order->stateVersion).arg(event), QStringLiteral("worker"), QStringLiteral("the time for it ran out")}));
    return {};
}

Result<void> JobHandlers::runEvent(UnitOfWork& work, const Job& job) const
{
    const QString event = job.payload.section(u'\n', 0, 0);
    CF_TRY(m_engine.apply(work, job.order, {event, QStringLiteral("job:%1").arg(job.id.value()), QStringLiteral("worker"), job.payload.section(u'\n', 1)}));
    return {};
}

Result<void> JobHandlers::applyCallback(UnitOfWork& work, CallbackId id) const
{
    if (!work.callbacks.find(id) || work.callbacks.at(id).state != CallbackState::Stored) {
        return {};
    }
    const auto event = eventOf(work, id);
    if (!event) {
        closeCallback(work, id, CallbackState::Case, QStringLiteral("its content can't be read"));
        openCase(work, {QStringLiteral("callback_unreadable"), CaseSeverity::Warning, {}, QStringLiteral("callback_unreadable:%1").arg(id.value()),
                        QStringLiteral("A signed callback can't be read: %1").arg(id.toText())});
        return {};
    }
    if (event->objectKind == u"refund") {
        return applyRefundCallback(work, id, *event);
    }
    if (event->objectKind != u"payment_intent") {
        closeCallback(work, id, CallbackState::Ignored, QStringLiteral("not about a payment object"));
        return {};
    }
    const PaymentTransaction* payment = transactionFor(work, *event);
    if (!payment) {
        const bool money = event->intent && event->intent->status == IntentStatus::Succeeded;
        closeCallback(work, id, money ? CallbackState::Case : CallbackState::Ignored, QStringLiteral("no payment of ours"));
        if (money) {
            openCase(work, {QStringLiteral("unknown_payment"), CaseSeverity::Critical, {}, unknownPaymentKey(event->objectId),
                            QStringLiteral("The gateway reports %1 over %2, which is no payment of ours.").arg(event->objectId, event->intent->amount.toText())});
        }
        return {};
    }
    const TransactionId transaction = payment->id;
    const OrderId order = payment->order;
    work.callbacks.edit(id).order = order;
    const TccTransaction& tcc = tccOf(work, transaction);
    const bool another = !payment->gatewayRef.isEmpty() && payment->gatewayRef != event->objectId;
    if (!another && tcc.isFinal() && payment->status == TransactionStatus::Succeeded && !isPlanted(PlantedBug::StaleReopen)) {
        closeCallback(work, id, CallbackState::Applied, QStringLiteral("known already"));
        return {};
    }
    // Its own content counts only if the object is final and the amount is the one asked for; else the object is fetched.
    const bool trusted = event->intent && event->intent->isFinal() && (event->intent->amount == payment->gatewayPart || isPlanted(PlantedBug::AmountUnchecked))
        && (isPlanted(PlantedBug::AmountUnchecked) || event->intent->status != IntentStatus::Succeeded || event->intent->amountReceived == payment->gatewayPart);
    // Nobody would ask about a second object, or about a payment that is decided: money there is a case, at once.
    const bool unasked = event->intent && (another || tcc.decision != TccDecision::Trying);
    if (!trusted && !unasked) {
        askInstead(work, transaction, *event);
        closeCallback(work, id, CallbackState::Applied, QStringLiteral("its object is fetched"));
        return {};
    }
    CF_ASSIGN(const FollowUps events, m_payments.observe(work, transaction, *event->intent));
    CF_TRY(m_engine.applyAll(work, order, events));
    closeCallback(work, id, CallbackState::Applied, {});
    return {};
}

Result<void> JobHandlers::applyRefundCallback(UnitOfWork& work, CallbackId id, const CallbackEvent& event) const
{
    const PaymentTransaction* refund = transactionFor(work, event);
    if (!refund || refund->kind != TransactionKind::Refund) {
        // Money that came too late is refunded under its payment's reference, and its answer says all that is needed.
        closeCallback(work, id, CallbackState::Ignored, refund ? QStringLiteral("a refund of late money") : QStringLiteral("no refund of ours"));
        return {};
    }
    const TransactionId transaction = refund->id;
    const OrderId order = refund->order;
    work.callbacks.edit(id).order = order;
    const bool isFinal = event.refund && (event.refund->status == u"succeeded" || event.refund->status == u"failed" || event.refund->status == u"canceled");
    const bool another = !refund->gatewayRef.isEmpty() && refund->gatewayRef != event.objectId;
    if (!another && !(isFinal && event.refund->amount == refund->gatewayPart)) {
        askInstead(work, transaction, event);
        closeCallback(work, id, CallbackState::Applied, QStringLiteral("its object is fetched"));
        return {};
    }
    if (event.refund) {
        CF_ASSIGN(const FollowUps events, m_refunds.observe(work, transaction, *event.refund));
        CF_TRY(m_engine.applyAll(work, order, events));
    }
    closeCallback(work, id, CallbackState::Applied, {});
    return {};
}

Result<void> JobHandlers::releaseSettlement(UnitOfWork& work, HoldId id) const
{
    const Hold* hold = work.holds.find(id);
    if (!hold || hold->state != HoldState::Open) {
        return {};
    }
    return releaseSettlementHold(work, id, QStringLiteral("worker"));
}

Result<void> JobHandlers::expireHold(UnitOfWork& work, HoldId id) const
{
    const Hold* hold = work.holds.find(id);
    if (!hold || hold->state != HoldState::Open) {
        return {};
    }
    const Money amount = hold->remaining;
    CF_TRY(releaseManualHold(work, id, QStringLiteral("hold_expiry:%1").arg(id.value())));
    work.audit(QStringLiteral("worker"), QStringLiteral("hold.expired"), id.toText(), {}, amount.toText(), {});
    return {};
}

} // namespace counterfoil
