// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/catalog.h"

namespace counterfoil {

Result<Money> bestUnitPrice(std::span<const PriceTier> tiers, qint64 quantity, Currency currency, const QString& channel, UtcTime at)
{
    std::optional<Money> best;
    for (const PriceTier& tier : tiers) {
        const bool qualifies = tier.currency == currency && quantity >= tier.minQuantity
            && (tier.channel.isEmpty() || tier.channel == channel) && (tier.validFrom.isNone() || at >= tier.validFrom)
            && (tier.validTo.isNone() || at < tier.validTo);
        if (qualifies && (!best || tier.unitPrice.minor() < best->minor())) {
            best = tier.unitPrice;
        }
    }
    if (!best) {
        return fail(ErrorCode::PriceUnknown, QStringLiteral("no price in %1 for a quantity of %2").arg(currency.code()).arg(quantity));
    }
    return *best;
}

} // namespace counterfoil
