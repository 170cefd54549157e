// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/books_watch.h"

#include "models/store/ledger_tables.h"

namespace counterfoil {

Result<QStringList> BooksWatch::look()
{
    QStringList wrong;
    CF_TRY(follow(wrong));
    CF_TRY(compare(wrong));
    return wrong;
}

Result<void> BooksWatch::follow(QStringList& wrong)
{
    CF_ASSIGN(const std::vector<Posting> added, selectRows<Posting>(m_connection, QStringLiteral("WHERE rowid > ? ORDER BY rowid"), {m_postings}));
    m_postings += static_cast<qint64>(added.size());
    // No posting is zero, so an entry that is balanced has two at least.
    std::map<std::pair<LedgerEntryId, QString>, qint64> sums;
    for (const Posting& posting : added) {
        sums[{posting.entry, posting.currency.code()}] += posting.amount.minor();
        qint64& balance = m_balances[posting.account][posting.bucket];
        balance += posting.amount.minor();
        if (posting.balanceAfter.minor() != balance) {
            wrong << QStringLiteral("running_balance, %1 line %2 leaves %3, not %4").arg(posting.entry.toText()).arg(posting.line).arg(balance).arg(posting.balanceAfter.minor());
        }
        const Currency first = m_currencies.try_emplace(posting.account, posting.currency).first->second;
        if (first != posting.currency) {
            wrong << QStringLiteral("currency_agrees, %1 has postings in %2 and %3").arg(posting.account.toText(), first.code(), posting.currency.code());
        }
    }
    for (const auto& [key, sum] : sums) {
        if (sum != 0) {
            wrong << QStringLiteral("entry_balanced, %1 sums to %2 %3").arg(key.first.toText()).arg(sum).arg(key.second);
        }
    }
    return {};
}

Result<void> BooksWatch::compare(QStringList& wrong)
{
    const QString sql = QStringLiteral("SELECT id, available, frozen, owner_kind = 'system' FROM account");
    return m_connection.query(sql, {}, [this, &wrong](const Row& row) -> Result<void> {
        const AccountId id(row.integer(0));
        const qint64 available = row.integer(1);
        const qint64 frozen = row.integer(2);
        Balances& known = m_balances[id];
        if (available != known[Bucket::Available] || frozen != known[Bucket::Frozen]) {
            wrong << QStringLiteral("account_balance, %1 has %2 and %3 frozen, its postings sum to %4 and %5")
                         .arg(id.toText()).arg(available).arg(frozen).arg(known[Bucket::Available]).arg(known[Bucket::Frozen]);
        }
        if (row.integer(3) == 0 && (available < 0 || frozen < 0)) {
            wrong << QStringLiteral("owner_not_negative, %1 has %2 and %3 frozen").arg(id.toText()).arg(available).arg(frozen);
        }
        return {};
    });
}

} // namespace counterfoil
