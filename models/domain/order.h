// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

namespace counterfoil {

enum class Funding { Wallet = 0, Gateway = 1, Both = 2 };
CF_ENUM_NAMES(Funding, {Funding::Wallet, "wallet"}, {Funding::Gateway, "gateway"}, {Funding::Both, "both"});

/// How an order falls into sub-orders. A strategy is a pure function from items to groups (see split.h).
enum class SplitStrategy { None = 0, Merchant = 1, Warehouse = 2, Fulfilment = 3, MerchantWarehouse = 4 };
CF_ENUM_NAMES(SplitStrategy, {SplitStrategy::None, "none"}, {SplitStrategy::Merchant, "merchant"},
              {SplitStrategy::Warehouse, "warehouse"}, {SplitStrategy::Fulfilment, "fulfilment"},
              {SplitStrategy::MerchantWarehouse, "merchant_warehouse"});

enum class FulfilmentKind { Physical = 0, Digital = 1 };
CF_ENUM_NAMES(FulfilmentKind, {FulfilmentKind::Physical, "physical"}, {FulfilmentKind::Digital, "digital"});

/// Why a cancellation was asked for. `NotCancelled` while none was.
enum class CancelReason { NotCancelled = 0, Buyer = 1, Expired = 2, Declined = 3, Operator = 4 };
CF_ENUM_NAMES(CancelReason, {CancelReason::NotCancelled, ""}, {CancelReason::Buyer, "buyer"}, {CancelReason::Expired, "expired"},
              {CancelReason::Declined, "declined"}, {CancelReason::Operator, "operator"});

/// `goods − discount + shipping = payable = walletPart + gatewayPart`. `state` is a state of the workflow's revision;
/// there is no state machine object per order.
struct Order {
    OrderId id;
    QString orderNo;
    CustomerId customer;
    /// A copy for lists and search, so that they need no join.
    QString buyerName;
    Currency currency;
    QString channel;
    Money goods;
    Money discount;
    Money shipping;
    Money payable;
    Money paid;
    Money refunded;
    Money walletPart;
    Money gatewayPart;
    Funding funding = Funding::Gateway;
    SplitStrategy splitStrategy = SplitStrategy::Merchant;
    QString workflow;
    int revision = 0;
    QString state;
    UtcTime stateSince;
    /// The row version at which the present state was entered: a timer of an earlier life of the state carries another.
    qint64 stateVersion = 0;
    CancelReason cancelReason = CancelReason::NotCancelled;
    /// Hash of what the caller asked for: tells "exists, same" from "exists, different".
    QString contentSha256;
    UtcTime placedAt;
    UtcTime createdAt;
    UtcTime updatedAt;
    qint64 rowVersion = 0;
};

/// What one merchant (or warehouse, or fulfilment kind) delivers of an order.
/// `gross = goods − merchantDiscount + shipping`; Σ gross = order.payable + Σ platformDiscount.
struct SubOrder {
    SubOrderId id;
    OrderId order;
    int line = 0;
    MerchantId merchant;
    WarehouseId warehouse;
    FulfilmentKind fulfilment = FulfilmentKind::Physical;
    Currency currency;
    Money goods;
    Money merchantDiscount;
    Money platformDiscount;
    Money shipping;
    Money gross;
    Money commission;
    QString carrier;
    QString trackingNo;
    UtcTime shippedAt;
};

/// One line. `amount` is the line's list total before discounts; `roundingMicros` is what rounding that line to whole minor
/// units once added to (positive) or took from (negative) its exact net total, in millionths of a minor unit.
struct OrderItem {
    OrderItemId id;
    OrderId order;
    SubOrderId subOrder;
    int line = 0;
    SkuId sku;
    QString skuCode;
    QString productName;
    QString specification;
    MerchantId seller;
    /// Where checkout takes it from.
    WarehouseId warehouse;
    qint64 quantity = 0;
    Currency currency;
    Money unitPrice;
    Money amount;
    Money merchantDiscount;
    Money platformDiscount;
    Money shipping;
    qint64 roundingMicros = 0;
};

/// `Noted` is news that needs no other state: a refund of a part, say.
enum class EventOutcome { Applied = 0, NotAccepted = 1, Noted = 2 };
CF_ENUM_NAMES(EventOutcome, {EventOutcome::Applied, "applied"}, {EventOutcome::NotAccepted, "not_accepted"}, {EventOutcome::Noted, "noted"});

/// One line of an order's append-only timeline. `key` is unique per order: an event is applied once.
struct OrderEvent {
    OrderEventId id;
    OrderId order;
    QString key;
    QString event;
    QString fromState;
    QString toState;
    EventOutcome outcome = EventOutcome::Applied;
    QString actor;
    QString cause;
    UtcTime at;
};

} // namespace counterfoil
