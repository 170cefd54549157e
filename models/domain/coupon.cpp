// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/coupon.h"

#include <algorithm>

namespace counterfoil {

QString foldCouponCode(const QString& code)
{
    return code.trimmed().normalized(QString::NormalizationForm_KC).toCaseFolded();
}

Result<std::vector<Money>> couponDiscount(const Coupon& coupon, std::span<const CouponLine> lines, Currency currency, UtcTime at)
{
    const auto refuse = [&](const QString& why) {
        return fail(ErrorCode::CouponNotApplicable, QStringLiteral("coupon %1 %2").arg(coupon.code, why));
    };
    if (coupon.currency != currency) {
        return refuse(QStringLiteral("is in %1").arg(coupon.currency.code()));
    }
    if (!coupon.validFrom.isNone() && at < coupon.validFrom) {
        return refuse(QStringLiteral("is valid from %1 on").arg(coupon.validFrom.toIso()));
    }
    if (!coupon.validTo.isNone() && at >= coupon.validTo) {
        return refuse(QStringLiteral("was valid until %1").arg(coupon.validTo.toIso()));
    }
    Money eligible = Money::zero(currency);
    std::vector<qint64> weights;
    weights.reserve(lines.size());
    for (const CouponLine& line : lines) {
        const bool inScope = coupon.merchant.isNone() || coupon.merchant == line.seller;
        weights.push_back(inScope ? line.net.minor() : 0);
        if (inScope) {
            CF_ASSIGN(eligible, eligible.plus(line.net));
        }
    }
    if (!eligible.isPositive()) {
        return refuse(QStringLiteral("applies to none of the items"));
    }
    if (coupon.kind == CouponKind::Threshold && eligible.minor() < coupon.threshold.minor()) {
        return refuse(QStringLiteral("needs %1, the eligible items come to %2").arg(coupon.threshold.toText(), eligible.toText()));
    }
    return allocate(Money(std::min(coupon.value.minor(), eligible.minor()), currency), weights);
}

} // namespace counterfoil
