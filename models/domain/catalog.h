// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"
#include "models/domain/order.h"

#include <optional>
#include <span>

namespace counterfoil {

struct Product {
    ProductId id;
    QString externalRef;
    QString name;
    QString category;
    MerchantId merchant;
};

/// One thing that can be bought: a product in one specification.
struct Sku {
    SkuId id;
    ProductId product;
    QString code;
    QString specification;
    FulfilmentKind fulfilment = FulfilmentKind::Physical;
};

/// A unit price from a minimum quantity on, within a time window, perhaps for one sales channel only (empty = all).
struct PriceTier {
    PriceTierId id;
    SkuId sku;
    qint64 minQuantity = 1;
    Currency currency;
    Money unitPrice;
    UtcTime validFrom;
    UtcTime validTo;
    QString channel;
};

/// The price of a line: the lowest unit price among the tiers it qualifies for (quantity, window, channel, currency).
/// Errors: PriceUnknown.
Result<Money> bestUnitPrice(std::span<const PriceTier> tiers, qint64 quantity, Currency currency, const QString& channel, UtcTime at);

/// Saleable is onHand − frozen; frozen equals the open reservations and never exceeds onHand.
struct Stock {
    StockId id;
    SkuId sku;
    WarehouseId warehouse;
    qint64 onHand = 0;
    qint64 frozen = 0;
    qint64 version = 0;

    qint64 saleable() const { return onHand - frozen; }
};

enum class ReservationState { Open = 0, Deducted = 1, Returned = 2 };
CF_ENUM_NAMES(ReservationState, {ReservationState::Open, "open"}, {ReservationState::Deducted, "deducted"}, {ReservationState::Returned, "returned"});

struct StockReservation {
    ReservationId id;
    StockId stock;
    OrderId order;
    OrderItemId item;
    qint64 quantity = 0;
    ReservationState state = ReservationState::Open;
};

} // namespace counterfoil
