// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/preload.h"

#include "tests/benchmarks/throughput/shop.h"

namespace counterfoil {

namespace {

constexpr qint64 chunk = 20'000;

/// Helpers of the statements below: the shop by running numbers, and one row per payment of the chunk. Ids are below all that an IdSource
/// makes, a hundred apart: the rows of a payment lie between.
constexpr const char* helpers[] = {
    "CREATE TABLE preload_buyer AS SELECT row_number() OVER (ORDER BY c.id) - 1 AS n, c.id AS customer, c.name AS name, a.id AS wallet "
    "FROM customer c JOIN account a ON a.owner_kind = 'customer' AND a.owner_id = c.id",
    "CREATE TABLE preload_line AS SELECT row_number() OVER (ORDER BY s.id) - 1 AS n, s.id AS sku, s.code AS code, k.id AS stock, k.warehouse_id AS warehouse, "
    "p.merchant_id AS merchant, a.id AS account FROM sku s JOIN stock k ON k.sku_id = s.id JOIN product p ON p.id = s.product_id "
    "JOIN account a ON a.owner_kind = 'merchant' AND a.owner_id = p.merchant_id WHERE s.code NOT LIKE 'sku-0-%'",
    "CREATE UNIQUE INDEX preload_buyer_n ON preload_buyer (n)",
    "CREATE UNIQUE INDEX preload_line_n ON preload_line (n)",
    "CREATE TABLE preload_payment (id bigint, k bigint, customer bigint, name text, wallet bigint)",
    "CREATE TABLE preload_item (id bigint, line bigint, sku bigint, code text, stock bigint, warehouse bigint, merchant bigint, account bigint)",
    "CREATE TABLE preload_posting (entry_id bigint, line bigint, account_id bigint, bucket text, amount bigint)",
    "CREATE TABLE preload_sum (account_id bigint, available bigint, frozen bigint, billed bigint, steps bigint)",
    "CREATE TABLE preload_fact (clearing bigint, fees bigint, now bigint)",
    "INSERT INTO preload_fact SELECT (SELECT id FROM account WHERE owner_kind = 'system' AND kind = 'clearing'), (SELECT id FROM account WHERE owner_kind = 'system' AND kind = 'fees'), "
    "(SELECT max(created_at) FROM customer)",
};

/// Of every chunk. `?` is taken by the first two only. Three lines a payment at 19.99, shipping 6.00: payable 65.97, of which 10.00 from the
/// wallet; a merchant gets 20.89 of each line, the fees 1.10.
constexpr const char* numbers =
    "WITH RECURSIVE number(k) AS (SELECT CAST(? AS bigint) UNION ALL SELECT k + 1 FROM number WHERE k + 1 < ?) "
    "INSERT INTO preload_payment SELECT 1000000000 + k * 100, k, b.customer, b.name, b.wallet FROM number JOIN preload_buyer b ON b.n = (k * 7919) % (SELECT count(*) FROM preload_buyer)";

constexpr const char* statements[] = {
    "INSERT INTO preload_item SELECT p.id, i.line, l.sku, l.code, l.stock, l.warehouse, l.merchant, l.account FROM preload_payment p "
    "CROSS JOIN (SELECT 1 AS line UNION ALL SELECT 2 UNION ALL SELECT 3) i JOIN preload_line l ON l.n = (p.k * 31 + i.line * 3) % (SELECT count(*) FROM preload_line)",

    "INSERT INTO orders SELECT p.id, 'past-' || p.k, p.customer, p.name, 'USD', 'web', 5997, 0, 600, 6597, 6597, 0, 1000, 5597, 'both', 'merchant', 'order', 1, 'fulfilling', f.now, 5, '', "
    "'preload-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15', f.now, f.now, f.now, 5 FROM preload_payment p CROSS JOIN preload_fact f ORDER BY p.id",
    "INSERT INTO sub_order SELECT id + line + 1, id, line, merchant, warehouse, 'physical', 'USD', 1999, 0, 0, 200, 2199, 110, '', '', CAST(NULL AS bigint) FROM preload_item ORDER BY 1",
    "INSERT INTO order_item SELECT id + line + 4, id, id + line + 1, line, sku, code, 'A thing', 'plain', merchant, warehouse, 1, 'USD', 1999, 1999, 0, 0, 200, 0 FROM preload_item ORDER BY 1",
    "INSERT INTO payment_transaction SELECT p.id + 1, 'payment', p.id, p.wallet, 'USD', 6597, 1000, 5597, 'succeeded', 'pi_preload' || p.k, 'pm_card_visa', 'visa', '4242', '', f.now, f.now, 3 "
    "FROM preload_payment p CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO transaction_detail SELECT id + 1, line, id + line + 1, merchant, 'USD', 2199, 0, 110, 2089, 0, 0 FROM preload_item ORDER BY 1, 2",
    "INSERT INTO tcc_transaction SELECT p.id + 8, 'payment:' || p.id, p.id, p.id + 1, 'preload-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15', 'confirmed', f.now, f.now, f.now, "
    "'worker', '', 2 FROM preload_payment p CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO tcc_branch SELECT p.id + 8, n.n, CASE n.n WHEN 1 THEN 'stock' ELSE 'accounts' END, '{\"lines\":[{\"item\":\"913971462509993989\",\"name\":\"sku-570-1\",\"quantity\":\"1\","
    "\"stock\":\"913971458957381806\"},{\"item\":\"913971462509993990\",\"name\":\"sku-571-1\",\"quantity\":\"1\",\"stock\":\"913971458969964550\"}]}', "
    "'preload-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15', 'confirmed', 2, '', f.now "
    "FROM preload_payment p CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) n CROSS JOIN preload_fact f ORDER BY 1, 2",
    "INSERT INTO tcc_fence SELECT gid, n, 'confirmed', args_sha256, done_at FROM tcc_branch WHERE gid >= (SELECT min(id) FROM preload_payment) AND gid <= (SELECT max(id) + 99 FROM preload_payment) "
    "ORDER BY 1, 2",
    "INSERT INTO stock_reservation SELECT id + line + 8, stock, id, id + line + 4, 1, 'deducted' FROM preload_item ORDER BY 1",
    "INSERT INTO hold SELECT p.id + 12, p.wallet, 'USD', 1000, 0, 'payment', p.id, CAST(NULL AS bigint), 'captured', f.now, CAST(NULL AS bigint), CAST(NULL AS bigint), CAST(NULL AS bigint) FROM preload_payment p CROSS JOIN preload_fact f "
    "UNION ALL SELECT i.id + i.line + 12, i.account, 'USD', 2089, 2089, 'settlement', i.id, i.id + i.line + 1, 'open', f.now, CAST(NULL AS bigint), f.now + 604800000000, CAST(NULL AS bigint) FROM preload_item i "
    "CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO ledger_entry SELECT p.id + 16, 'tcc:' || (p.id + 8) || ':2:try', 'freeze', p.id, p.id + 1, CAST(NULL AS bigint), f.now FROM preload_payment p CROSS JOIN preload_fact f "
    "UNION ALL SELECT p.id + 17, 'tcc:' || (p.id + 8) || ':2:confirm', 'payment', p.id, p.id + 1, CAST(NULL AS bigint), f.now FROM preload_payment p CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO hold_movement SELECT p.id + 18, p.id + 12, 'tcc:' || (p.id + 8) || ':2:confirm', 'capture', 'USD', 1000, p.id + 17, f.now FROM preload_payment p CROSS JOIN preload_fact f "
    "ORDER BY 1",

    "INSERT INTO preload_posting SELECT id + 16, 1, wallet, 'available', -1000 FROM preload_payment UNION ALL SELECT id + 16, 2, wallet, 'frozen', 1000 FROM preload_payment "
    "UNION ALL SELECT id + 17, 1, wallet, 'frozen', -1000 FROM preload_payment UNION ALL SELECT p.id + 17, 2, f.clearing, 'available', -5597 FROM preload_payment p CROSS JOIN preload_fact f "
    "UNION ALL SELECT id + 17, line + 2, account, 'frozen', 2089 FROM preload_item UNION ALL SELECT p.id + 17, 6, f.fees, 'available', 330 FROM preload_payment p CROSS JOIN preload_fact f",
    "INSERT INTO posting SELECT p.entry_id, p.line, p.account_id, p.bucket, 'USD', p.amount, CASE p.bucket WHEN 'available' THEN a.available ELSE a.frozen END "
    "+ sum(p.amount) OVER (PARTITION BY p.account_id, p.bucket ORDER BY p.entry_id, p.line) FROM preload_posting p JOIN account a ON a.id = p.account_id ORDER BY 1, 2",
    "INSERT INTO preload_sum SELECT account_id, sum(CASE bucket WHEN 'available' THEN amount ELSE 0 END), sum(CASE bucket WHEN 'frozen' THEN amount ELSE 0 END), "
    "sum(CASE WHEN bucket = 'frozen' AND amount = -1000 THEN 1000 ELSE 0 END), count(*) FROM preload_posting GROUP BY account_id",
    "UPDATE account SET available = account.available + s.available, frozen = account.frozen + s.frozen, billed = account.billed + s.billed, version = version + s.steps "
    "FROM preload_sum s WHERE s.account_id = account.id",
    "UPDATE stock SET on_hand = on_hand - s.number, version = version + 2 * s.number FROM (SELECT stock, count(*) AS number FROM preload_item GROUP BY stock) s WHERE s.stock = stock.id",

    "INSERT INTO gateway_exchange SELECT p.id + 18 + n.n, p.id, p.id + 1, CASE n.n WHEN 1 THEN 'create_intent' ELSE 'confirm_intent' END, 'txn_preload-' || p.k || '-' || n.n, 'answered', 1, 200, "
    "'USD', 5597, 'pi_preload' || p.k, '', f.now, f.now, f.now FROM preload_payment p CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) n CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO gateway_payload SELECT p.id + 18 + n.n, 1, 'POST /v1/payment_intents/pi_preload/confirm Idempotency-Key: txn_preload-confirm_intent-1 amount=5597&currency=usd', "
    "'{\"id\":\"pi_preload\",\"object\":\"payment_intent\",\"amount\":5597,\"amount_received\":5597,\"capture_method\":\"automatic\",\"currency\":\"usd\",\"livemode\":false,"
    "\"payment_method\":\"pm_card_visa\",\"payment_method_types\":[\"card\"],\"status\":\"succeeded\"}', 200, 'succeeded', f.now, 1 "
    "FROM preload_payment p CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) n CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO gateway_callback SELECT p.id + 29, 'stripe', 'evt_preload' || p.k, 'payment_intent.succeeded', 'pi_preload' || p.k, p.id, 'applied', 'known already', f.now, f.now "
    "FROM preload_payment p CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO gateway_callback_body SELECT p.id + 29, '{\"id\":\"evt_preload\",\"object\":\"event\",\"api_version\":\"2024-04-10\",\"data\":{\"object\":{\"id\":\"pi_preload\","
    "\"object\":\"payment_intent\",\"amount\":5597,\"amount_received\":5597,\"currency\":\"usd\",\"status\":\"succeeded\"}},\"type\":\"payment_intent.succeeded\"}' FROM preload_payment p ORDER BY 1",

    "INSERT INTO job SELECT p.id + 20 + n.n, n.kind, CASE n.kind WHEN 'callback_apply' THEN CAST(NULL AS bigint) ELSE p.id END, p.id + n.subject, n.word || (p.id + n.subject), '', f.now, 0, n.state, '', CAST(NULL AS bigint), "
    "1, '', '', CAST(NULL AS bigint), f.now FROM preload_payment p CROSS JOIN (SELECT 1 AS n, 'gateway_send' AS kind, 19 AS subject, 'exchange:' AS word, 'done' AS state "
    "UNION ALL SELECT 2, 'gateway_send', 20, 'exchange:', 'done' UNION ALL SELECT 3, 'callback_apply', 29, 'callback:', 'done' "
    "UNION ALL SELECT 4, 'order_timer', 0, 'timer:payment:', 'cancelled' UNION ALL SELECT 5, 'order_timer', 0, 'timer:paying:', 'cancelled') n CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO job SELECT p.id + 26, 'order_timer', p.id, p.id, 'timer:' || p.id || ':timeout.fulfilment', '5 timeout.fulfilment', f.now + 1209600000000, 0, 'ready', '', CAST(NULL AS bigint), 0, '', '', CAST(NULL AS bigint), "
    "f.now FROM preload_payment p CROSS JOIN preload_fact f UNION ALL SELECT i.id + i.line + 26, 'settlement_release', i.id, i.id + i.line + 12, 'settlement:' || (i.id + i.line + 12), '', "
    "f.now + 604800000000, 0, 'ready', '', CAST(NULL AS bigint), 0, '', '', CAST(NULL AS bigint), f.now FROM preload_item i CROSS JOIN preload_fact f ORDER BY 1",

    "INSERT INTO order_event SELECT p.id + 30 + n.n, p.id, n.event || ':' || (p.id + 8), n.event, n.was, n.became, 'applied', 'worker', '', f.now FROM preload_payment p "
    "CROSS JOIN (SELECT 1 AS n, 'order.created' AS event, '' AS was, 'created' AS became UNION ALL SELECT 2, 'checkout.reserved', 'created', 'awaiting_payment' "
    "UNION ALL SELECT 3, 'payment.started', 'awaiting_payment', 'paying' UNION ALL SELECT 4, 'payment.confirmed', 'paying', 'paid' "
    "UNION ALL SELECT 5, 'fulfilment.started', 'paid', 'fulfilling') n CROSS JOIN preload_fact f ORDER BY 1",
    "INSERT INTO audit_event SELECT p.id + 40, f.now, 'api:shop', 'order.created', 'ord_preload' || p.k, '', '65.97 USD', 'past-' || p.k FROM preload_payment p CROSS JOIN preload_fact f "
    "UNION ALL SELECT e.id + 10, e.at, 'worker', 'order.transition', 'ord_preload' || p.k, e.from_state, e.to_state, e.event FROM preload_payment p JOIN order_event e ON e.order_id = p.id AND e.id >= (SELECT min(id) FROM preload_payment) AND e.id <= (SELECT max(id) + 99 FROM preload_payment) ORDER BY 1",

    "DELETE FROM preload_payment",
    "DELETE FROM preload_item",
    "DELETE FROM preload_posting",
    "DELETE FROM preload_sum",
};

/// The session is one of its own that ends with the load, so nothing has to be set back.
constexpr const char* quickSqlite[] = {"PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -2097152"};
constexpr const char* quickPostgresql[] = {"SET session_replication_role = replica", "SET synchronous_commit = off", "SET work_mem = '256MB'", "SET maintenance_work_mem = '1GB'"};

constexpr const char* indexesOfSqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
constexpr const char* indexesOfPostgresql = "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                                            "WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

/// Takes down the indexes that no constraint needs: made once over everything they cost a fraction. Returns the statements that make them.
QStringList dropIndexes(Connection& connection)
{
    QStringList names;
    QStringList definitions;
    const char* const sql = connection.kind() == DatabaseKind::Sqlite ? indexesOfSqlite : indexesOfPostgresql;
    orAbort(connection.query(QString::fromLatin1(sql), {}, [&](const Row& row) -> Result<void> {
        names << row.text(0);
        definitions << row.text(1);
        return {};
    }));
    for (const QString& name : names) {
        orAbort(connection.executeScript(QStringLiteral("DROP INDEX %1").arg(name)));
    }
    return definitions;
}

constexpr const char* tables[] = {"preload_buyer", "preload_line", "preload_payment", "preload_item", "preload_posting", "preload_sum", "preload_fact"};

} // namespace

void preload(const DatabaseUrl& url, qint64 payments)
{
    const std::unique_ptr<Connection> own = orAbort(Connection::open(url, ConnectionRole::Writer));
    Connection& connection = *own;
    for (const char* sql : connection.kind() == DatabaseKind::Sqlite ? quickSqlite : quickPostgresql) {
        orAbort(connection.executeScript(QString::fromLatin1(sql)));
    }
    const QStringList indexes = dropIndexes(connection);
    for (const char* sql : helpers) {
        orAbort(connection.executeScript(QString::fromLatin1(sql)));
    }
    for (qint64 from = 0; from < payments; from += chunk) {
        DatabaseTransaction transaction = orAbort(DatabaseTransaction::begin(connection));
        (void)orAbort(connection.execute(QString::fromLatin1(numbers), {bound(from), bound(std::min(from + chunk, payments))}));
        for (const char* sql : statements) {
            orAbort(connection.executeScript(QString::fromLatin1(sql)));
        }
        orAbort(transaction.commit());
    }
    for (const char* table : tables) {
        orAbort(connection.executeScript(QStringLiteral("DROP TABLE %1").arg(QString::fromLatin1(table))));
    }
    for (const QString& sql : indexes) {
        orAbort(connection.executeScript(sql));
    }
}

} // namespace counterfoil
