// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/refund_request.h"

#include "models/store/idempotency.h"

namespace counterfoil {

namespace {

constexpr int rerunsMax = 5;

/// Another writer was in the way (PostgreSQL): the whole transaction is tried again. A unique key that appeared meanwhile is found then.
bool isWorthRerunning(ErrorCode code)
{
    return code == ErrorCode::SerializationFailure || code == ErrorCode::DatabaseBusy || code == ErrorCode::ConstraintViolated || code == ErrorCode::VersionConflict;
}

/// Apart from orders: the same key for both means two things.
QString scopeOf(const QString& actor)
{
    return QStringLiteral("refund:") + actor;
}

} // namespace

Result<PlacedRefund> RefundService::request(OrderId order, const RefundRequest& wanted, const QString& key, const QString& actor, const QString& reason)
{
    const QString sha = contentHash(order, wanted, reason);
    const auto once = [&]() -> Result<PlacedRefund> {
        UnitOfWork work(m_connection, m_parts.clock, m_parts.ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadOrders({order}, OrderDepth::Full));
        if (!work.orders.find(order)) {
            return fail(ErrorCode::NotFound, QStringLiteral("there is no order %1").arg(order.toText()));
        }
        // Behind the order's lock: of two at once with one key, the second finds what the first has done.
        CF_ASSIGN(const auto known, findIdempotencyRecord(m_connection, scopeOf(actor), key));
        if (known) {
            if (known->requestSha256 != sha) {
                return fail(ErrorCode::IdempotencyKeyReused, QStringLiteral("this key was used for another refund"));
            }
            CF_ASSIGN(const TransactionId id, TransactionId::parse(known->answer));
            return PlacedRefund{id, work.transactions.at(id).amount, true};
        }
        CF_ASSIGN(const PlacedRefund placed, requestIn(work, order, wanted, actor, reason));
        CF_TRY(storeIdempotencyRecord(m_connection, {scopeOf(actor), key, sha, 201, placed.id.toText()}, work.now()));
        CF_TRY(work.commit());
        return placed;
    };
    auto outcome = once();
    for (int i = 0; i < rerunsMax && !outcome && isWorthRerunning(outcome.error().code); ++i) {
        outcome = once();
    }
    return outcome;
}

Result<PlacedRefund> RefundService::requestIn(UnitOfWork& work, OrderId order, const RefundRequest& wanted, const QString& actor, const QString& reason)
{
    CF_TRY(validate(wanted));
    if (!wanted.lines.empty()) {
        CF_TRY(work.loadItems({order}));
    }
    CF_ASSIGN(const RefundProcess::Started started, m_parts.refunds.start(work, order, wanted, actor, reason));
    CF_TRY(m_parts.engine.applyAll(work, order, started.events));
    return PlacedRefund{started.transaction, work.transactions.at(started.transaction).amount, false};
}

} // namespace counterfoil
