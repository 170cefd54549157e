// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/coupons_participant.h"

#include "models/base/json.h"
#include "models/base/planted_bug.h"

#include <QJsonArray>

#include <algorithm>

namespace counterfoil {

namespace {

std::vector<CouponGrantId> lockedGrants(UnitOfWork& work, OrderId order)
{
    return work.grants.keysWhere([&](const CouponGrant& grant) { return grant.order == order && grant.state == GrantState::Locked; });
}

/// How many were locked since this unit of work read the coupon.
qint64 lockedHere(UnitOfWork& work, CouponId coupon)
{
    return std::ranges::count_if(work.grants.all(), [&](const CouponGrant& grant) {
        return grant.coupon == coupon && grant.state == GrantState::Locked && grant.createdAt == work.now();
    });
}

struct Line {
    CouponId coupon;
    CustomerId customer;
    qint64 discountMinor = 0;
};

std::vector<Line> linesOf(const QJsonObject& args)
{
    std::vector<Line> lines;
    for (const QJsonValue& value : args.value(QStringLiteral("lines")).toArray()) {
        const QJsonObject line = value.toObject();
        const auto number = [&line](const char* field) { return line.value(QLatin1String(field)).toString().toLongLong(); };
        lines.push_back({CouponId(number("coupon")), CustomerId(number("customer")), number("discount")});
    }
    return lines;
}

void lock(UnitOfWork& work, OrderId order, const Line& line)
{
    Coupon& coupon = work.coupons.edit(line.coupon);
    ++coupon.used;
    ++coupon.version;
    const CouponGrant* spare = work.grants.findIf([&](const CouponGrant& g) { return g.coupon == line.coupon && g.customer == line.customer && g.state == GrantState::Available; });
    CouponGrant& grant = spare ? work.grants.edit(spare->id)
                               : work.grants.add({work.ids().next<CouponGrantId>(), line.coupon, line.customer, {}, GrantState::Available, coupon.currency, {}, work.now()});
    grant.order = order;
    grant.state = GrantState::Locked;
    grant.discount = Money(line.discountMinor, coupon.currency);
}

} // namespace

QByteArray couponArgs(const std::vector<CouponRequest>& requests)
{
    JsonWriter json;
    json.beginList("lines");
    for (const CouponRequest& request : requests) {
        json.beginItem();
        json.add("coupon", request.coupon.value());
        json.add("customer", request.customer.value());
        json.add("discount", request.discount.minor());
        json.end();
    }
    json.end();
    return json.finish();
}

Result<void> CouponsParticipant::reserve(UnitOfWork& work, const BranchCall& call) const
{
    const std::vector<Line> lines = linesOf(call.args);
    // All are checked before any is locked: a refusal leaves nothing reserved.
    std::map<CouponId, qint64> wanted;
    for (const Line& line : lines) {
        const Coupon* coupon = work.coupons.find(line.coupon);
        if (!coupon) {
            return fail(ErrorCode::Integrity, QStringLiteral("%1 isn't loaded").arg(line.coupon.toText()));
        }
        const qint64 own = std::ranges::count_if(work.grants.all(), [&](const CouponGrant& grant) {
            return grant.coupon == line.coupon && grant.customer == line.customer && (grant.state == GrantState::Locked || grant.state == GrantState::Used);
        });
        const qint64 already = wanted[line.coupon]++ - (isPlanted(PlantedBug::CouponLimitBeforeLock) ? lockedHere(work, line.coupon) : 0);
        if (coupon->totalLimit > 0 && coupon->used + already >= coupon->totalLimit) {
            return fail(ErrorCode::CouponExhausted, QStringLiteral("coupon %1 has been used %2 times").arg(coupon->code).arg(coupon->used));
        }
        if (coupon->perCustomerLimit > 0 && own + already >= coupon->perCustomerLimit) {
            return fail(ErrorCode::CouponExhausted, QStringLiteral("this customer has used coupon %1 %2 times").arg(coupon->code).arg(own));
        }
    }
    for (const Line& line : lines) {
        lock(work, call.order, line);
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
