// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

namespace counterfoil {

enum class TransactionKind { Recharge = 0, Payment = 1, Refund = 2, Withdrawal = 3, Settlement = 4, Adjustment = 5 };
CF_ENUM_NAMES(TransactionKind, {TransactionKind::Recharge, "recharge"}, {TransactionKind::Payment, "payment"},
              {TransactionKind::Refund, "refund"}, {TransactionKind::Withdrawal, "withdrawal"},
              {TransactionKind::Settlement, "settlement"}, {TransactionKind::Adjustment, "adjustment"});

/// `Unknown` is a state of its own: "I don't know" is never "failed". `Conflicted`: the gateway reports another amount
/// or currency than was asked; a person decides.
enum class TransactionStatus { Pending = 0, Processing = 1, Succeeded = 2, Failed = 3, Cancelled = 4, Unknown = 5, Conflicted = 6 };
CF_ENUM_NAMES(TransactionStatus, {TransactionStatus::Pending, "pending"}, {TransactionStatus::Processing, "processing"},
              {TransactionStatus::Succeeded, "succeeded"}, {TransactionStatus::Failed, "failed"},
              {TransactionStatus::Cancelled, "cancelled"}, {TransactionStatus::Unknown, "unknown"},
              {TransactionStatus::Conflicted, "conflicted"});

/// One intention of a user or merchant, as a statement shows it. `walletPart + gatewayPart = amount`.
struct PaymentTransaction {
    TransactionId id;
    TransactionKind kind = TransactionKind::Payment;
    OrderId order;
    AccountId account;
    Currency currency;
    Money amount;
    Money walletPart;
    Money gatewayPart;
    TransactionStatus status = TransactionStatus::Pending;
    /// The gateway's id of its object (`pi_…`), once known.
    QString gatewayRef;
    /// The gateway's token of the means of payment (`pm_…`); never card data.
    QString paymentMethod;
    QString cardBrand;
    QString cardLast4;
    QString declineCode;
    UtcTime createdAt;
    UtcTime finishedAt;
    qint64 rowVersion = 0;
};

/// How a transaction divides among merchants: one row per sub-order. `net = gross − commission`; `gross` is already less the
/// discount the merchant bears. The grosses sum to wallet part + gateway part + what the platform pays of discounts. A refund has the
/// lines of the payment that it takes from, under the same numbers; `refunded` is a payment's: the grosses of its refunds that succeeded.
struct TransactionDetail {
    TransactionId transaction;
    int line = 0;
    SubOrderId subOrder;
    MerchantId merchant;
    Currency currency;
    Money gross;
    Money discountBorne;
    Money commission;
    Money net;
    Money refunded;
    /// What of `gross` the platform pays; the rest is the buyer's.
    Money platformDiscount;
};

} // namespace counterfoil
