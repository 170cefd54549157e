// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/order_engine.h"

#include "models/base/planted_bug.h"
#include "workflows/engine/job_factory.h"

#include <deque>

namespace counterfoil {

namespace {

constexpr int followUpsMax = 32;

Facts factsOf(const Order& order)
{
    Facts facts;
    facts.set(QStringLiteral("cancel_reason"), toString(order.cancelReason));
    facts.set(QStringLiteral("payable"), order.payable.minor());
    facts.set(QStringLiteral("paid"), order.paid.minor());
    facts.set(QStringLiteral("refunded"), order.refunded.minor());
    facts.set(QStringLiteral("funding"), toString(order.funding));
    return facts;
}

/// Why an order is being cancelled follows from the first event that asks for it.
CancelReason cancelReasonOf(const OrderEventInput& event)
{
    if (event.event == u"timeout.payment") {
        return CancelReason::Expired;
    }
    if (event.event == u"payment.declined") {
        return CancelReason::Declined;
    }
    if (event.event == u"cancel.requested") {
        return event.actor.startsWith(u"operator:") ? CancelReason::Operator : CancelReason::Buyer;
    }
    return CancelReason::NotCancelled;
}

QString timerKey(const Order& order, const QString& sendId)
{
    return QStringLiteral("timer:%1:%2").arg(order.id.value()).arg(sendId);
}

UtcTime shippedAt(UnitOfWork& work, OrderId order)
{
    UtcTime latest;
    for (const SubOrder& sub : work.subOrders.of(order)) {
        latest = std::max(latest, sub.shippedAt);
    }
    return latest;
}

} // namespace

bool OrderEngine::isTimerCurrent(const Order& order, const QString& payload)
{
    return payload.section(u' ', 0, 0).toLongLong() == order.stateVersion;
}

QString OrderEngine::timerEvent(const QString& payload)
{
    return payload.section(u' ', 1);
}

Result<void> OrderEngine::armTimers(UnitOfWork& work, const Order& order, const StepResult& step) const
{
    for (const QString& sendId : step.timersToCancel) {
        for (const JobId id : work.jobs.keysIn(timerKey(order, sendId), [](const Job& job) { return job.state == JobState::Ready; })) {
            work.jobs.edit(id).state = JobState::Cancelled;
        }
    }
    for (const SendAction& send : step.timersToArm) {
        UtcTime from = work.now();
        if (send.from == u"shipped_at") {
            CF_TRY(work.needFull(order.id));
            const UtcTime shipped = shippedAt(work, order.id);
            from = shipped.isNone() ? from : shipped;
        }
        // A timer that is running just now keeps its key until its job ends: the new one needs a key of its own.
        QString key = timerKey(order, send.id);
        if (work.hasOpenJob(key)) {
            key += QStringLiteral(":%1").arg(order.stateVersion);
        }
        addJob(work, {JobKind::OrderTimer, order.id, order.id.value(), key, from + Duration::milliseconds(send.delayMs),
                      QStringLiteral("%1 %2").arg(order.stateVersion).arg(send.event)});
    }
    return {};
}

Result<void> OrderEngine::enter(UnitOfWork& work, OrderId id, const StepResult& step, const OrderEventInput& event, FollowUps& following) const
{
    Order& order = work.orders.edit(id);
    const QString from = order.state;
    ++order.rowVersion;
    order.state = step.nextState;
    order.stateSince = work.now();
    order.stateVersion = order.rowVersion;
    order.updatedAt = work.now();
    work.events.add({work.ids().next<OrderEventId>(), id, event.key, event.event, from, step.nextState, EventOutcome::Applied, event.actor, event.cause.left(500), work.now()});
    work.audit(event.actor, QStringLiteral("order.transition"), id.toText(), from, step.nextState, event.cause.isEmpty() ? event.event : event.cause.left(500));
    CF_TRY(armTimers(work, order, step));
    for (const CommandAction& command : step.commands) {
        CF_ASSIGN(const FollowUps next, m_commands.run(work, id, command, event));
        following.insert(following.end(), next.begin(), next.end());
    }
    return {};
}

Result<void> OrderEngine::start(UnitOfWork& work, OrderId id, const QString& actor) const
{
    Order& order = work.orders.edit(id);
    order.revision = m_catalog.newestRevision(order.workflow);
    CF_ASSIGN(const WorkflowTable* const table, m_catalog.find(order.workflow, order.revision));
    CF_ASSIGN(const StepResult first, counterfoil::start(*table, factsOf(order)));
    FollowUps following;
    CF_TRY(enter(work, id, first, {QStringLiteral("order.created"), QStringLiteral("start"), actor, {}}, following));
    return applyAll(work, id, following);
}

Result<EventOutcome> OrderEngine::apply(UnitOfWork& work, OrderId order, const OrderEventInput& event) const
{
    FollowUps following;
    CF_ASSIGN(const EventOutcome outcome, applyOne(work, order, event, following));
    CF_TRY(applyAll(work, order, following));
    return outcome;
}

Result<void> OrderEngine::applyAll(UnitOfWork& work, OrderId order, const FollowUps& events) const
{
    std::deque<OrderEventInput> queue(events.begin(), events.end());
    for (int count = 0; !queue.empty(); ++count) {
        if (count == followUpsMax) {
            return fail(ErrorCode::Integrity, QStringLiteral("the workflow of %1 goes round in circles").arg(order.toText()));
        }
        const OrderEventInput event = queue.front();
        queue.pop_front();
        FollowUps following;
        CF_TRY(applyOne(work, order, event, following));
        queue.insert(queue.end(), following.begin(), following.end());
    }
    return {};
}

Result<EventOutcome> OrderEngine::applyOne(UnitOfWork& work, OrderId id, const OrderEventInput& event, FollowUps& following) const
{
    CF_TRY(work.loadEvents());
    const auto known = work.events.findIn(id, [&](const OrderEvent& e) { return e.key == event.key; });
    if (known && !isPlanted(PlantedBug::NoDedupe)) {
        return known->outcome;
    }
    const Order& order = work.orders.at(id);
    CF_ASSIGN(const WorkflowTable* const table, m_catalog.find(order.workflow, order.revision));
    // The first event that asks for a cancellation names its reason; guards see it at once.
    Order asked = order;
    asked.cancelReason = order.cancelReason == CancelReason::NotCancelled ? cancelReasonOf(event) : order.cancelReason;
    CF_ASSIGN(const StepResult next, step(*table, order.state, event.event, factsOf(asked)));
    if (!next.accepted) {
        // Refunds have a life of their own: most of what they tell is news, whatever the order's state.
        const EventOutcome outcome = event.event.startsWith(u"refund.") ? EventOutcome::Noted : EventOutcome::NotAccepted;
        work.events.add({work.ids().next<OrderEventId>(), id, event.key, event.event, order.state, order.state, outcome, event.actor, event.cause.left(500), work.now()});
        if (event.event == u"payment.confirmed") {
            openCase(work, {QStringLiteral("late_success"), CaseSeverity::Critical, id, QStringLiteral("late_success:%1").arg(id.value()),
                            QStringLiteral("A payment was confirmed for an order that is %1.").arg(order.state)});
        }
        return outcome;
    }
    work.orders.edit(id).cancelReason = asked.cancelReason;
    CF_TRY(enter(work, id, next, event, following));
    return EventOutcome::Applied;
}

} // namespace counterfoil
