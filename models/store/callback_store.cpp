// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/callback_store.h"

namespace counterfoil {

Result<std::set<QString>> knownCallbacks(Connection& connection, const QString& gateway, const QStringList& eventIds)
{
    std::set<QString> known;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT event_id FROM gateway_callback WHERE gateway = ? AND event_id {texts}"), {gateway, connection.textList(eventIds)},
                            [&](const Row& row) -> Result<void> {
                                known.insert(row.text(0));
                                return {};
                            }));
    return known;
}

} // namespace counterfoil
