// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/entry_places.h"

#include "models/base/id_source.h"
#include "models/store/reads/lookups.h"

#include <algorithm>
#include <limits>

namespace counterfoil {

namespace {

Result<std::optional<EntryPlace>> oneEntry(Connection& connection, const QString& condition, AccountId account, qint64 id)
{
    std::optional<EntryPlace> found;
    // The posting first and alone: joined, PostgreSQL walks along the ledger until it meets one of the account.
    const QString sql = joined({QStringLiteral("SELECT k, (SELECT created_at FROM ledger_entry WHERE id = k) FROM (SELECT entry_id AS k FROM posting WHERE account_id = ? AND"), condition,
                                QStringLiteral("LIMIT 1) AS place")});
    CF_TRY(connection.query(sql, {bound(account), bound(id)}, [&](const Row& row) -> Result<void> {
        found = EntryPlace{row.id<LedgerEntryId>(0), row.time(1)};
        return {};
    }));
    return found;
}

/// The account's first entry whose id is this at least.
Result<std::optional<EntryPlace>> entryFrom(Connection& connection, AccountId account, qint64 id)
{
    return oneEntry(connection, QStringLiteral("entry_id >= ? ORDER BY entry_id"), account, id);
}

/// The account's last entry whose id is this at most.
Result<std::optional<EntryPlace>> entryUpTo(Connection& connection, AccountId account, qint64 id)
{
    return oneEntry(connection, QStringLiteral("entry_id <= ? ORDER BY entry_id DESC"), account, id);
}

} // namespace

Result<std::optional<EntryPlace>> firstEntry(Connection& connection, AccountId account)
{
    return entryFrom(connection, account, 1);
}

Result<LedgerEntryId> lastEntryBy(Connection& connection, AccountId account, UtcTime moment)
{
    CF_ASSIGN(const std::optional<EntryPlace> newest, entryUpTo(connection, account, std::numeric_limits<qint64>::max()));
    if (!newest || newest->at <= moment) {
        return newest ? newest->entry : LedgerEntryId();
    }
    // Ids tell nearly when they were made: a look at the place that the moment's id would have is mostly enough, and else wider and wider steps
    // and then halving find it. Everything below `low` was posted by then, nothing from `high` on was.
    LedgerEntryId last;
    qint64 low = 1;
    qint64 high = newest->entry.value();
    qint64 stride = Duration::seconds(1).milliseconds() << 22;
    qint64 place = std::clamp(IdSource::leastAt(moment + Duration(1)), low, high);
    while (low < high) {
        CF_ASSIGN(const std::optional<EntryPlace> from, entryFrom(connection, account, place));
        if (from && from->at <= moment) {
            last = from->entry;
            low = last.value() + 1;
            place = low + std::min(stride, (high - low) / 2);
            stride = stride < high / 16 ? stride * 16 : high;
            continue;
        }
        CF_ASSIGN(const std::optional<EntryPlace> before, entryUpTo(connection, account, place - 1));
        if (!before || before->at <= moment) {
            return before ? before->entry : LedgerEntryId();
        }
        high = before->entry.value();
        place = low + (high - low) / 2;
    }
    return last;
}

} // namespace counterfoil
