// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/gateway_tables.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

RowKey keyOf(qint64 id)
{
    return {id, 0};
}

/// A reason is an error's code and its details: the code is put into words.
QString reasonText(const QString& reason)
{
    const qsizetype colon = reason.indexOf(u':');
    return colon < 0 ? stateLabel(reason) : stateLabel(reason.left(colon)) + QStringLiteral(" · ") + reason.mid(colon + 1).trimmed();
}

PageSource sourceOf(const ExchangeFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, exchangePage(connection, filter, request));
        return pagedRows(std::move(rows), [](const ExchangeRow& row) { return keyOf(row.exchange.id.value()); });
    };
    source.count = [filter](Connection& connection) { return exchangeCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return exchangeCountBefore(connection, filter, key); };
    source.anchors = [filter](Connection& connection, std::optional<RowKey> after, int stride, int strides) {
        return exchangeAnchors(connection, filter, after, stride, strides);
    };
    source.before = [](RowKey a, RowKey b) { return a > b; };
    // Requests are never deleted and new ones have the highest ids; only a state can take one out of a list.
    source.rowsStay = filter.states.isEmpty();
    return source;
}

PageSource sourceOf(const CallbackFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, callbackPage(connection, filter, request));
        return pagedRows(std::move(rows), [](const CallbackRow& row) { return keyOf(row.callback.id.value()); });
    };
    source.count = [filter](Connection& connection) { return callbackCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return callbackCountBefore(connection, filter, key); };
    source.anchors = [filter](Connection& connection, std::optional<RowKey> after, int stride, int strides) {
        return callbackAnchors(connection, filter, after, stride, strides);
    };
    source.before = [](RowKey a, RowKey b) { return a > b; };
    source.rowsStay = filter.states.isEmpty();
    return source;
}

PageSource refusalSource()
{
    PageSource source;
    source.page = [](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, refusalPage(connection, request));
        return pagedRows(std::move(rows), [](const CallbackRefusal& row) { return keyOf(row.id); });
    };
    source.count = [](Connection& connection) { return refusalCount(connection); };
    source.countBefore = [](Connection& connection, RowKey key) { return refusalCountBefore(connection, key); };
    source.before = [](RowKey a, RowKey b) { return a > b; };
    source.rowsStay = true;
    return source;
}

} // namespace

GatewayExchangesTable::GatewayExchangesTable(ReadExecutor& executor, QObject* parent)
    : PagedTableModel(executor, static_cast<int>(GatewayExchangeColumn::Count), parent)
{
}

void GatewayExchangesTable::setFilter(const ExchangeFilter& filter)
{
    setSource(sourceOf(filter));
}

QVariant GatewayExchangesTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<GatewayExchangeColumn>(section)) {
    case GatewayExchangeColumn::CreatedAt: return tr("Time");
    case GatewayExchangeColumn::Operation: return tr("Operation");
    case GatewayExchangeColumn::State: return tr("State");
    case GatewayExchangeColumn::OrderNo: return tr("Order");
    case GatewayExchangeColumn::Amount: return tr("Amount");
    case GatewayExchangeColumn::HttpStatus: return tr("HTTP");
    case GatewayExchangeColumn::Attempts: return tr("Attempts");
    case GatewayExchangeColumn::Error: return tr("Error");
    case GatewayExchangeColumn::GatewayRef: return tr("Reference");
    case GatewayExchangeColumn::AnsweredAt: return tr("Answered");
    case GatewayExchangeColumn::Id: return tr("Id");
    case GatewayExchangeColumn::Count: break;
    }
    return {};
}

bool GatewayExchangesTable::isMoney(int column) const
{
    return column == static_cast<int>(GatewayExchangeColumn::Amount);
}

Cell GatewayExchangesTable::cellOf(const PagedRow& row, int column) const
{
    const ExchangeRow& value = valueOf<ExchangeRow>(row);
    const GatewayExchange& exchange = value.exchange;
    switch (static_cast<GatewayExchangeColumn>(column)) {
    case GatewayExchangeColumn::CreatedAt: return Cell::at(exchange.createdAt);
    case GatewayExchangeColumn::Operation: return Cell::named(toString(exchange.operation));
    case GatewayExchangeColumn::State: return Cell::named(toString(exchange.state));
    case GatewayExchangeColumn::OrderNo: return Cell::id(value.orderNo);
    case GatewayExchangeColumn::Amount: return Cell::money(exchange.amount);
    case GatewayExchangeColumn::HttpStatus: return exchange.httpStatus == 0 ? Cell() : Cell::id(QString::number(exchange.httpStatus));
    case GatewayExchangeColumn::Attempts: return Cell::count(exchange.attempt);
    case GatewayExchangeColumn::Error: return Cell::plain(exchange.errorCode);
    case GatewayExchangeColumn::GatewayRef: return Cell::id(exchange.gatewayRef);
    case GatewayExchangeColumn::AnsweredAt: return Cell::at(exchange.answeredAt);
    case GatewayExchangeColumn::Id: return Cell::id(exchange.id.toText());
    case GatewayExchangeColumn::Count: break;
    }
    return {};
}

RowIdentity GatewayExchangesTable::identityOf(const PagedRow& row) const
{
    const ExchangeRow& value = valueOf<ExchangeRow>(row);
    return {value.exchange.id.toText(), value.exchange.id.value(), value.order.value()};
}

GatewayCallbacksTable::GatewayCallbacksTable(ReadExecutor& executor, QObject* parent)
    : PagedTableModel(executor, static_cast<int>(GatewayCallbackColumn::Count), parent)
{
}

void GatewayCallbacksTable::setFilter(const CallbackFilter& filter)
{
    setSource(sourceOf(filter));
}

QVariant GatewayCallbacksTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<GatewayCallbackColumn>(section)) {
    case GatewayCallbackColumn::ReceivedAt: return tr("Received");
    case GatewayCallbackColumn::Type: return tr("Type");
    case GatewayCallbackColumn::State: return tr("State");
    case GatewayCallbackColumn::OrderNo: return tr("Order");
    case GatewayCallbackColumn::ObjectRef: return tr("About");
    case GatewayCallbackColumn::Note: return tr("Remark");
    case GatewayCallbackColumn::AppliedAt: return tr("Applied");
    case GatewayCallbackColumn::EventId: return tr("Event");
    case GatewayCallbackColumn::Id: return tr("Id");
    case GatewayCallbackColumn::Count: break;
    }
    return {};
}

Cell GatewayCallbacksTable::cellOf(const PagedRow& row, int column) const
{
    const CallbackRow& value = valueOf<CallbackRow>(row);
    const GatewayCallback& callback = value.callback;
    switch (static_cast<GatewayCallbackColumn>(column)) {
    case GatewayCallbackColumn::ReceivedAt: return Cell::at(callback.receivedAt);
    case GatewayCallbackColumn::Type: return Cell::plain(callback.type);
    case GatewayCallbackColumn::State: return Cell::named(toString(callback.state));
    case GatewayCallbackColumn::OrderNo: return Cell::id(value.orderNo);
    case GatewayCallbackColumn::ObjectRef: return Cell::id(callback.objectRef);
    case GatewayCallbackColumn::Note: return Cell::plain(callback.note);
    case GatewayCallbackColumn::AppliedAt: return Cell::at(callback.appliedAt);
    case GatewayCallbackColumn::EventId: return Cell::id(callback.eventId);
    case GatewayCallbackColumn::Id: return Cell::id(callback.id.toText());
    case GatewayCallbackColumn::Count: break;
    }
    return {};
}

RowIdentity GatewayCallbacksTable::identityOf(const PagedRow& row) const
{
    const CallbackRow& value = valueOf<CallbackRow>(row);
    return {value.callback.id.toText(), value.callback.id.value(), value.order.value()};
}

CallbackRefusalsTable::CallbackRefusalsTable(ReadExecutor& executor, QObject* parent)
    : PagedTableModel(executor, static_cast<int>(RefusalColumn::Count), parent)
{
}

void CallbackRefusalsTable::start()
{
    setSource(refusalSource());
}

QVariant CallbackRefusalsTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<RefusalColumn>(section)) {
    case RefusalColumn::At: return tr("Time");
    case RefusalColumn::Reason: return tr("Why it was refused");
    case RefusalColumn::Size: return tr("Bytes");
    case RefusalColumn::Peer: return tr("From");
    case RefusalColumn::Count: break;
    }
    return {};
}

const CallbackRefusal* CallbackRefusalsTable::rowValue(int row) const
{
    const PagedRowPtr value = row >= 0 && row < rowCount() ? rowAt(row) : nullptr;
    return value ? &valueOf<CallbackRefusal>(*value) : nullptr;
}

Cell CallbackRefusalsTable::cellOf(const PagedRow& row, int column) const
{
    const CallbackRefusal& refusal = valueOf<CallbackRefusal>(row);
    switch (static_cast<RefusalColumn>(column)) {
    case RefusalColumn::At: return Cell::at(refusal.at);
    case RefusalColumn::Reason: return Cell::plain(reasonText(refusal.reason));
    case RefusalColumn::Size: return Cell::count(refusal.sizeBytes);
    case RefusalColumn::Peer: return Cell::id(refusal.peer);
    case RefusalColumn::Count: break;
    }
    return {};
}

RowIdentity CallbackRefusalsTable::identityOf(const PagedRow& row) const
{
    const qint64 id = valueOf<CallbackRefusal>(row).id;
    return {QString::number(id), id, 0};
}

} // namespace counterfoil
