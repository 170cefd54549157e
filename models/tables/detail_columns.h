// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

/// Sub-orders and their items (OrderItemsTree).
enum class ItemColumn { Name, Sku, Quantity, UnitPrice, Amount, Discount, Shipping, Commission, Count };

enum class TimelineColumn { At, Event, From, To, Outcome, Actor, Cause, Count };

enum class ExchangeColumn { CreatedAt, Operation, State, Attempts, HttpStatus, Amount, GatewayRef, Error, Id, Count };

enum class JobColumn { DueAt, Kind, State, Attempt, LastError, Id, Count };

enum class TransactionColumn { CreatedAt, Kind, Status, Amount, WalletPart, GatewayPart, Card, GatewayRef, Decline, Id, Count };

enum class CaseColumn { OpenedAt, Severity, Kind, State, Detail, Id, Count };

} // namespace counterfoil
