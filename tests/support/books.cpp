// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/books.h"

#include "resources/resources.h"

#include <QFile>

namespace counterfoil {

namespace {

constexpr qsizetype linesShownMax = 40;

using Lines = std::map<QString, QString>;

QStringList differencesOf(const QString& what, const Lines& ours, const Lines& theirs)
{
    const QString nothing = QStringLiteral("nothing");
    QStringList found;
    for (const auto& [name, value] : ours) {
        const auto other = theirs.find(name);
        if (other == theirs.end() || other->second != value) {
            found << QStringLiteral("%1 %2: %3, the other has %4").arg(what, name, value, other == theirs.end() ? nothing : other->second);
        }
    }
    for (const auto& [name, value] : theirs) {
        if (!ours.contains(name)) {
            found << QStringLiteral("%1 %2: %3, the other has %4").arg(what, name, nothing, value);
        }
    }
    if (found.size() > linesShownMax) {
        const qsizetype more = found.size() - linesShownMax;
        found = found.first(linesShownMax);
        found << QStringLiteral("%1: and %2 more").arg(what).arg(more);
    }
    return found;
}

Result<Lines> readLines(Connection& connection, const QString& sql)
{
    Lines lines;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        lines.insert_or_assign(row.text(0), row.text(1));
        return {};
    }));
    return lines;
}

Result<QStringList> readTexts(Connection& connection, const QString& sql)
{
    QStringList texts;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        texts << row.text(0);
        return {};
    }));
    return texts;
}

Result<qint64> readNumber(Connection& connection, const QString& sql)
{
    qint64 number = 0;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        number = row.integer(0);
        return {};
    }));
    return number;
}

} // namespace

QStringList Books::differences(const Books& other) const
{
    QStringList found = differencesOf(QStringLiteral("account"), accounts, other.accounts);
    found << differencesOf(QStringLiteral("order"), orders, other.orders);
    found << differencesOf(QStringLiteral("stock"), stock, other.stock);
    found << differencesOf(QStringLiteral("entries"), entries, other.entries);
    return found;
}

Result<Books> readBooks(Connection& connection)
{
    CF_ASSIGN(const DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    Books books;
    CF_ASSIGN(books.accounts, readLines(connection, QStringLiteral("SELECT a.owner_kind || ' ' || coalesce(c.external_ref, m.external_ref, '') || ' ' || a.kind || ' ' || a.currency,"
                                                                   " 'available ' || a.available || ' frozen ' || a.frozen || ' billed ' || a.billed FROM account a"
                                                                   " LEFT JOIN customer c ON a.owner_kind = 'customer' AND c.id = a.owner_id"
                                                                   " LEFT JOIN merchant m ON a.owner_kind = 'merchant' AND m.id = a.owner_id")));
    CF_ASSIGN(books.orders, readLines(connection, QStringLiteral("SELECT order_no, state || ' payable ' || payable || ' paid ' || paid || ' refunded ' || refunded || ' wallet ' ||"
                                                                 " wallet_part || ' gateway ' || gateway_part FROM orders")));
    CF_ASSIGN(books.stock, readLines(connection, QStringLiteral("SELECT s.code || ' at ' || w.code, 'on hand ' || t.on_hand || ' frozen ' || t.frozen"
                                                                " FROM stock t JOIN sku s ON s.id = t.sku_id JOIN warehouse w ON w.id = t.warehouse_id")));
    CF_ASSIGN(books.entries, readLines(connection, QStringLiteral("SELECT e.kind, count(DISTINCT e.id) || ' with ' || count(*) || ' postings'"
                                                                  " FROM ledger_entry e JOIN posting p ON p.entry_id = e.id GROUP BY e.kind")));
    CF_TRY(connection.query(QStringLiteral("SELECT state, count(*) FROM orders GROUP BY state"), {}, [&](const Row& row) -> Result<void> {
        books.states.insert_or_assign(row.text(0), row.integer(1));
        return {};
    }));
    CF_ASSIGN(books.clearingMinor, readNumber(connection, QStringLiteral("SELECT available + frozen FROM account WHERE owner_kind = 'system' AND kind = 'clearing'")));
    CF_ASSIGN(books.cardPayments, readNumber(connection, QStringLiteral("SELECT count(*) FROM payment_transaction WHERE kind = 'payment' AND status = 'succeeded' AND gateway_part > 0")));
    CF_ASSIGN(books.paidTwice, readTexts(connection, QStringLiteral("SELECT o.order_no FROM orders o JOIN payment_transaction t ON t.order_id = o.id"
                                                                    " WHERE t.kind = 'payment' AND t.status = 'succeeded' GROUP BY o.order_no HAVING count(*) > 1 ORDER BY o.order_no")));
    CF_ASSIGN(books.openCases, readTexts(connection, QStringLiteral("SELECT kind || ': ' || detail FROM intervention_case WHERE state = 'open' ORDER BY id")));
    return books;
}

Result<void> writeSuperstoreSlice(const QString& path, int orders)
{
    initResources();
    QFile whole(QStringLiteral(":/counterfoil/demo/superstore/superstore.csv"));
    QFile slice(path);
    if (!whole.open(QFile::ReadOnly)) {
        return fail(ErrorCode::FileUnreadable, whole.fileName());
    }
    if (!slice.open(QFile::WriteOnly)) {
        return fail(ErrorCode::FileNotWritable, path);
    }
    slice.write(whole.readLine());
    QByteArray current;
    for (int begun = 0; !whole.atEnd();) {
        const QByteArray line = whole.readLine();
        // The order's number is the second field; the one before it and itself need no quotes.
        const QByteArray order = line.split(',').value(1);
        begun += order != current ? 1 : 0;
        if (begun > orders) {
            break;
        }
        current = order;
        slice.write(line);
    }
    slice.close();
    return slice.error() == QFile::NoError ? Result<void>() : fail(ErrorCode::FileNotWritable, path);
}

} // namespace counterfoil
