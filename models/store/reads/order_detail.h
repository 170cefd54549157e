// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/intervention.h"
#include "models/domain/gateway.h"
#include "models/domain/job.h"
#include "models/domain/ledger.h"
#include "models/domain/order.h"
#include "models/domain/party.h"
#include "models/domain/tcc.h"
#include "models/domain/transaction.h"
#include "models/store/connection.h"
#include "models/store/reads/posting_row.h"

namespace counterfoil {

struct SubOrderView {
    SubOrder subOrder;
    QString merchantName;
    QString warehouseName;
};

struct TransactionView {
    PaymentTransaction transaction;
    std::vector<TransactionDetail> details;
};

struct TccView {
    TccTransaction transaction;
    std::vector<TccBranch> branches;
};

/// Everything about one order, read in one consistent view. Lists are in the order things happened, except where said.
struct OrderDetail {
    Order order;
    Customer customer;
    std::vector<SubOrderView> subOrders;
    std::vector<OrderItem> items;
    std::vector<TransactionView> transactions;
    /// Open ones first.
    std::vector<Hold> holds;
    std::vector<OrderEvent> events;
    std::vector<GatewayExchange> exchanges;
    std::vector<GatewayCallback> callbacks;
    std::vector<PostingRow> postings;
    /// To come first (by due time), then past ones.
    std::vector<Job> jobs;
    std::vector<InterventionCase> cases;
    std::vector<TccView> tcc;

    /// Σ remaining of the open holds.
    Money held() const;
};

/// Errors: NotFound, and those of Connection.
Result<OrderDetail> orderDetail(Connection& connection, OrderId id);

/// The attempts of an exchange with request and answer, oldest first. They may be large, so they are read on demand.
Result<std::vector<ExchangePayload>> exchangePayloads(Connection& connection, ExchangeId id);

/// The raw body of a callback. Errors: NotFound.
Result<QString> callbackBody(Connection& connection, CallbackId id);

} // namespace counterfoil
