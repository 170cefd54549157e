// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/database_setup.h"

#include "models/store/administration.h"
#include "models/store/migrator.h"
#include "models/store/writer_lock.h"
#include "resources/resources.h"

#include <QFile>

namespace counterfoil {

Result<int> publishBuiltInWorkflow(Connection& connection, const Clock& clock)
{
    initResources();
    QFile workflow(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    if (!workflow.open(QFile::ReadOnly)) {
        return fail(ErrorCode::Internal, QStringLiteral("the program was built without its order workflow"));
    }
    CF_ASSIGN(const QString maker, workflowMaker(connection, QStringLiteral("order")));
    // What a shop has published itself is its own.
    if (!maker.isEmpty() && maker != u"system") {
        return 0;
    }
    return publishWorkflow(connection, QStringLiteral("order"), QString::fromUtf8(workflow.readAll()), QStringLiteral("system"), clock.now());
}

Result<void> setUpDatabase(const DatabaseUrl& url, const QString& environment, const Clock& clock)
{
    CF_ASSIGN(const std::unique_ptr<WriterLock> lock, WriterLock::acquire(url));
    CF_ASSIGN(const std::unique_ptr<Connection> connection, Connection::open(url, ConnectionRole::Writer));
    CF_TRY(Migrator(*connection, clock).migrate());
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(*connection));
    CF_TRY(publishBuiltInWorkflow(*connection, clock));
    CF_ASSIGN(const QString known, setting(*connection, QStringLiteral("environment")));
    if (known.isEmpty()) {
        CF_TRY(setSetting(*connection, QStringLiteral("environment"), environment));
    }
    return transaction.commit();
}

} // namespace counterfoil
