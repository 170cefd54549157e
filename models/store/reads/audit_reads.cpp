// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/audit_reads.h"

#include "models/base/id_source.h"
#include "models/store/audit_chain.h"

namespace counterfoil {

Result<AuditChainState> auditChainState(Connection& connection)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    AuditChainState state;
    CF_ASSIGN(state.head, auditHead(connection));
    qint64 newest = 0;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT event_id FROM audit_seal ORDER BY event_id DESC LIMIT 1"), {}, [&newest](const Row& row) -> Result<void> {
        newest = row.integer(0);
        return {};
    }));
    const qint64 from = newest == 0 ? 0 : IdSource::leastAt(IdSource::timeOf(newest) - Duration::minutes(1));
    const QString sql = QStringLiteral("SELECT count(*), min(at) FROM (SELECT e.at FROM audit_event e WHERE e.id > ? "
                                       "AND (SELECT s.event_id FROM audit_seal s WHERE s.event_id = e.id) IS NULL ORDER BY e.id LIMIT ?) AS waiting");
    CF_TRY(connection.queryAll(sql, {bound(from), bound(unsealedCountedMax)}, [&state](const Row& row) -> Result<void> {
        state.unsealed = row.integer(0);
        state.oldestUnsealed = row.time(1);
        return {};
    }));
    CF_TRY(view.commit());
    return state;
}

} // namespace counterfoil
