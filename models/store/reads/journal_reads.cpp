// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/journal_reads.h"

#include "models/store/ledger_tables.h"

namespace counterfoil {

namespace {

constexpr int entriesPerPage = 1000;

const QString accountsSql = QStringLiteral(
    "SELECT a.id, a.owner_kind, a.owner_id, a.kind, a.currency, a.available, a.frozen, a.billed, a.version, a.status, "
    "coalesce(c.external_ref, m.external_ref, ''), coalesce(c.name, m.name, '') FROM account a "
    "LEFT JOIN customer c ON a.owner_kind = 'customer' AND c.id = a.owner_id "
    "LEFT JOIN merchant m ON a.owner_kind = 'merchant' AND m.id = a.owner_id ORDER BY a.id");

// An entry without postings is a row too: it belongs into the journal all the more.
const QString pageSql = QStringLiteral(
    "SELECT e.id, e.idempotency_key, e.kind, e.order_id, e.transaction_id, e.corrects_id, e.created_at, coalesce(o.order_no, ''), "
    "p.entry_id, p.line, p.account_id, p.bucket, p.currency, p.amount, p.balance_after "
    "FROM (SELECT * FROM ledger_entry WHERE id > ? ORDER BY id LIMIT ?) e "
    "LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN posting p ON p.entry_id = e.id ORDER BY e.id, p.line");

Result<void> addPosting(const Row& row, int firstColumn, JournalEntry& entry)
{
    if (row.isNull(firstColumn)) {
        return {};
    }
    detail::Read read{row, firstColumn};
    TableOf<Posting>::visit(read, entry.postings.emplace_back());
    return read.outcome;
}

} // namespace

Result<std::vector<JournalAccount>> journalAccounts(Connection& connection)
{
    std::vector<JournalAccount> accounts;
    CF_TRY(connection.query(accountsSql, {}, [&accounts](const Row& row) -> Result<void> {
        JournalAccount& account = accounts.emplace_back();
        detail::Read read{row};
        TableOf<Account>::visit(read, account.account);
        read("external_ref", account.ownerRef);
        read("name", account.ownerName);
        return read.outcome;
    }));
    return accounts;
}

Result<void> forEachJournalEntry(Connection& connection, const std::function<Result<void>(const JournalEntry&)>& each)
{
    LedgerEntryId last;
    while (true) {
        std::vector<JournalEntry> page;
        CF_TRY(connection.query(pageSql, {bound(last.value()), bound(entriesPerPage)}, [&page](const Row& row) -> Result<void> {
            const LedgerEntryId id = row.id<LedgerEntryId>(0);
            detail::Read read{row};
            if (page.empty() || page.back().entry.id != id) {
                JournalEntry& entry = page.emplace_back();
                TableOf<LedgerEntry>::visit(read, entry.entry);
                read("order_no", entry.orderNo);
                CF_TRY(read.outcome);
            }
            return addPosting(row, 8, page.back());
        }));
        if (page.empty()) {
            return {};
        }
        for (const JournalEntry& entry : page) {
            CF_TRY(each(entry));
        }
        last = page.back().entry.id;
    }
}

} // namespace counterfoil
