// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/order_offers.h"

#include "models/tables/format.h"

#include <algorithm>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("OrderOffers", text);
}

template<class T, class Predicate>
const T* findIf(std::span<const T> rows, Predicate predicate)
{
    const auto found = std::ranges::find_if(rows, predicate);
    return found == rows.end() ? nullptr : &*found;
}

bool isStuck(const Job& job)
{
    return job.state == JobState::Parked || (job.state == JobState::Ready && job.attempt > 0);
}

bool isDeadline(const Job& job)
{
    return job.kind == JobKind::OrderTimer && job.state == JobState::Ready;
}

bool isOver(const PaymentTransaction& payment)
{
    return payment.status == TransactionStatus::Succeeded || payment.status == TransactionStatus::Failed || payment.status == TransactionStatus::Cancelled;
}

/// Fills in what the kind is about, or says why there is nothing that it could be about.
void fill(CommandOffer& offer, const OrderStanding& standing)
{
    const Order& order = standing.order;
    RequestDraft& draft = offer.draft;
    const PaymentTransaction* payment = paymentAmong(standing.transactions);
    switch (draft.kind) {
    case CommandKind::AskGateway:
    case CommandKind::ConfirmWithEvidence:
    case CommandKind::CancelAndRelease:
        if (!payment || isOver(*payment)) {
            offer.whyNot = tr("The payment is decided already.");
            return;
        }
        if (draft.kind != CommandKind::CancelAndRelease) {
            draft.subject = payment->id.value();
            draft.gatewayRef = payment->gatewayRef;
        }
        if (draft.kind != CommandKind::AskGateway) {
            draft.amount = order.payable;
        }
        return;
    case CommandKind::RetryJob:
        if (const Job* stuck = findIf(standing.jobs, isStuck)) {
            draft.subject = stuck->id.value();
        } else {
            offer.whyNot = tr("No job of this order has failed.");
        }
        return;
    case CommandKind::Refund:
        draft.amount = order.paid.minus(order.refunded).value_or(order.paid);
        if (!draft.amount.isPositive()) {
            offer.whyNot = tr("Nothing is paid that could be refunded.");
        }
        return;
    case CommandKind::ExtendDeadline:
        if (const Job* deadline = findIf(standing.jobs, isDeadline)) {
            draft.subject = deadline->id.value();
            draft.until = deadline->dueAt;
        } else {
            offer.whyNot = tr("No deadline is running.");
        }
        return;
    default: assertionFailed("no command about an order");
    }
}

} // namespace

const PaymentTransaction* paymentAmong(std::span<const PaymentTransaction> transactions)
{
    return findIf(transactions, [](const PaymentTransaction& each) { return each.kind == TransactionKind::Payment; });
}

std::vector<CommandKind> orderCommands()
{
    return {CommandKind::AskGateway, CommandKind::ConfirmWithEvidence, CommandKind::RetryJob, CommandKind::CancelAndRelease, CommandKind::Refund, CommandKind::ExtendDeadline};
}

std::vector<CommandOffer> orderOffers(const OrderStanding& standing)
{
    const Order& order = standing.order;
    std::vector<CommandOffer> offers;
    for (const CommandKind kind : orderCommands()) {
        CommandOffer& offer = offers.emplace_back();
        offer.draft.kind = kind;
        offer.draft.order = order.id;
        offer.draft.subject = order.id.value();
        offer.draft.intervention = standing.intervention;
        offer.draft.amount = Money::zero(order.currency);
        offer.draft.subjectWords = tr("Order %1 of %2, %3").arg(order.orderNo, order.buyerName.left(60), formatMoneyWithCode(order.payable));
        fill(offer, standing);
    }
    return offers;
}

} // namespace counterfoil
