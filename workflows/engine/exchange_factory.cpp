// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/exchange_factory.h"

#include "workflows/engine/job_factory.h"

#include <algorithm>

namespace counterfoil {

namespace {

qint64 countOf(UnitOfWork& work, TransactionId transaction, GatewayOperation operation)
{
    return std::ranges::count(work.exchanges.of(transaction), operation, &GatewayExchange::operation);
}

GatewayExchange& addExchange(UnitOfWork& work, TransactionId transaction, GatewayOperation operation, const Money& amount)
{
    const PaymentTransaction& payment = work.transactions.at(transaction);
    GatewayExchange exchange;
    exchange.id = work.ids().next<ExchangeId>();
    exchange.order = payment.order;
    exchange.transaction = transaction;
    exchange.operation = operation;
    exchange.idempotencyKey = QStringLiteral("%1-%2-%3").arg(transaction.toText(), toString(operation)).arg(countOf(work, transaction, operation) + 1);
    exchange.currency = amount.currency();
    exchange.amount = amount;
    exchange.gatewayRef = payment.gatewayRef;
    exchange.createdAt = work.now();
    return work.exchanges.add(exchange);
}

QString sendKey(ExchangeId exchange)
{
    return QStringLiteral("exchange:%1").arg(exchange.value());
}

void addSendJob(UnitOfWork& work, const GatewayExchange& exchange, UtcTime dueAt)
{
    addJob(work, {JobKind::GatewaySend, exchange.order, exchange.id.value(), sendKey(exchange.id), dueAt, {}});
}

} // namespace

ExchangeId openExchange(UnitOfWork& work, TransactionId transaction, GatewayOperation operation, const Money& amount)
{
    const GatewayExchange& exchange = addExchange(work, transaction, operation, amount);
    addSendJob(work, exchange, work.now());
    return exchange.id;
}

ExchangeId openQuestion(UnitOfWork& work, TransactionId transaction, GatewayOperation operation)
{
    GatewayExchange& exchange = addExchange(work, transaction, operation, work.transactions.at(transaction).gatewayPart);
    exchange.state = ExchangeState::Sending;
    exchange.attempt = 1;
    exchange.sentAt = work.now();
    return exchange.id;
}

const GatewayExchange* latestExchange(UnitOfWork& work, TransactionId transaction, GatewayOperation operation)
{
    const GatewayExchange* latest = nullptr;
    for (const GatewayExchange& exchange : work.exchanges.of(transaction)) {
        if (exchange.operation == operation && (!latest || exchange.id > latest->id)) {
            latest = &exchange;
        }
    }
    return latest;
}

void requeueExchange(UnitOfWork& work, ExchangeId id, UtcTime dueAt)
{
    GatewayExchange& exchange = work.exchanges.edit(id);
    exchange.state = ExchangeState::Queued;
    addSendJob(work, exchange, dueAt);
}

void withdrawExchange(UnitOfWork& work, ExchangeId id)
{
    GatewayExchange& exchange = work.exchanges.edit(id);
    require(exchange.state == ExchangeState::Queued, "only a request that waits can be withdrawn");
    exchange.state = ExchangeState::Withdrawn;
    for (const JobId job : work.jobs.keysIn(sendKey(id), [](const Job& j) { return j.state == JobState::Ready; })) {
        work.jobs.edit(job).state = JobState::Cancelled;
    }
}

void ensurePoll(UnitOfWork& work, TransactionId transaction, UtcTime dueAt)
{
    addJob(work, {JobKind::GatewayPoll, work.transactions.at(transaction).order, transaction.value(), QStringLiteral("poll:%1").arg(transaction.value()), dueAt, {}});
}

Duration pollDelay(UnitOfWork& work, TransactionId transaction)
{
    const qint64 asked = countOf(work, transaction, GatewayOperation::FetchIntent) + countOf(work, transaction, GatewayOperation::FindIntent);
    return std::min(Duration::minutes(5), Duration::milliseconds(qint64{500} << std::min<qint64>(asked, 12)));
}

} // namespace counterfoil
