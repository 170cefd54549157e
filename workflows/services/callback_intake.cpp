// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/callback_intake.h"

#include "models/store/callback_store.h"
#include "workflows/engine/job_factory.h"

namespace counterfoil {

namespace {

const QString gatewayName = QStringLiteral("stripe");
constexpr int rerunsMax = 3;

Result<std::vector<bool>> storeOnce(Connection& connection, const Clock& clock, IdSource& ids, std::span<const VerifiedCallback> callbacks)
{
    UnitOfWork work(connection, clock, ids);
    CF_TRY(work.begin());
    QStringList eventIds;
    for (const VerifiedCallback& callback : callbacks) {
        eventIds << callback.event.eventId;
    }
    CF_ASSIGN(std::set<QString> known, knownCallbacks(connection, gatewayName, eventIds));
    std::vector<bool> isNew;
    for (const VerifiedCallback& callback : callbacks) {
        isNew.push_back(known.insert(callback.event.eventId).second);
        if (!isNew.back()) {
            continue;
        }
        GatewayCallback row;
        row.id = work.ids().next<CallbackId>();
        row.gateway = gatewayName;
        row.eventId = callback.event.eventId;
        row.type = callback.event.type;
        row.objectRef = callback.event.objectId;
        row.receivedAt = work.now();
        work.callbacks.add(row);
        work.callbackBodies.add({row.id, QString::fromUtf8(callback.body)});
        addJob(work, {JobKind::CallbackApply, {}, row.id.value(), QStringLiteral("callback:%1").arg(row.id.value()), work.now(), {}});
    }
    CF_TRY(work.commit());
    return isNew;
}

} // namespace

Result<std::vector<bool>> storeCallbacks(Connection& connection, const Clock& clock, IdSource& ids, std::span<const VerifiedCallback> callbacks)
{
    auto stored = storeOnce(connection, clock, ids, callbacks);
    // Another worker may have stored the same event between our look and our commit.
    for (int i = 0; i < rerunsMax && !stored && stored.error().code == ErrorCode::ConstraintViolated; ++i) {
        stored = storeOnce(connection, clock, ids, callbacks);
    }
    return stored;
}

} // namespace counterfoil
