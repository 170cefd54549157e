// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/gateway_reads.h"

#include "models/store/process_tables.h"
#include "models/store/reads/id_pages.h"

namespace counterfoil {

namespace {

/// The order that a text names by number, by its id or a part's, or by a gateway reference; none if it names none.
Result<OrderId> orderNamed(Connection& connection, const QString& text)
{
    CF_ASSIGN(const Landing landing, landingOf(connection, text));
    if (!landing.order.isNone()) {
        return landing.order;
    }
    CF_ASSIGN(const OrderId byNumber, orderOfNumber(connection, text));
    return byNumber.isNone() ? orderOfGatewayRef(connection, text) : Result<OrderId>(byNumber);
}

Result<void> addExchangeText(Connection& connection, const QString& text, Condition& condition)
{
    if (const auto exchange = ExchangeId::parse(text)) {
        condition.add(QStringLiteral("id = ?"), {bound(*exchange)});
        return {};
    }
    if (const auto transaction = TransactionId::parse(text)) {
        condition.add(QStringLiteral("transaction_id = ?"), {bound(*transaction)});
        return {};
    }
    // The references of refunds too, of which an order may have several.
    CF_ASSIGN(const qint64 referred, integer(connection, QStringLiteral("SELECT id FROM payment_transaction WHERE gateway_ref = ? AND gateway_ref <> ''"), {text}));
    if (referred != 0) {
        condition.add(QStringLiteral("transaction_id = ?"), {bound(referred)});
        return {};
    }
    CF_ASSIGN(const OrderId order, orderNamed(connection, text));
    if (!order.isNone()) {
        condition.add(QStringLiteral("transaction_id IN (SELECT id FROM payment_transaction WHERE order_id = ?)"), {bound(order)});
        return {};
    }
    condition.add(QStringLiteral("idempotency_key = ?"), {text});
    return {};
}

Result<IdList> listOf(Connection& connection, const ExchangeFilter& filter)
{
    IdList list{QStringLiteral("gateway_exchange"), {}};
    if (const QString text = filter.freeText.trimmed(); !text.isEmpty()) {
        CF_TRY(addExchangeText(connection, text, list.condition));
    } else if (!filter.states.isEmpty() || !filter.operations.isEmpty()) {
        CF_TRY(keepNewest(connection, list));
    }
    list.condition.addOneOf(QStringLiteral("state"), namesOf(filter.states));
    list.condition.addOneOf(QStringLiteral("operation"), namesOf(filter.operations));
    return list;
}

/// True if the text leaves few rows, by an index.
Result<bool> addCallbackText(Connection& connection, const QString& text, Condition& condition)
{
    if (const auto callback = CallbackId::parse(text)) {
        condition.add(QStringLiteral("id = ?"), {bound(*callback)});
        return true;
    }
    if (text.startsWith(u"evt_")) {
        // The gateways that there are: the unique index begins with them.
        condition.add(QStringLiteral("gateway IN ('stripe', 'sandbox') AND event_id = ?"), {text});
        return true;
    }
    CF_ASSIGN(const qint64 called, integer(connection, QStringLiteral("SELECT count(*) FROM gateway_callback WHERE object_ref = ?"), {text}));
    if (called != 0) {
        condition.add(QStringLiteral("object_ref = ?"), {text});
        return true;
    }
    CF_ASSIGN(const OrderId order, orderNamed(connection, text));
    if (!order.isNone()) {
        condition.add(QStringLiteral("object_ref IN (SELECT gateway_ref FROM payment_transaction WHERE order_id = ? AND gateway_ref <> '')"), {bound(order)});
        return true;
    }
    condition.add(prefixTerm(connection.kind(), QStringLiteral("type")), prefixValues(connection.kind(), text));
    return false;
}

Result<IdList> listOf(Connection& connection, const CallbackFilter& filter)
{
    IdList list{QStringLiteral("gateway_callback"), {}};
    const QString text = filter.freeText.trimmed();
    bool isNarrow = text.isEmpty() && filter.states.isEmpty();
    if (!text.isEmpty()) {
        CF_ASSIGN(isNarrow, addCallbackText(connection, text, list.condition));
    }
    if (!isNarrow) {
        CF_TRY(keepNewest(connection, list));
    }
    list.condition.addOneOf(QStringLiteral("state"), namesOf(filter.states));
    return list;
}

const IdList refusals{QStringLiteral("callback_refusal"), {}};

template<class Value>
QString columnsOf(const QString& alias)
{
    QStringList columns;
    for (const QString& column : tableText<Value>().columns) {
        columns << alias + u'.' + column;
    }
    return columns.join(u',');
}

Result<std::vector<ExchangeRow>> exchangeRows(Connection& connection, const QString& tail, const QVariantList& values)
{
    const QString sql = joined({QStringLiteral("SELECT"), columnsOf<GatewayExchange>(QStringLiteral("x")),
                                QStringLiteral(", coalesce(x.order_id, t.order_id), coalesce(o.order_no, '') FROM gateway_exchange x "
                                               "LEFT JOIN payment_transaction t ON t.id = x.transaction_id "
                                               "LEFT JOIN orders o ON o.id = coalesce(x.order_id, t.order_id)"),
                                tail});
    std::vector<ExchangeRow> rows;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        ExchangeRow& exchange = rows.emplace_back();
        detail::Read read{row};
        TableOf<GatewayExchange>::visit(read, exchange.exchange);
        read("order", exchange.order);
        read("order_no", exchange.orderNo);
        return read.outcome;
    }));
    return rows;
}

Result<std::vector<CallbackRow>> callbackRows(Connection& connection, const QString& tail, const QVariantList& values)
{
    const QString sql = joined({QStringLiteral("SELECT"), columnsOf<GatewayCallback>(QStringLiteral("c")),
                                QStringLiteral(", coalesce(c.order_id, t.order_id), coalesce(o.order_no, '') FROM gateway_callback c "
                                               "LEFT JOIN payment_transaction t ON t.gateway_ref = c.object_ref AND t.gateway_ref <> '' "
                                               "LEFT JOIN orders o ON o.id = coalesce(c.order_id, t.order_id)"),
                                tail});
    std::vector<CallbackRow> rows;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        CallbackRow& callback = rows.emplace_back();
        detail::Read read{row};
        TableOf<GatewayCallback>::visit(read, callback.callback);
        read("order", callback.order);
        read("order_no", callback.orderNo);
        return read.outcome;
    }));
    return rows;
}

} // namespace

Result<std::vector<ExchangeRow>> exchangePage(Connection& connection, const ExchangeFilter& filter, const PageRequest& request)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    const BoundText ids = idsOfPage(list, request);
    return exchangeRows(connection, joined({QStringLiteral("WHERE x.id IN ("), ids.text, QStringLiteral(") ORDER BY x.id DESC")}), ids.values);
}

Result<qint64> exchangeCount(Connection& connection, const ExchangeFilter& filter)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCount(connection, list);
}

Result<qint64> exchangeCountBefore(Connection& connection, const ExchangeFilter& filter, RowKey key)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCountBefore(connection, list, key);
}

Result<std::vector<RowKey>> exchangeAnchors(Connection& connection, const ExchangeFilter& filter, std::optional<RowKey> after, int stride, int strides)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idAnchors(connection, list, after, stride, strides);
}

Result<ExchangeRow> exchangeDetail(Connection& connection, ExchangeId id)
{
    CF_ASSIGN(const auto rows, exchangeRows(connection, QStringLiteral("WHERE x.id = ?"), {bound(id)}));
    if (rows.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no exchange %1").arg(id.toText()));
    }
    return rows.front();
}

Result<std::vector<CallbackRow>> callbackPage(Connection& connection, const CallbackFilter& filter, const PageRequest& request)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    const BoundText ids = idsOfPage(list, request);
    return callbackRows(connection, joined({QStringLiteral("WHERE c.id IN ("), ids.text, QStringLiteral(") ORDER BY c.id DESC")}), ids.values);
}

Result<qint64> callbackCount(Connection& connection, const CallbackFilter& filter)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCount(connection, list);
}

Result<qint64> callbackCountBefore(Connection& connection, const CallbackFilter& filter, RowKey key)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCountBefore(connection, list, key);
}

Result<std::vector<RowKey>> callbackAnchors(Connection& connection, const CallbackFilter& filter, std::optional<RowKey> after, int stride, int strides)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idAnchors(connection, list, after, stride, strides);
}

Result<CallbackRow> callbackDetail(Connection& connection, CallbackId id)
{
    CF_ASSIGN(const auto rows, callbackRows(connection, QStringLiteral("WHERE c.id = ?"), {bound(id)}));
    if (rows.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no callback %1").arg(id.toText()));
    }
    return rows.front();
}

Result<std::vector<CallbackRefusal>> refusalPage(Connection& connection, const PageRequest& request)
{
    const BoundText ids = idsOfPage(refusals, request);
    const QString sql = joined({QStringLiteral("SELECT id, at, reason, size_bytes, peer FROM callback_refusal WHERE id IN ("), ids.text, QStringLiteral(") ORDER BY id DESC")});
    std::vector<CallbackRefusal> rows;
    CF_TRY(connection.query(sql, ids.values, [&](const Row& row) -> Result<void> {
        rows.push_back({row.integer(0), row.time(1), row.text(2), row.integer(3), row.text(4)});
        return {};
    }));
    return rows;
}

Result<qint64> refusalCount(Connection& connection)
{
    return idCount(connection, refusals);
}

Result<qint64> refusalCountBefore(Connection& connection, RowKey key)
{
    return idCountBefore(connection, refusals, key);
}

} // namespace counterfoil
