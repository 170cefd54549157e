// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/domain/order.h"
#include "models/domain/party.h"
#include "models/store/catalog_tables.h"
#include "models/store/ledger_tables.h"
#include "models/store/order_tables.h"
#include "models/store/process_tables.h"

namespace counterfoil {

/// Noon on 2024-05-01 UTC, when the samples happen.
inline constexpr UtcTime sampleTime{1'714'564'800'000'000};

inline Money usd(qint64 minor)
{
    return {minor, Currency()};
}

/// An order number `n` that fulfils every CHECK: goods 100.00, shipping 5.00, payable 105.00 through the gateway.
inline Order sampleOrder(qint64 n, CustomerId customer, const QString& state = QStringLiteral("created"))
{
    Order order;
    order.id = OrderId(n);
    order.orderNo = QStringLiteral("CA-2024-%1").arg(n);
    order.customer = customer;
    order.buyerName = QStringLiteral("Claire Gute");
    order.channel = QStringLiteral("web");
    order.goods = usd(10'000);
    order.shipping = usd(500);
    order.payable = usd(10'500);
    order.gatewayPart = usd(10'500);
    order.workflow = QStringLiteral("order");
    order.revision = 1;
    order.state = state;
    order.stateSince = order.placedAt = order.createdAt = order.updatedAt = sampleTime + Duration::seconds(n);
    order.contentSha256 = QStringLiteral("0");
    order.rowVersion = 1;
    return order;
}

inline Customer sampleCustomer(qint64 n, const QString& name, const QString& email)
{
    return {CustomerId(n), QStringLiteral("CG-%1").arg(n), name, email, QStringLiteral("Consumer"), sampleTime};
}

inline Account sampleAccount(qint64 n, const AccountRef& ref, qint64 available, qint64 frozen)
{
    Account account;
    account.id = AccountId(n);
    account.ownerKind = ref.ownerKind;
    account.ownerId = ref.ownerId;
    account.kind = ref.kind;
    account.currency = ref.currency;
    account.available = Money(available, ref.currency);
    account.frozen = Money(frozen, ref.currency);
    return account;
}

} // namespace counterfoil
