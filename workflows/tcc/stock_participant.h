// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// One line of the stock branch's arguments.
struct StockRequest {
    StockId stock;
    OrderItemId item;
    qint64 quantity = 0;
    /// What a refusal calls it: the row of a refused item is never written, so its id would tell nobody anything.
    QString name;
};

/// As JSON.
QByteArray stockArgs(const std::vector<StockRequest>& requests);

/// Try freezes the quantities, Confirm deducts them, Cancel returns them.
class StockParticipant final : public TccParticipant {
public:
    Participant kind() const override { return Participant::Stock; }
    /// Errors: OutOfStock, naming every item that can't be had.
    Result<void> reserve(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> confirm(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> cancel(UnitOfWork& work, const BranchCall& call) const override;
};

} // namespace counterfoil
