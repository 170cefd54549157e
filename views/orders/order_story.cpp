// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/order_story.h"

#include "models/tables/format.h"

#include <QCoreApplication>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("OrderStory", text);
}

constexpr std::array finalStates{"completed", "cancelled", "expired", "payment_failed", "refunded"};
constexpr std::array ordinaryWay{"created", "awaiting_payment", "paid", "fulfilling", "shipped", "completed"};

Look eventLook(const OrderEvent& event)
{
    if (event.outcome == EventOutcome::NotAccepted) {
        return {{}, Icon::Cancel, Tone::Warning};
    }
    if (event.outcome == EventOutcome::Noted) {
        return {{}, Icon::Undo, event.event == u"refund.cancelled" ? Tone::Warning : Tone::Info};
    }
    return lookOf(event.toState);
}

} // namespace

std::vector<StateStop> stopsOf(const OrderDetail& detail, UtcTime now)
{
    std::vector<StateStop> stops;
    const auto enter = [&stops](const QString& state, UtcTime at) {
        if (!stops.empty()) {
            stops.back().stayed = formatAge(at - stops.back().entered);
        }
        stops.push_back({state, at, {}, false});
    };
    for (const OrderEvent& event : detail.events) {
        if (event.outcome != EventOutcome::Applied || event.toState.isEmpty()) {
            continue;
        }
        if (stops.empty() && !event.fromState.isEmpty() && event.fromState != event.toState) {
            enter(event.fromState, detail.order.createdAt);
        }
        if (stops.empty() || stops.back().state != event.toState) {
            enter(event.toState, event.at);
        }
    }
    const Order& order = detail.order;
    if (stops.empty() || stops.back().state != order.state) {
        enter(order.state, order.stateSince);
    }
    stops.back().present = true;
    stops.back().stayed = tr("for %1").arg(formatAge(now - stops.back().entered));
    const auto* here = std::ranges::find_if(ordinaryWay, [&order](const char* state) { return order.state == QLatin1String(state); });
    const bool final = std::ranges::any_of(finalStates, [&order](const char* state) { return order.state == QLatin1String(state); });
    if (final) {
        stops.back().stayed.clear();
    }
    for (; here != ordinaryWay.end() && !final; ++here) {
        if (order.state != QLatin1String(*here)) {
            stops.push_back({QString::fromLatin1(*here), UtcTime(), {}, false});
        }
    }
    return stops;
}

std::vector<TimelineEntry> timelineOf(const OrderDetail& detail)
{
    std::vector<TimelineEntry> entries;
    for (const OrderEvent& event : detail.events) {
        const Look look = eventLook(event);
        QStringList parts;
        if (event.outcome == EventOutcome::NotAccepted) {
            parts << tr("changed nothing");
        } else if (event.outcome == EventOutcome::Applied && !event.toState.isEmpty()) {
            parts << QStringLiteral("→ %1").arg(lookOf(event.toState).word);
        }
        parts << actorWords(event.actor);
        if (!event.cause.isEmpty()) {
            parts << causeWords(event.cause);
        }
        entries.push_back({event.id.toText(), event.at, eventWords(event.event), parts.join(QStringLiteral(" · ")), look.icon, look.tone});
    }
    for (const InterventionCase& item : detail.cases) {
        const Look look = lookOf(item.severity);
        entries.push_back({item.id.toText(), item.openedAt, tr("Case: %1").arg(stateLabel(item.kind)), item.detail, look.icon, look.tone});
        if (item.state == CaseState::Resolved) {
            entries.push_back({item.id.toText() + QLatin1Char('r'), item.resolvedAt, tr("Case resolved: %1").arg(stateLabel(item.kind)), {}, Icon::Check, Tone::Success});
        }
    }
    std::ranges::stable_sort(entries, [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
    std::ranges::reverse(entries);
    return entries;
}

QString moneyRemark(const Order& order)
{
    QStringList sums{tr("Goods %1").arg(formatMoney(order.goods))};
    if (!order.discount.isZero()) {
        sums << tr("− discount %1").arg(formatMoney(order.discount));
    }
    if (!order.shipping.isZero()) {
        sums << tr("+ shipping %1").arg(formatMoney(order.shipping));
    }
    QStringList from;
    if (!order.walletPart.isZero()) {
        from << tr("wallet %1").arg(formatMoney(order.walletPart));
    }
    if (!order.gatewayPart.isZero()) {
        from << tr("card %1").arg(formatMoney(order.gatewayPart));
    }
    return from.isEmpty() ? sums.join(QLatin1Char(' '))
                          : QStringLiteral("%1  ·  %2").arg(sums.join(QLatin1Char(' ')), tr("from %1").arg(from.join(QStringLiteral(", "))));
}

} // namespace counterfoil
