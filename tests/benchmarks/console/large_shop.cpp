// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/console/large_shop.h"

#include "models/store/administration.h"
#include "workflows/operators/people.h"

namespace counterfoil {

namespace {

constexpr int chunk = 100'000;
constexpr int setUpNode = 1019;
constexpr int customers = 5'000;

/// Each with the numbers from the first `?` up to and without the second.
constexpr const char* customerRows =
    "WITH RECURSIVE number(k) AS (SELECT CAST(? AS bigint) UNION ALL SELECT k + 1 FROM number WHERE k + 1 < ?) "
    "INSERT INTO customer SELECT 1000 + k, 'buyer-' || k, 'Buyer ' || k, 'buyer' || k || '@example.org', 'regular', 1700000000000000 FROM number";
constexpr const char* orderRows =
    "WITH RECURSIVE number(k) AS (SELECT CAST(? AS bigint) UNION ALL SELECT k + 1 FROM number WHERE k + 1 < ?) "
    "INSERT INTO orders SELECT 1000000000 + k * 100, 'L-' || k, 1000 + k % 5000, 'Buyer ' || (k % 5000), 'USD', 'web', 1999 + k % 977, 0, 0, 1999 + k % 977, "
    "CASE WHEN k % 10 < 7 THEN 1999 + k % 977 ELSE 0 END, 0, 0, 1999 + k % 977, 'gateway', 'merchant', 'order', 1, "
    "CASE WHEN k % 10 < 7 THEN 'completed' WHEN k % 10 < 9 THEN 'paying' ELSE 'cancelled' END, 1700000000000000 + k * 1000000, 5, '', 'large', 1700000000000000 + k * 1000000, "
    "1700000000000000 + k * 1000000, 1700000000000000 + k * 1000000, 5 FROM number";
constexpr const char* caseRows =
    "WITH RECURSIVE number(k) AS (SELECT CAST(? AS bigint) UNION ALL SELECT k + 1 FROM number WHERE k + 1 < ?) "
    "INSERT INTO intervention_case (id, kind, severity, order_id, dedupe_key, detail, state, opened_at, resolved_at, due_at, currency, amount) "
    "SELECT 5000000000 + k, CASE k % 3 WHEN 0 THEN 'gateway_silent' WHEN 1 THEN 'job_parked' ELSE 'order_review' END, "
    "CASE k % 5 WHEN 0 THEN 'critical' WHEN 1 THEN 'info' ELSE 'warning' END, 1000000000 + k * 100, 'large:' || k, "
    "'The gateway does not say what became of payment number ' || k || '.', 'open', 1700000000000000 + k * 1000000, CAST(NULL AS bigint), "
    "1700003600000000 + (k * 7919 % 100000) * 1000000, 'USD', 1999 + k % 977 FROM number";

Result<void> insertInChunks(Connection& connection, const char* sql, qint64 count)
{
    for (qint64 from = 0; from < count; from += chunk) {
        CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
        CF_TRY(connection.execute(QString::fromLatin1(sql), {bound(from), bound(std::min<qint64>(from + chunk, count))}));
        CF_TRY(transaction.commit());
    }
    return {};
}

} // namespace

Result<void> fillLargeShop(Connection& connection, const Clock& clock, qint64 orders, qint64 cases)
{
    CF_TRY(setSetting(connection, QStringLiteral("environment"), QStringLiteral("sandbox")));
    IdSource ids(clock, setUpNode);
    CF_TRY(addDemonstrationPeople(connection, clock, ids));
    CF_TRY(insertInChunks(connection, customerRows, customers));
    CF_TRY(insertInChunks(connection, orderRows, orders));
    CF_TRY(insertInChunks(connection, caseRows, std::min(cases, orders)));
    CF_TRY(connection.execute(QStringLiteral("ANALYZE")));
    return {};
}

} // namespace counterfoil
