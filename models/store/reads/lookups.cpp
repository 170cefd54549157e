// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/lookups.h"

#include "models/base/text.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int scannedMax = 20'000;

/// As typed, and as names are usually written.
QStringList spellings(const QString& text)
{
    QStringList spellings{text};
    QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    for (QString& word : words) {
        word[0] = word[0].toUpper();
    }
    const QString titled = words.join(u' ');
    if (titled != text) {
        spellings << titled;
    }
    return spellings;
}

void addNew(std::vector<qint64>& ids, const std::vector<qint64>& more, int limit)
{
    for (const qint64 id : more) {
        if (std::ssize(ids) < limit && std::ranges::find(ids, id) == ids.end()) {
            ids.push_back(id);
        }
    }
}

struct IdSearch {
    const char* prefix;
    /// Where it leads, by one id that is bound.
    const char* sql;
    OrderId Landing::*order;
    AccountId Landing::*account;
};

/// Kinds of ids that lead elsewhere, each with the statement that finds where.
constexpr std::array idSearches{
    IdSearch{"ord", "SELECT id FROM orders WHERE id = ?", &Landing::order, nullptr},
    IdSearch{"sub", "SELECT order_id FROM sub_order WHERE id = ?", &Landing::order, nullptr},
    IdSearch{"item", "SELECT order_id FROM order_item WHERE id = ?", &Landing::order, nullptr},
    IdSearch{"oev", "SELECT order_id FROM order_event WHERE id = ?", &Landing::order, nullptr},
    IdSearch{"txn", "SELECT order_id FROM payment_transaction WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"txn", "SELECT account_id FROM payment_transaction WHERE id = ? AND order_id IS NULL AND account_id IS NOT NULL", nullptr, &Landing::account},
    IdSearch{"acc", "SELECT id FROM account WHERE id = ?", nullptr, &Landing::account},
    IdSearch{"hold", "SELECT order_id FROM hold WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"hold", "SELECT account_id FROM hold WHERE id = ? AND order_id IS NULL", nullptr, &Landing::account},
    IdSearch{"hmv", "SELECT h.account_id FROM hold_movement m JOIN hold h ON h.id = m.hold_id WHERE m.id = ?", nullptr, &Landing::account},
    IdSearch{"ent", "SELECT order_id FROM ledger_entry WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"ent", "SELECT p.account_id FROM posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.id = ? AND e.order_id IS NULL ORDER BY p.line",
             nullptr, &Landing::account},
    IdSearch{"exch",
             "SELECT coalesce(x.order_id, t.order_id) FROM gateway_exchange x LEFT JOIN payment_transaction t ON t.id = x.transaction_id "
             "WHERE x.id = ? AND coalesce(x.order_id, t.order_id) IS NOT NULL",
             &Landing::order, nullptr},
    IdSearch{"cb", "SELECT order_id FROM gateway_callback WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"cb",
             "SELECT t.order_id FROM gateway_callback c JOIN payment_transaction t ON t.gateway_ref = c.object_ref AND t.gateway_ref <> '' "
             "WHERE c.id = ? AND t.order_id IS NOT NULL",
             &Landing::order, nullptr},
    IdSearch{"tcc", "SELECT order_id FROM tcc_transaction WHERE gid = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"job", "SELECT order_id FROM job WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"case", "SELECT order_id FROM intervention_case WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
    IdSearch{"rsv", "SELECT order_id FROM stock_reservation WHERE id = ?", &Landing::order, nullptr},
    IdSearch{"grant", "SELECT order_id FROM coupon_grant WHERE id = ? AND order_id IS NOT NULL", &Landing::order, nullptr},
};

} // namespace

void Condition::add(const QString& term, const QVariantList& bound)
{
    terms << term;
    values += bound;
}

void Condition::addOneOf(const QString& column, const QStringList& texts)
{
    if (!texts.isEmpty()) {
        const QStringList marks(texts.size(), QStringLiteral("?"));
        add(joined({column, QStringLiteral("IN ("), marks.join(u','), QStringLiteral(")")}), QVariantList(texts.cbegin(), texts.cend()));
    }
}

QString Condition::where() const
{
    return terms.isEmpty() ? QString() : joined({QString(), QStringLiteral("WHERE"), terms.join(QStringLiteral(" AND "))});
}

QString joined(const QStringList& words)
{
    return words.join(u' ');
}

QString prefixTerm(DatabaseKind kind, const QString& column)
{
    // SQLite's LIKE ignores case and therefore the index; PostgreSQL's collations may disagree about the upper bound of a range.
    return kind == DatabaseKind::Sqlite ? joined({u'(' + column, QStringLiteral(">= ? AND"), column, QStringLiteral("< ?)")})
                                        : joined({u'(' + column, QStringLiteral(">= ? AND"), column, QStringLiteral("LIKE ? ESCAPE '!')")});
}

namespace {

QString escaped(QString text)
{
    return text.replace(u'!', QStringLiteral("!!")).replace(u'%', QStringLiteral("!%")).replace(u'_', QStringLiteral("!_"));
}

} // namespace

QVariantList prefixValues(DatabaseKind kind, const QString& text)
{
    static const QString beyondAll = QString::fromUcs4(U"\U0010FFFD");
    return {text, kind == DatabaseKind::Sqlite ? text + beyondAll : escaped(text) + u'%'};
}

QString anywherePattern(const QString& text)
{
    return u'%' + escaped(text.toLower()) + u'%';
}

Result<std::vector<qint64>> integers(Connection& connection, const QString& sql, const QVariantList& values)
{
    std::vector<qint64> result;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        result.push_back(row.integer(0));
        return {};
    }));
    return result;
}

Result<qint64> integer(Connection& connection, const QString& sql, const QVariantList& values)
{
    CF_ASSIGN(const auto all, integers(connection, sql, values));
    return all.empty() ? 0 : all.front();
}

Result<std::vector<qint64>> customersLike(Connection& connection, const QString& text, int limit)
{
    CF_ASSIGN(std::vector<qint64> ids, integers(connection, QStringLiteral("SELECT id FROM customer WHERE external_ref = ?"), {text}));
    const QString byName = joined({QStringLiteral("SELECT id FROM customer WHERE"), prefixTerm(connection.kind(), QStringLiteral("name")),
                                   QStringLiteral("ORDER BY name LIMIT ?")});
    for (const QString& spelling : spellings(text)) {
        CF_ASSIGN(const auto found, integers(connection, byName, prefixValues(connection.kind(), spelling) << bound(limit)));
        addNew(ids, found, limit);
    }
    if (text.size() >= 2) {
        const QString pattern = anywherePattern(text);
        CF_ASSIGN(const auto found,
                  integers(connection,
                           QStringLiteral("SELECT id FROM (SELECT id, name, email FROM customer ORDER BY id DESC LIMIT ?) AS newest "
                                          "WHERE lower(name) LIKE ? ESCAPE '!' OR lower(email) LIKE ? ESCAPE '!' ORDER BY id DESC LIMIT ?"),
                           {bound(scannedMax), pattern, pattern, bound(limit)}));
        addNew(ids, found, limit);
    }
    return ids;
}

Result<std::vector<qint64>> merchantsLike(Connection& connection, const QString& text, int limit)
{
    const QString pattern = anywherePattern(text);
    return integers(connection,
                    QStringLiteral("SELECT id FROM (SELECT id, name, external_ref FROM merchant ORDER BY id DESC LIMIT ?) AS newest "
                                   "WHERE lower(name) LIKE ? ESCAPE '!' OR external_ref = ? ORDER BY name LIMIT ?"),
                    {bound(scannedMax), pattern, text, bound(limit)});
}

Result<Landing> landingOf(Connection& connection, const QString& text)
{
    Landing landing;
    const QString prefix = idPrefix(text);
    if (prefix.isEmpty()) {
        return landing;
    }
    for (const IdSearch& search : idSearches) {
        if (prefix != QLatin1String(search.prefix) || !landing.isNone()) {
            continue;
        }
        const auto id = parseId(search.prefix, text);
        if (!id) {
            return landing;
        }
        CF_ASSIGN(const qint64 found, integer(connection, QString::fromLatin1(search.sql), {bound(*id)}));
        if (search.order) {
            landing.*search.order = OrderId(found);
        } else {
            landing.*search.account = AccountId(found);
        }
    }
    if (const auto customer = CustomerId::parse(text)) {
        CF_ASSIGN(const qint64 found, integer(connection, QStringLiteral("SELECT id FROM customer WHERE id = ?"), {bound(*customer)}));
        landing.customer = CustomerId(found);
    } else if (const auto merchant = MerchantId::parse(text)) {
        CF_ASSIGN(const qint64 found, integer(connection, QStringLiteral("SELECT id FROM merchant WHERE id = ?"), {bound(*merchant)}));
        landing.merchant = MerchantId(found);
    }
    return landing;
}

Result<OrderId> orderOfGatewayRef(Connection& connection, const QString& reference)
{
    if (reference.isEmpty()) {
        return OrderId();
    }
    // `<> ''` lets the partial index serve it.
    CF_ASSIGN(const qint64 found,
              integer(connection,
                      QStringLiteral("SELECT order_id FROM payment_transaction WHERE gateway_ref = ? AND gateway_ref <> '' AND order_id IS NOT NULL"),
                      {reference}));
    if (found != 0) {
        return OrderId(found);
    }
    CF_ASSIGN(const qint64 called,
              integer(connection, QStringLiteral("SELECT order_id FROM gateway_callback WHERE object_ref = ? AND order_id IS NOT NULL"), {reference}));
    return OrderId(called);
}

Result<OrderId> orderOfNumber(Connection& connection, const QString& orderNo)
{
    CF_ASSIGN(const qint64 found, integer(connection, QStringLiteral("SELECT id FROM orders WHERE order_no = ?"), {orderNo}));
    return OrderId(found);
}

Result<OrderId> orderOfReference(Connection& connection, const QString& reference)
{
    if (const auto id = OrderId::parse(reference)) {
        CF_ASSIGN(const auto known, integers(connection, QStringLiteral("SELECT id FROM orders WHERE id = ?"), {bound(*id)}));
        if (!known.empty()) {
            return *id;
        }
    }
    CF_ASSIGN(const OrderId byNumber, orderOfNumber(connection, reference));
    if (byNumber.isNone()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no order '%1'").arg(visibleText(reference, 128)));
    }
    return byNumber;
}

} // namespace counterfoil
