// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/search_reads.h"

#include "models/store/ledger_tables.h"
#include "models/store/order_tables.h"
#include "models/store/reads/account_reads.h"
#include "models/store/reads/lookups.h"

#include <QRegularExpression>

#include <algorithm>

namespace counterfoil {

namespace {

/// Amounts and card digits have no index: the newest rows are looked at, no more.
constexpr int scannedMax = 50'000;
constexpr int textMax = 200;

class Hits {
public:
    Hits(Connection& connection, int limit) : m_connection(connection), m_limit(limit) {}

    bool full() const { return std::ssize(m_hits) >= m_limit; }
    int room() const { return m_limit - static_cast<int>(m_hits.size()); }
    std::vector<SearchHit> take() { return std::move(m_hits); }

    void add(SearchHit hit)
    {
        const bool known = std::ranges::any_of(m_hits, [&](const SearchHit& other) { return other.kind == hit.kind && other.id == hit.id; });
        if (!known && !full()) {
            m_hits.push_back(std::move(hit));
        }
    }

    /// In the order of the ids.
    Result<void> addOrders(const std::vector<qint64>& ids)
    {
        if (ids.empty()) {
            return {};
        }
        CF_ASSIGN(const auto orders, selectRows<Order>(m_connection, QStringLiteral("WHERE id {ids}"), {m_connection.idList(ids)}));
        for (const qint64 id : ids) {
            const auto order = std::ranges::find(orders, OrderId(id), &Order::id);
            if (order != orders.end()) {
                add({SearchKind::Order, id, order->id.toText(), order->orderNo,
                     QStringList{order->buyerName, order->payable.toText(), order->state}.join(QStringLiteral(" · "))});
            }
        }
        return {};
    }

    Result<void> addAccount(AccountId id)
    {
        CF_ASSIGN(const auto rows, accountPage(m_connection, {}, {.anchor = RowKey{id.value(), 0}, .inclusive = true, .limit = 1}));
        if (!rows.empty() && rows.front().account.id == id) {
            const Account& account = rows.front().account;
            const QString kind = toString(account.kind);
            add({SearchKind::Account, id.value(), id.toText(), rows.front().ownerName.isEmpty() ? kind : rows.front().ownerName,
                 QStringList{kind, account.available.toText()}.join(QStringLiteral(" · "))});
        }
        return {};
    }

    /// People and shops, each followed by its accounts.
    Result<void> addOwners(SearchKind kind, const std::vector<qint64>& ids)
    {
        const bool customers = kind == SearchKind::Customer;
        const QString sql = customers ? QStringLiteral("SELECT name, email FROM customer WHERE id = ?") : QStringLiteral("SELECT name, external_ref FROM merchant WHERE id = ?");
        for (const qint64 id : ids) {
            if (full()) {
                break;
            }
            CF_TRY(m_connection.query(sql, {bound(id)}, [&](const Row& row) -> Result<void> {
                add({kind, id, customers ? CustomerId(id).toText() : MerchantId(id).toText(), row.text(0), row.text(1)});
                return {};
            }));
            CF_ASSIGN(const auto accounts, integers(m_connection, QStringLiteral("SELECT id FROM account WHERE owner_kind = ? AND owner_id = ? ORDER BY id LIMIT 10"),
                                                    {toString(customers ? OwnerKind::Customer : OwnerKind::Merchant), bound(id)}));
            for (const qint64 account : accounts) {
                CF_TRY(addAccount(AccountId(account)));
            }
        }
        return {};
    }

private:
    Connection& m_connection;
    const int m_limit;
    std::vector<SearchHit> m_hits;
};

bool isDigits(const QString& text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
}

/// Without the commas between groups of three digits, as the console writes and copies amounts; as it is if they stand elsewhere.
QString ungrouped(const QString& number)
{
    static const QRegularExpression grouped(QStringLiteral(R"(^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$)"));
    return grouped.match(number).hasMatch() ? QString(number).remove(u',') : number;
}

/// `1,261.96` or `1261.96 USD`. What an amount is in minor units depends on its currency, so every row is compared in its own.
Result<std::vector<qint64>> ordersCosting(Connection& connection, const QString& text, int limit)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    std::vector<qint64> found;
    const QString number = ungrouped(words.value(0));
    const bool plausible = words.size() <= 2 && !number.isEmpty() && std::ranges::all_of(number, [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; });
    if (!plausible || (words.size() == 2 && !Currency::parse(words[1]))) {
        return found;
    }
    CF_ASSIGN(const Currency two, Currency::parse(u"USD"));
    CF_ASSIGN(const Currency none, Currency::parse(u"JPY"));
    CF_ASSIGN(const Currency three, Currency::parse(u"KWD"));
    QVariantList values{bound(scannedMax)};
    for (const Currency& currency : {two, none, three}) {
        values << bound(Money::fromDecimal(number, currency).value_or(Money(qint64{-1}, currency)).minor());
    }
    const QString payable = QStringLiteral("SELECT id, currency, payable FROM (SELECT id, currency, payable FROM orders ORDER BY id DESC LIMIT ?) AS newest "
                                           "WHERE payable IN (?, ?, ?) ORDER BY id DESC LIMIT 1000");
    // What stands on the buyer's card statement is less when the wallet paid a part.
    const QString charged = QStringLiteral("SELECT order_id, currency, gateway_part FROM (SELECT order_id, currency, gateway_part FROM payment_transaction "
                                           "ORDER BY id DESC LIMIT ?) AS newest WHERE gateway_part IN (?, ?, ?) AND order_id IS NOT NULL ORDER BY order_id DESC LIMIT 1000");
    for (const QString& sql : {payable, charged}) {
        CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
            CF_ASSIGN(const Currency currency, Currency::parse(row.text(1)));
            const auto wanted = Money::fromDecimal(number, currency);
            const bool inCurrency = words.size() == 1 || words[1].toUpper() == currency.code();
            const bool isNew = std::ranges::find(found, row.integer(0)) == found.end();
            if (wanted && inCurrency && isNew && wanted->minor() == row.integer(2) && std::ssize(found) < limit) {
                found.push_back(row.integer(0));
            }
            return {};
        }));
    }
    return found;
}

} // namespace

Result<std::vector<SearchHit>> findAnything(Connection& connection, const QString& given, int limit)
{
    const QString text = given.trimmed().left(textMax);
    Hits hits(connection, limit);
    if (text.isEmpty() || limit <= 0) {
        return hits.take();
    }
    CF_ASSIGN(const Landing landing, landingOf(connection, text));
    if (!landing.isNone()) {
        CF_TRY(hits.addOrders(landing.order.isNone() ? std::vector<qint64>{} : std::vector{landing.order.value()}));
        if (!landing.account.isNone()) {
            CF_TRY(hits.addAccount(landing.account));
        }
        if (!landing.customer.isNone()) {
            CF_TRY(hits.addOwners(SearchKind::Customer, {landing.customer.value()}));
        }
        if (!landing.merchant.isNone()) {
            CF_TRY(hits.addOwners(SearchKind::Merchant, {landing.merchant.value()}));
        }
        return hits.take();
    }
    CF_ASSIGN(const OrderId referred, orderOfGatewayRef(connection, text));
    if (!referred.isNone()) {
        CF_TRY(hits.addOrders({referred.value()}));
        return hits.take();
    }
    const QString byNumber = joined({QStringLiteral("SELECT id FROM orders WHERE"), prefixTerm(connection.kind(), QStringLiteral("order_no")),
                                     QStringLiteral("ORDER BY order_no LIMIT ?")});
    CF_ASSIGN(const auto numbered, integers(connection, byNumber, prefixValues(connection.kind(), text) << bound(hits.room())));
    CF_TRY(hits.addOrders(numbered));
    if (text.size() == 4 && isDigits(text)) {
        CF_ASSIGN(const auto paid, integers(connection,
                                            QStringLiteral("SELECT DISTINCT order_id FROM (SELECT order_id, card_last4 FROM payment_transaction ORDER BY id DESC LIMIT ?) "
                                                           "AS newest WHERE card_last4 = ? AND order_id IS NOT NULL ORDER BY order_id DESC LIMIT ?"),
                                            {bound(scannedMax), text, bound(std::max(hits.room(), 0))}));
        CF_TRY(hits.addOrders(paid));
    }
    CF_ASSIGN(const auto costing, ordersCosting(connection, text, hits.room()));
    CF_TRY(hits.addOrders(costing));
    CF_ASSIGN(const auto merchants, merchantsLike(connection, text, std::min(hits.room(), 10)));
    CF_TRY(hits.addOwners(SearchKind::Merchant, merchants));
    CF_ASSIGN(const auto customers, customersLike(connection, text, std::min(hits.room(), 10)));
    CF_TRY(hits.addOwners(SearchKind::Customer, customers));
    return hits.take();
}

} // namespace counterfoil
