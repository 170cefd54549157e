// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/page.h"

namespace counterfoil {

/// For dialogs that are shown without a window to go anywhere in.
class StandStill final : public Navigator {
public:
    void openOrder(OrderId) override {}
    void openAccount(AccountId) override {}
    void openOrders(const OrderFilter&) override {}
    void openAccounts(const QString&) override {}
    void openCase(CaseId) override {}
};

} // namespace counterfoil
