// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/order_commands.h"

#include "workflows/engine/job_factory.h"

namespace counterfoil {

namespace {

/// Enough for the longest refusal: one line per item of the longest order.
constexpr qsizetype reasonLengthMax = 20'000;

} // namespace

QStringList OrderCommands::names()
{
    return {QStringLiteral("checkout.try"), QStringLiteral("payment.charge"), QStringLiteral("payment.cancel"), QStringLiteral("refund.start"), QStringLiteral("fulfilment.start"),
            QStringLiteral("case.open")};
}

Result<FollowUps> OrderCommands::run(UnitOfWork& work, OrderId order, const CommandAction& command, const OrderEventInput& cause) const
{
    if (command.name == u"checkout.try") {
        return tryCheckout(work, order);
    }
    if (command.name == u"payment.charge") {
        return m_payments.charge(work, order);
    }
    if (command.name == u"payment.cancel") {
        return m_payments.cancel(work, order);
    }
    if (command.name == u"refund.start") {
        return m_refunds.startFull(work, order, cause);
    }
    if (command.name == u"fulfilment.start") {
        return startFulfilment(work, order);
    }
    if (command.name == u"case.open") {
        openCase(work, {QStringLiteral("order_review"), CaseSeverity::Warning, order, QStringLiteral("order_review:%1").arg(order.value()),
                        cause.cause.isEmpty() ? cause.event : cause.cause});
        return FollowUps{};
    }
    return fail(ErrorCode::NotFound, QStringLiteral("there is no command %1").arg(command.name));
}

Result<FollowUps> OrderCommands::tryCheckout(UnitOfWork& work, OrderId order) const
{
    const TccTransaction* tcc = work.tccs.findIf([order](const TccTransaction& t) { return t.order == order; });
    if (!tcc) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 has no transaction to try").arg(order.toText()));
    }
    const TccId gid = tcc->gid;
    const Result<void> tried = m_coordinator.tryAll(work, gid);
    if (tried) {
        return FollowUps{{QStringLiteral("checkout.reserved"), QStringLiteral("checkout:%1").arg(gid.value()), QStringLiteral("worker"), {}}};
    }
    if (classify(tried.error().code) != ErrorClass::Permanent) {
        return std::unexpected<Error>(tried.error());
    }
    CF_TRY(m_coordinator.decide(work, gid, TccDecision::Cancelling, QStringLiteral("worker"), tried.error().text().left(reasonLengthMax)));
    CF_TRY(m_coordinator.drive(work, gid));
    return FollowUps{{QStringLiteral("checkout.refused"), QStringLiteral("checkout:%1").arg(gid.value()), QStringLiteral("worker"), tried.error().text()}};
}

Result<FollowUps> OrderCommands::startFulfilment(UnitOfWork& work, OrderId order) const
{
    CF_TRY(work.needFull(order));
    FollowUps events{{QStringLiteral("fulfilment.started"), QStringLiteral("fulfilment.started"), QStringLiteral("worker"), {}}};
    bool anySub = false;
    bool allShipped = true;
    for (const SubOrder& sub : work.subOrders.of(order)) {
        anySub = true;
        allShipped = allShipped && !sub.shippedAt.isNone();
    }
    // An imported past order brings its shipment along.
    if (anySub && allShipped) {
        events.push_back({QStringLiteral("shipment.dispatched"), QStringLiteral("shipment.imported"), QStringLiteral("worker"), QStringLiteral("the shipment came with the import")});
    }
    return events;
}

} // namespace counterfoil
