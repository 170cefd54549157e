// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/id_pages.h"

namespace counterfoil {

BoundText idsOfPage(IdList list, const PageRequest& request)
{
    if (request.anchor) {
        const QStringList older{QStringLiteral("id < ?"), QStringLiteral("id <= ?")};
        const QStringList newer{QStringLiteral("id > ?"), QStringLiteral("id >= ?")};
        list.condition.add((request.backward ? newer : older)[request.inclusive ? 1 : 0], {bound(request.anchor->first)});
    }
    const QString order = request.backward ? QStringLiteral("ORDER BY id") : QStringLiteral("ORDER BY id DESC");
    return {joined({QStringLiteral("SELECT id FROM"), list.table, list.condition.where(), order, QStringLiteral("LIMIT ? OFFSET ?")}),
            list.condition.values << bound(request.limit) << bound(request.skip)};
}

Result<qint64> idCount(Connection& connection, const IdList& list)
{
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM"), list.table, list.condition.where()}), list.condition.values);
}

Result<qint64> idCountBefore(Connection& connection, IdList list, RowKey key)
{
    list.condition.add(QStringLiteral("id > ?"), {bound(key.first)});
    return idCount(connection, list);
}

Result<std::vector<RowKey>> idAnchors(Connection& connection, IdList list, std::optional<RowKey> after, int stride, int strides)
{
    if (after) {
        list.condition.add(QStringLiteral("id < ?"), {bound(after->first)});
    }
    const QString sql = joined({QStringLiteral("SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM"), list.table, list.condition.where(),
                                QStringLiteral("ORDER BY id DESC LIMIT ?) AS walked WHERE n % ? = 0 ORDER BY n")});
    CF_ASSIGN(const auto ids, integers(connection, sql, list.condition.values << bound(qint64{stride} * strides) << bound(stride)));
    std::vector<RowKey> keys;
    for (const qint64 id : ids) {
        keys.push_back({id, 0});
    }
    return keys;
}

Result<void> keepNewest(Connection& connection, IdList& list)
{
    const QString sql = joined({QStringLiteral("SELECT id FROM"), list.table, QStringLiteral("ORDER BY id DESC LIMIT 1 OFFSET ?")});
    CF_ASSIGN(const qint64 oldest, integer(connection, sql, {bound(newestLookedAt)}));
    if (oldest != 0) {
        list.condition.add(QStringLiteral("id > ?"), {bound(oldest)});
    }
    return {};
}

} // namespace counterfoil
