// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/split.h"

#include <array>
#include <map>

namespace counterfoil {

namespace {

using Key = std::array<qint64, 3>;

Key keyOf(const SplitLine& line, SplitStrategy strategy)
{
    const bool byMerchant = strategy == SplitStrategy::Merchant || strategy == SplitStrategy::MerchantWarehouse;
    const bool byWarehouse = strategy == SplitStrategy::Warehouse || strategy == SplitStrategy::MerchantWarehouse;
    const bool byFulfilment = strategy == SplitStrategy::Fulfilment;
    return {byMerchant ? line.merchant.value() : 0, byWarehouse ? line.warehouse.value() : 0,
            byFulfilment ? static_cast<qint64>(line.fulfilment) : 0};
}

} // namespace

std::vector<int> splitLines(std::span<const SplitLine> lines, SplitStrategy strategy)
{
    std::map<Key, int> groups;
    std::vector<int> result;
    result.reserve(lines.size());
    for (const SplitLine& line : lines) {
        const auto [it, isNew] = groups.try_emplace(keyOf(line, strategy), static_cast<int>(groups.size()));
        result.push_back(it->second);
    }
    return result;
}

} // namespace counterfoil
