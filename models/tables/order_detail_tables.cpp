// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/order_detail_tables.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

/// Several postings of an entry are told apart by their line.
QString lineIdentity(const Posting& posting)
{
    return posting.entry.toText() + u'/' + QString::number(posting.line);
}

QString cardLabel(const PaymentTransaction& transaction)
{
    return transaction.cardLast4.isEmpty() ? transaction.cardBrand : transaction.cardBrand + QStringLiteral(" ···") + transaction.cardLast4;
}

QString holdCause(const HoldRow& row)
{
    switch (row.hold.reason) {
    case HoldReason::Payment: return HoldsTable::tr("Reserved until the payment is decided");
    case HoldReason::Settlement: return HoldsTable::tr("The merchant's share, until it is settled");
    case HoldReason::Refund: return HoldsTable::tr("Reserved for a refund under way");
    case HoldReason::Manual: return row.actor.isEmpty() ? HoldsTable::tr("Frozen by hand") : HoldsTable::tr("%1: %2").arg(row.actor, row.why);
    case HoldReason::Withdrawal: return HoldsTable::tr("Reserved for a withdrawal under way");
    case HoldReason::Dispute: return HoldsTable::tr("Disputed by the buyer");
    }
    assertionFailed("a hold of no reason");
}

} // namespace

QString accountLabel(AccountKind kind, const QString& ownerName)
{
    const QString label = stateLabel(toString(kind));
    return ownerName.isEmpty() ? label : label + QStringLiteral(" · ") + ownerName;
}

TimelineTable::TimelineTable(QObject* parent)
    : ValueTable({tr("Time"), tr("Event"), tr("From"), tr("To"), tr("Outcome"), tr("By"), tr("Cause")}, parent)
{
}

Cell TimelineTable::cellOf(const OrderEvent& event, int column) const
{
    switch (static_cast<TimelineColumn>(column)) {
    case TimelineColumn::At: return Cell::at(event.at);
    case TimelineColumn::Event: return Cell::plain(event.event);
    case TimelineColumn::From: return Cell::named(event.fromState);
    case TimelineColumn::To: return Cell::named(event.toState);
    case TimelineColumn::Outcome: return Cell::named(toString(event.outcome));
    case TimelineColumn::Actor: return Cell::plain(event.actor);
    case TimelineColumn::Cause: return Cell::plain(event.cause);
    case TimelineColumn::Count: break;
    }
    return {};
}

RowIdentity TimelineTable::identityOf(const OrderEvent& event) const
{
    return {event.id.toText(), event.id.value(), event.order.value()};
}

ExchangesTable::ExchangesTable(QObject* parent)
    : ValueTable({tr("Time"), tr("Operation"), tr("State"), tr("Attempts"), tr("HTTP"), tr("Amount"), tr("Reference"), tr("Error"), tr("Id")}, parent)
{
}

Cell ExchangesTable::cellOf(const GatewayExchange& exchange, int column) const
{
    switch (static_cast<ExchangeColumn>(column)) {
    case ExchangeColumn::CreatedAt: return Cell::at(exchange.createdAt);
    case ExchangeColumn::Operation: return Cell::named(toString(exchange.operation));
    case ExchangeColumn::State: return Cell::named(toString(exchange.state));
    case ExchangeColumn::Attempts: return Cell::count(exchange.attempt);
    case ExchangeColumn::HttpStatus: return exchange.httpStatus == 0 ? Cell() : Cell::id(QString::number(exchange.httpStatus));
    case ExchangeColumn::Amount: return Cell::money(exchange.amount);
    case ExchangeColumn::GatewayRef: return Cell::id(exchange.gatewayRef);
    case ExchangeColumn::Error: return Cell::plain(exchange.errorCode);
    case ExchangeColumn::Id: return Cell::id(exchange.id.toText());
    case ExchangeColumn::Count: break;
    }
    return {};
}

RowIdentity ExchangesTable::identityOf(const GatewayExchange& exchange) const
{
    return {exchange.id.toText(), exchange.id.value(), exchange.order.value()};
}

OrderPostingsTable::OrderPostingsTable(QObject* parent)
    : ValueTable({tr("Time"), tr("Entry"), tr("Account"), tr("Bucket"), tr("Amount"), tr("Balance"), tr("Entry id")}, parent)
{
}

Cell OrderPostingsTable::cellOf(const PostingRow& row, int column) const
{
    switch (static_cast<OrderPostingColumn>(column)) {
    case OrderPostingColumn::At: return Cell::at(row.at);
    case OrderPostingColumn::Kind: return Cell::named(toString(row.kind));
    case OrderPostingColumn::Account: return Cell::plain(accountLabel(row.accountKind, row.ownerName));
    case OrderPostingColumn::Bucket: return Cell::named(toString(row.posting.bucket));
    case OrderPostingColumn::Amount: return Cell::money(row.posting.amount);
    case OrderPostingColumn::BalanceAfter: return Cell::money(row.posting.balanceAfter);
    case OrderPostingColumn::Entry: return Cell::id(row.posting.entry.toText());
    case OrderPostingColumn::Count: break;
    }
    return {};
}

RowIdentity OrderPostingsTable::identityOf(const PostingRow& row) const
{
    return {lineIdentity(row.posting), row.posting.account.value(), row.order.value()};
}

JobsTable::JobsTable(QObject* parent) : ValueTable({tr("Due"), tr("Kind"), tr("State"), tr("Attempts"), tr("Last error"), tr("Id")}, parent)
{
}

Cell JobsTable::cellOf(const Job& job, int column) const
{
    switch (static_cast<JobColumn>(column)) {
    case JobColumn::DueAt: return Cell::at(job.dueAt);
    case JobColumn::Kind: return Cell::named(toString(job.kind));
    case JobColumn::State: return Cell::named(toString(job.state));
    case JobColumn::Attempt: return Cell::count(job.attempt);
    case JobColumn::LastError: return Cell::plain(job.lastError);
    case JobColumn::Id: return Cell::id(job.id.toText());
    case JobColumn::Count: break;
    }
    return {};
}

RowIdentity JobsTable::identityOf(const Job& job) const
{
    return {job.id.toText(), job.id.value(), job.order.value()};
}

TransactionsTable::TransactionsTable(QObject* parent)
    : ValueTable({tr("Time"), tr("Kind"), tr("Status"), tr("Amount"), tr("From wallet"), tr("Through gateway"), tr("Card"), tr("Reference"), tr("Declined"), tr("Id")},
                 parent)
{
}

Cell TransactionsTable::cellOf(const TransactionView& view, int column) const
{
    const PaymentTransaction& transaction = view.transaction;
    switch (static_cast<TransactionColumn>(column)) {
    case TransactionColumn::CreatedAt: return Cell::at(transaction.createdAt);
    case TransactionColumn::Kind: return Cell::named(toString(transaction.kind));
    case TransactionColumn::Status: return Cell::named(toString(transaction.status));
    case TransactionColumn::Amount: return Cell::money(transaction.amount);
    case TransactionColumn::WalletPart: return Cell::money(transaction.walletPart);
    case TransactionColumn::GatewayPart: return Cell::money(transaction.gatewayPart);
    case TransactionColumn::Card: return Cell::plain(cardLabel(transaction));
    case TransactionColumn::GatewayRef: return Cell::id(transaction.gatewayRef);
    case TransactionColumn::Decline: return Cell::plain(transaction.declineCode);
    case TransactionColumn::Id: return Cell::id(transaction.id.toText());
    case TransactionColumn::Count: break;
    }
    return {};
}

RowIdentity TransactionsTable::identityOf(const TransactionView& view) const
{
    return {view.transaction.id.toText(), view.transaction.id.value(), view.transaction.order.value()};
}

CasesTable::CasesTable(QObject* parent) : ValueTable({tr("Opened"), tr("Severity"), tr("Kind"), tr("State"), tr("What happened"), tr("Id")}, parent)
{
}

Cell CasesTable::cellOf(const InterventionCase& item, int column) const
{
    switch (static_cast<CaseColumn>(column)) {
    case CaseColumn::OpenedAt: return Cell::at(item.openedAt);
    case CaseColumn::Severity: return Cell::named(toString(item.severity));
    case CaseColumn::Kind: return Cell::named(item.kind);
    case CaseColumn::State: return Cell::named(toString(item.state));
    case CaseColumn::Detail: return Cell::plain(item.detail);
    case CaseColumn::Id: return Cell::id(item.id.toText());
    case CaseColumn::Count: break;
    }
    return {};
}

RowIdentity CasesTable::identityOf(const InterventionCase& item) const
{
    return {item.id.toText(), item.id.value(), item.order.value()};
}

HoldsTable::HoldsTable(const Clock& clock, QObject* parent)
    : ValueTable({tr("Since"), tr("Age"), tr("Held for"), tr("Order"), tr("Cause"), tr("Amount"), tr("Remaining"), tr("Ends"), tr("Id")}, parent), m_clock(clock)
{
}

Cell HoldsTable::cellOf(const HoldRow& row, int column) const
{
    const Hold& hold = row.hold;
    switch (static_cast<HoldColumn>(column)) {
    case HoldColumn::CreatedAt: return Cell::at(hold.createdAt);
    case HoldColumn::Age: {
        const Duration age = m_clock.now() - hold.createdAt;
        return {.text = formatAge(age), .number = age.micros()};
    }
    case HoldColumn::Reason: return Cell::named(toString(hold.reason));
    case HoldColumn::OrderNo: return Cell::id(row.orderNo);
    case HoldColumn::Cause: return Cell::plain(holdCause(row));
    case HoldColumn::Amount: return Cell::money(hold.amount);
    case HoldColumn::Remaining: return Cell::money(hold.remaining);
    case HoldColumn::EndsAt: return Cell::at(hold.reason == HoldReason::Manual ? hold.expiresAt : hold.releaseAt);
    case HoldColumn::Id: return Cell::id(hold.id.toText());
    case HoldColumn::Count: break;
    }
    return {};
}

RowIdentity HoldsTable::identityOf(const HoldRow& row) const
{
    return {row.hold.id.toText(), row.hold.id.value(), row.hold.order.value()};
}

} // namespace counterfoil
