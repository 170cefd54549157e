// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/coupons_participant.h"

#include <QJsonArray>

#include <algorithm>

namespace counterfoil {

namespace {

std::vector<CouponGrantId> lockedGrants(UnitOfWork& work, OrderId order)
{
    return work.grants.keysWhere([&](const CouponGrant& grant) { return grant.order == order && grant.state == GrantState::Locked; });
}

} // namespace

QJsonObject couponArgs(const std::vector<CouponRequest>& requests)
{
    QJsonArray lines;
    for (const CouponRequest& request : requests) {
        lines.append(QJsonObject{{QStringLiteral("coupon"), QString::number(request.coupon.value())}, {QStringLiteral("customer"), QString::number(request.customer.value())},
                                 {QStringLiteral("discount"), QString::number(request.discount.minor())}});
    }
    return {{QStringLiteral("lines"), lines}};
}

Result<void> CouponsParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    for (const QJsonValue& value : call.args.value(QStringLiteral("lines")).toArray()) {
        const QJsonObject line = value.toObject();
        const auto number = [&line](const char* field) { return line.value(QLatin1String(field)).toString().toLongLong(); };
        const CouponId id(number("coupon"));
        const CustomerId customer(number("customer"));
        if (!work.coupons.find(id)) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 isn't loaded").arg(id.toText()));
        }
        const qint64 own = std::ranges::count_if(work.grants.all(), [&](const CouponGrant& grant) {
            return grant.coupon == id && grant.customer == customer && (grant.state == GrantState::Locked || grant.state == GrantState::Used);
        });
        Coupon& coupon = work.coupons.edit(id);
        if (coupon.totalLimit > 0 && coupon.used >= coupon.totalLimit) {
            return fail(ErrorCode::CouponExhausted, QStringLiteral("coupon %1 has been used %2 times").arg(coupon.code).arg(coupon.used));
        }
        if (coupon.perCustomerLimit > 0 && own >= coupon.perCustomerLimit) {
            return fail(ErrorCode::CouponExhausted, QStringLiteral("this customer has used coupon %1 %2 times").arg(coupon.code).arg(own));
        }
        ++coupon.used;
        ++coupon.version;
        const CouponGrant* spare = work.grants.findIf([&](const CouponGrant& g) { return g.coupon == id && g.customer == customer && g.state == GrantState::Available; });
        CouponGrant& grant = spare ? work.grants.edit(spare->id)
                                   : work.grants.add({work.ids().next<CouponGrantId>(), id, customer, {}, GrantState::Available, coupon.currency, {}, work.now()});
        grant.order = call.order;
        grant.state = GrantState::Locked;
        grant.discount = Money(number("discount"), coupon.currency);
    }
    return {};
}

Result<void> CouponsParticipant::confirm(UnitOfWork& work, const BranchCall& call) const
{
    for (const CouponGrantId id : lockedGrants(work, call.order)) {
        work.grants.edit(id).state = GrantState::Used;
    }
    return {};
}

Result<void> CouponsParticipant::cancel(UnitOfWork& work, const BranchCall& call) const
{
    for (const CouponGrantId id : lockedGrants(work, call.order)) {
        CouponGrant& grant = work.grants.edit(id);
        Coupon& coupon = work.coupons.edit(grant.coupon);
        --coupon.used;
        ++coupon.version;
        grant.state = GrantState::Available;
        grant.order = OrderId();
    }
    return {};
}

} // namespace counterfoil
