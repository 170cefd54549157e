// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"

namespace counterfoil {

/// One posting with what a person needs to understand it.
struct PostingRow {
    Posting posting;
    EntryKind kind = EntryKind::Adjustment;
    UtcTime at;
    AccountKind accountKind = AccountKind::Clearing;
    OwnerKind ownerKind = OwnerKind::System;
    /// Empty for the system's own accounts.
    QString ownerName;
    OrderId order;
    QString orderNo;
};

} // namespace counterfoil
