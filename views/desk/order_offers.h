// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/job.h"
#include "models/domain/order.h"
#include "models/domain/transaction.h"
#include "views/desk/command_offer.h"

#include <span>

namespace counterfoil {

/// What decides which commands an order allows.
struct OrderStanding {
    const Order& order;
    std::span<const PaymentTransaction> transactions;
    std::span<const Job> jobs;
    /// The case that the commands are to help, if any.
    CaseId intervention;
};

/// What the buyer pays with, among the order's transactions; null for none yet.
const PaymentTransaction* paymentAmong(std::span<const PaymentTransaction> transactions);
/// The commands about an order, in the order in which they are offered.
std::vector<CommandKind> orderCommands();
/// One for each of orderCommands().
std::vector<CommandOffer> orderOffers(const OrderStanding& standing);

} // namespace counterfoil
