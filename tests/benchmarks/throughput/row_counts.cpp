// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/row_counts.h"

#include "tests/benchmarks/throughput/shop.h"

#include <set>

namespace counterfoil {

namespace {

QStringList tablesOf(Connection& connection)
{
    const QString sql = connection.kind() == DatabaseKind::Sqlite
        ? QStringLiteral("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        : QStringLiteral("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
    QStringList names;
    orAbort(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        names << row.text(0);
        return {};
    }));
    return names;
}

/// Sequences of PostgreSQL count beside the transactions, so that workers don't wait for each other.
constexpr const char* postgresqlFunction = R"(CREATE FUNCTION count_row() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM nextval(TG_ARGV[0]::regclass); RETURN NULL; END $$)";

} // namespace

void startCounting(Connection& connection)
{
    const bool sqlite = connection.kind() == DatabaseKind::Sqlite;
    const QStringList tables = tablesOf(connection);
    orAbort(connection.executeScript(sqlite ? QStringLiteral("CREATE TABLE row_count (name text PRIMARY KEY, number integer NOT NULL)") : QString::fromLatin1(postgresqlFunction) + QStringLiteral("\n;;\n")));
    for (const QString& table : tables) {
        for (const char* what : {"insert", "update"}) {
            const QString word = QString::fromLatin1(what);
            const QString name = QStringLiteral("count_%1_%2").arg(word, table);
            if (sqlite) {
                orAbort(connection.execute(QStringLiteral("INSERT INTO row_count VALUES (?, 0)"), {name}));
                orAbort(connection.executeScript(QStringLiteral("CREATE TRIGGER %1 AFTER %2 ON %3 BEGIN UPDATE row_count SET number = number + 1 WHERE name = '%1'; END\n;;\n").arg(name, word, table)));
            } else {
                orAbort(connection.executeScript(QStringLiteral("CREATE SEQUENCE %1").arg(name)));
                orAbort(connection.executeScript(QStringLiteral("CREATE TRIGGER %1 AFTER %2 ON %3 FOR EACH ROW EXECUTE FUNCTION count_row('%1')").arg(name, word, table)));
            }
        }
    }
}

RowCounts countedRows(Connection& connection)
{
    RowCounts counts;
    const QString sql = connection.kind() == DatabaseKind::Sqlite
        ? QStringLiteral("SELECT name, number FROM row_count WHERE number > 0")
        : QStringLiteral("SELECT sequencename::text, last_value FROM pg_sequences WHERE sequencename LIKE 'count\\_%' AND last_value IS NOT NULL");
    orAbort(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        const QString name = row.text(0);
        TableCount& count = counts[name.section(u'_', 2)];
        (name.startsWith(u"count_insert") ? count.inserted : count.updated) = row.integer(1);
        return {};
    }));
    return counts;
}

QStringList differences(const RowCounts& a, const RowCounts& b)
{
    std::set<QString> names;
    for (const RowCounts* counts : {&a, &b}) {
        for (const auto& [name, count] : *counts) {
            names.insert(name);
        }
    }
    const auto of = [](const RowCounts& counts, const QString& name) { return counts.contains(name) ? counts.at(name) : TableCount(); };
    QStringList lines;
    for (const QString& name : names) {
        const TableCount one = of(a, name);
        const TableCount other = of(b, name);
        if (one != other) {
            lines << QStringLiteral("%1: %2 inserted, %3 updated against %4 inserted, %5 updated").arg(name).arg(one.inserted).arg(one.updated).arg(other.inserted).arg(other.updated);
        }
    }
    return lines;
}

} // namespace counterfoil
