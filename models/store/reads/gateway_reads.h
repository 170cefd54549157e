// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/gateway.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"

#include <QList>

#include <vector>

namespace counterfoil {

/// Which requests to the gateway a list shows. Empty fields don't restrict.
struct ExchangeFilter {
    QList<ExchangeState> states;
    QList<GatewayOperation> operations;
    /// An order's number, the id of the request, of its transaction, or of the order or its parts, a gateway reference (`pi_…`, `re_…`), or a
    /// whole idempotency key. What is none of them finds nothing.
    QString freeText;
    friend bool operator==(const ExchangeFilter&, const ExchangeFilter&) = default;
};

/// A request with its order, also where only its transaction knows it.
struct ExchangeRow {
    GatewayExchange exchange;
    OrderId order;
    QString orderNo;
};

/// Which callbacks a list shows. Empty fields don't restrict.
struct CallbackFilter {
    QList<CallbackState> states;
    /// An order's number, the id of the callback or of the order or its parts, the event's id (`evt_…`), the reference of what it is about, or the
    /// beginning of a type (`payment_intent.`).
    QString freeText;
    friend bool operator==(const CallbackFilter&, const CallbackFilter&) = default;
};

/// A callback with its order, also where only the transaction that it is about knows it.
struct CallbackRow {
    GatewayCallback callback;
    OrderId order;
    QString orderNo;
};

/// What a callback left behind that was refused: its signature was not good, or nobody could read it.
struct CallbackRefusal {
    qint64 id = 0;
    UtcTime at;
    QString reason;
    qint64 sizeBytes = 0;
    /// The address it came from; empty if the listener didn't know.
    QString peer;
};

/// All three lists: newest first, key (id, 0). Conditions that no index serves (states, operations, beginnings of types) are looked for among the
/// newest `newestLookedAt` rows. Errors of all reads: those of Connection, DatabaseCorrupt.
Result<std::vector<ExchangeRow>> exchangePage(Connection& connection, const ExchangeFilter& filter, const PageRequest& request);
Result<qint64> exchangeCount(Connection& connection, const ExchangeFilter& filter);
Result<qint64> exchangeCountBefore(Connection& connection, const ExchangeFilter& filter, RowKey key);
/// As orderAnchors().
Result<std::vector<RowKey>> exchangeAnchors(Connection& connection, const ExchangeFilter& filter, std::optional<RowKey> after, int stride, int strides);
/// One request as it is now. Errors also: NotFound.
Result<ExchangeRow> exchangeDetail(Connection& connection, ExchangeId id);

Result<std::vector<CallbackRow>> callbackPage(Connection& connection, const CallbackFilter& filter, const PageRequest& request);
Result<qint64> callbackCount(Connection& connection, const CallbackFilter& filter);
Result<qint64> callbackCountBefore(Connection& connection, const CallbackFilter& filter, RowKey key);
Result<std::vector<RowKey>> callbackAnchors(Connection& connection, const CallbackFilter& filter, std::optional<RowKey> after, int stride, int strides);
Result<CallbackRow> callbackDetail(Connection& connection, CallbackId id);

Result<std::vector<CallbackRefusal>> refusalPage(Connection& connection, const PageRequest& request);
Result<qint64> refusalCount(Connection& connection);
Result<qint64> refusalCountBefore(Connection& connection, RowKey key);

} // namespace counterfoil
