// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/balance_reads.h"

#include "models/store/ledger_tables.h"
#include "models/store/reads/entry_places.h"
#include "models/store/reads/lookups.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace counterfoil {

namespace {

const QString fromPostings = QStringLiteral("FROM posting p JOIN ledger_entry e ON e.id = p.entry_id");

/// What a posting adds to what its account has billed, as the invariant `billed_total` counts it. A refund of settled money is known by its
/// holds, which are captured as a whole; it counts with the entry's first line of the account.
QString billedShare(AccountKind kind)
{
    switch (kind) {
    case AccountKind::Wallet:
        return QStringLiteral("CASE WHEN e.kind = 'payment' AND p.bucket = 'frozen' OR e.kind = 'refund' AND p.bucket = 'available' THEN -p.amount ELSE 0 END");
    case AccountKind::Merchant:
        return QStringLiteral("CASE WHEN e.kind = 'settlement' AND p.bucket = 'available' THEN p.amount WHEN e.kind = 'refund' AND p.bucket = 'frozen' "
                              "AND p.line = (SELECT min(q.line) FROM posting q WHERE q.entry_id = p.entry_id AND q.account_id = p.account_id AND q.bucket = 'frozen') "
                              "THEN (SELECT CAST(-coalesce(sum(h.amount), 0) AS bigint) FROM hold h WHERE h.order_id = e.order_id AND h.transaction_id = e.transaction_id "
                              "AND h.account_id = p.account_id AND h.reason = 'refund' AND h.release_at IS NULL AND h.state = 'captured') ELSE 0 END");
    default: return QStringLiteral("0");
    }
}

/// The postings of a figure: the table they come from, what each adds, and which of the account's they are.
struct Selection {
    QString from;
    QString share;
    Condition condition;
};

Selection selectionOf(const Account& account, BalancePart part)
{
    Selection selection{QStringLiteral("FROM posting p"), QStringLiteral("p.amount"), {}};
    selection.condition.add(QStringLiteral("p.account_id = ?"), {bound(account.id)});
    if (part == BalancePart::Billed) {
        selection.from = fromPostings;
        selection.share = billedShare(account.kind);
        selection.condition.add(joined({selection.share, QStringLiteral("<> 0")}));
    } else if (part != BalancePart::Total) {
        selection.condition.add(QStringLiteral("p.bucket = ?"), {toString(part == BalancePart::Available ? Bucket::Available : Bucket::Frozen)});
    }
    return selection;
}

Selection selectionOf(const BalanceSlice& slice)
{
    Selection selection = selectionOf(slice.account, slice.part);
    selection.condition.add(QStringLiteral("p.entry_id <= ?"), {bound(slice.last.value())});
    return selection;
}

struct Added {
    qint64 postings = 0;
    Money sum;
};

Result<Added> addUp(Connection& connection, const Selection& selection, Currency currency)
{
    Added added;
    const QString sql = joined({QStringLiteral("SELECT count(*), CAST(coalesce(sum("), selection.share, QStringLiteral("), 0) AS bigint)"), selection.from, selection.condition.where()});
    CF_TRY(connection.query(sql, selection.condition.values, [&](const Row& row) -> Result<void> {
        added = {row.integer(0), Money(row.integer(1), currency)};
        return {};
    }));
    return added;
}

Result<Added> addUpBehind(Connection& connection, const Account& account, BalancePart part, LedgerEntryId last)
{
    Selection selection = selectionOf(account, part);
    selection.condition.add(QStringLiteral("p.entry_id > ?"), {bound(last.value())});
    return addUp(connection, selection, account.currency);
}

Result<Account> accountOf(Connection& connection, AccountId id)
{
    CF_ASSIGN(std::vector<Account> found, selectRows<Account>(connection, QStringLiteral("WHERE id = ?"), {bound(id)}));
    return found.empty() ? Result<Account>(fail(ErrorCode::NotFound, QStringLiteral("there is no account %1").arg(id.toText()))) : std::move(found.front());
}

Result<Money> statedBy(const Account& account, BalancePart part)
{
    switch (part) {
    case BalancePart::Available: return account.available;
    case BalancePart::Frozen: return account.frozen;
    case BalancePart::Total: return account.available.plus(account.frozen);
    case BalancePart::Billed: return account.billed;
    }
    assertionFailed("a figure of no kind");
}

void addBeyond(Condition& condition, const PageRequest& request)
{
    if (request.anchor) {
        const QStringList older{QStringLiteral("(p.entry_id, p.line) < (?, ?)"), QStringLiteral("(p.entry_id, p.line) <= (?, ?)")};
        const QStringList newer{QStringLiteral("(p.entry_id, p.line) > (?, ?)"), QStringLiteral("(p.entry_id, p.line) >= (?, ?)")};
        condition.add((request.backward ? newer : older)[request.inclusive ? 1 : 0], {bound(request.anchor->first), bound(request.anchor->second)});
    }
}

QString postingColumns()
{
    QStringList columns;
    for (const QString& column : tableText<Posting>().columns) {
        columns << QStringLiteral("p.") + column;
    }
    return columns.join(u',');
}

/// Puts what each adds, and the sums, in the place of amount and balance.
Result<void> countDown(std::vector<PostingRow>& rows, const std::vector<Money>& shares, Money top)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].posting.amount = shares[i];
        rows[i].posting.balanceAfter = top;
        CF_ASSIGN(top, top.minus(shares[i]));
    }
    return {};
}

} // namespace

bool BalanceProof::agrees() const
{
    const Result<Money> all = sum.plus(later);
    return all && *all == stated;
}

Result<BalanceSlice> balanceAsOf(Connection& connection, AccountId id, BalancePart part, UtcTime asOf)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    BalanceSlice slice;
    CF_ASSIGN(slice.account, accountOf(connection, id));
    slice.part = part;
    slice.asOf = asOf;
    CF_ASSIGN(slice.last, lastEntryBy(connection, id, asOf.isNone() ? UtcTime(std::numeric_limits<qint64>::max()) : asOf));
    CF_ASSIGN(const Added later, addUpBehind(connection, slice.account, part, slice.last));
    CF_ASSIGN(const Money stated, statedBy(slice.account, part));
    CF_ASSIGN(slice.balance, stated.minus(later.sum));
    CF_TRY(view.commit());
    return slice;
}

Result<BalanceProof> proveBalance(Connection& connection, const BalanceSlice& slice)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    CF_ASSIGN(const Account account, accountOf(connection, slice.account.id));
    CF_ASSIGN(const Added made, addUp(connection, selectionOf(slice), account.currency));
    CF_ASSIGN(const Added later, addUpBehind(connection, account, slice.part, slice.last));
    CF_ASSIGN(const Money stated, statedBy(account, slice.part));
    CF_TRY(view.commit());
    return BalanceProof{made.postings, made.sum, later.postings, later.sum, stated};
}

Result<std::vector<PostingRow>> balancePage(Connection& connection, const BalanceSlice& slice, const PageRequest& request)
{
    Selection selection = selectionOf(slice);
    addBeyond(selection.condition, request);
    // The sign keeps SQLite from walking through all accounts' postings in the order of their key.
    const QString order = request.backward ? QStringLiteral("ORDER BY p.entry_id, +p.line") : QStringLiteral("ORDER BY p.entry_id DESC, +p.line DESC");
    const QString sql = joined({QStringLiteral("SELECT e.kind, e.created_at, e.order_id, coalesce(o.order_no, ''), page.share,"), postingColumns(),
                                QStringLiteral("FROM (SELECT p.entry_id AS k, p.line AS l,"), selection.share, QStringLiteral("AS share"), selection.from, selection.condition.where(), order,
                                QStringLiteral("LIMIT ? OFFSET ?) AS page JOIN posting p ON p.entry_id = page.k AND p.line = page.l "
                                               "JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN orders o ON o.id = e.order_id ORDER BY p.entry_id DESC, p.line DESC")});
    std::vector<PostingRow> rows;
    std::vector<Money> shares;
    CF_TRY(connection.query(sql, selection.condition.values << bound(request.limit) << bound(request.skip), [&](const Row& row) -> Result<void> {
        PostingRow& posting = rows.emplace_back();
        detail::Read read{row};
        read("kind", posting.kind);
        read("created_at", posting.at);
        read("order_id", posting.order);
        read("order_no", posting.orderNo);
        qint64 share = 0;
        read("share", share);
        shares.emplace_back(share, slice.account.currency);
        TableOf<Posting>::visit(read, posting.posting);
        posting.accountKind = slice.account.kind;
        posting.ownerKind = slice.account.ownerKind;
        return read.outcome;
    }));
    if (rows.empty()) {
        return rows;
    }
    Selection newer = selectionOf(slice);
    addBeyond(newer.condition, {.anchor = RowKey{rows.front().posting.entry.value(), rows.front().posting.line}, .backward = true});
    CF_ASSIGN(const Added above, addUp(connection, newer, slice.account.currency));
    CF_ASSIGN(const Money top, slice.balance.minus(above.sum));
    CF_TRY(countDown(rows, shares, top));
    return rows;
}

Result<qint64> balanceCount(Connection& connection, const BalanceSlice& slice)
{
    const Selection selection = selectionOf(slice);
    return integer(connection, joined({QStringLiteral("SELECT count(*)"), selection.from, selection.condition.where()}), selection.condition.values);
}

Result<qint64> balanceCountBefore(Connection& connection, const BalanceSlice& slice, RowKey key)
{
    Selection selection = selectionOf(slice);
    addBeyond(selection.condition, {.anchor = key, .backward = true});
    return integer(connection, joined({QStringLiteral("SELECT count(*)"), selection.from, selection.condition.where()}), selection.condition.values);
}

Result<BalanceHistory> balanceHistory(Connection& connection, AccountId id, UtcTime from, UtcTime to, int spans)
{
    require(spans > 0, "a history has spans");
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    BalanceHistory history;
    CF_ASSIGN(history.account, accountOf(connection, id));
    CF_ASSIGN(const std::optional<EntryPlace> oldest, firstEntry(connection, id));
    history.from = from.isNone() && oldest ? oldest->at : from;
    history.to = std::max(to, history.from);
    if (!oldest) {
        return history;
    }
    LedgerEntryId before;
    if (!from.isNone()) {
        CF_ASSIGN(before, lastEntryBy(connection, id, from));
    }
    const qint64 width = (history.to - history.from).micros() / spans + 1;
    const QString sql = joined({QStringLiteral("SELECT CASE WHEN e.created_at <= ? THEN 0 WHEN e.created_at >= ? THEN ? ELSE (e.created_at - ?) / ? END AS span, "
                                               "max(e.created_at), max(p.entry_id), CAST(sum(CASE WHEN p.bucket = 'available' THEN p.amount ELSE 0 END) AS bigint), "
                                               "CAST(sum(CASE WHEN p.bucket = 'frozen' THEN p.amount ELSE 0 END) AS bigint), CAST(sum("),
                                billedShare(history.account.kind), QStringLiteral(") AS bigint)"), fromPostings,
                                QStringLiteral("WHERE p.account_id = ? AND p.entry_id > ? AND e.id > ? GROUP BY 1 ORDER BY 1 DESC")});
    const Currency currency = history.account.currency;
    BalancePoint point{{}, {}, history.account.available, history.account.frozen, history.account.billed};
    const QVariantList values{bound(history.from), bound(history.to), bound(spans - 1), bound(history.from), bound(width), bound(id), bound(before.value()), bound(before.value())};
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        point.at = std::clamp(row.time(1), history.from, history.to);
        point.last = row.id<LedgerEntryId>(2);
        history.points.push_back(point);
        CF_ASSIGN(point.available, point.available.minus(Money(row.integer(3), currency)));
        CF_ASSIGN(point.frozen, point.frozen.minus(Money(row.integer(4), currency)));
        CF_ASSIGN(point.billed, point.billed.minus(Money(row.integer(5), currency)));
        return {};
    }));
    point.at = history.from;
    point.last = before;
    history.points.push_back(point);
    std::ranges::reverse(history.points);
    CF_TRY(view.commit());
    return history;
}

} // namespace counterfoil
