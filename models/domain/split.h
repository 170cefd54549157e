// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"

#include <span>
#include <vector>

namespace counterfoil {

/// What a split strategy may look at.
struct SplitLine {
    MerchantId merchant;
    WarehouseId warehouse;
    FulfilmentKind fulfilment = FulfilmentKind::Physical;
};

/// The group of each line, numbered from 0 in order of first occurrence. Strategies compose: merchant_warehouse groups by
/// both. Every line is in exactly one group.
std::vector<int> splitLines(std::span<const SplitLine> lines, SplitStrategy strategy);

} // namespace counterfoil
