// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/table_of.h"

#include <map>

namespace counterfoil {

namespace {

const QString comma = QStringLiteral(", ");
const QString conjunction = QStringLiteral(" AND ");

QString placeholders(qsizetype count)
{
    return QStringList(count, QStringLiteral("?")).join(comma);
}

QStringList mapped(const QStringList& names, const QString& before, const QString& after = {})
{
    QStringList result;
    for (const QString& name : names) {
        result << before + name + after;
    }
    return result;
}

/// `unnest(?::bigint[], ?::text[])`: one row per element.
QString unnested(const QList<ColumnType>& types)
{
    QStringList arrays;
    for (const ColumnType type : types) {
        arrays << (type == ColumnType::Text ? QStringLiteral("?::text[]") : QStringLiteral("?::bigint[]"));
    }
    return QStringLiteral("unnest(") + arrays.join(comma) + u')';
}

SetStatement composeUpdate(const TableText& text, quint64 columns)
{
    QStringList changed;
    SetStatement update;
    for (qsizetype i = 0; i < text.columns.size(); ++i) {
        if ((columns >> i & 1U) != 0) {
            changed << text.columns[i];
            update.types << text.types[i];
        }
    }
    QStringList found = text.columns.first(text.keyColumns);
    update.types += text.types.first(text.keyColumns);
    if (text.guardColumn >= 0) {
        found << text.columns[text.guardColumn];
        update.types << text.types[text.guardColumn];
    }
    update.row = QStringList{QStringLiteral("UPDATE"), text.name, QStringLiteral("SET"), mapped(changed, {}, QStringLiteral(" = ?")).join(comma), QStringLiteral("WHERE"),
                             mapped(found, {}, QStringLiteral(" = ?")).join(conjunction)}.join(u' ');
    // By number: a key or a guard may be among the changed columns too.
    QStringList names;
    QStringList assignments;
    QStringList conditions;
    for (qsizetype i = 0; i < update.types.size(); ++i) {
        const QString name = QStringLiteral("v%1").arg(i);
        names << name;
        if (i < changed.size()) {
            assignments << changed[i] + QStringLiteral(" = r.") + name;
        } else {
            conditions << QStringLiteral("t.") + found[i - changed.size()] + QStringLiteral(" = r.") + name;
        }
    }
    update.set = QStringList{QStringLiteral("UPDATE"), text.name, QStringLiteral("AS t SET"), assignments.join(comma), QStringLiteral("FROM"), unnested(update.types),
                             QStringLiteral("AS r (") + names.join(comma) + QStringLiteral(") WHERE"), conditions.join(conjunction)}.join(u' ');
    return update;
}

} // namespace

TableText makeTableText(const QString& table, const QStringList& columns, const QList<ColumnType>& types, int keyColumns, const QString& guard)
{
    require(columns.size() <= static_cast<qsizetype>(detail::columnsMax), "a set of columns fits into one number");
    const QString list = columns.join(comma);
    TableText text;
    text.name = table;
    text.columns = columns;
    text.types = types;
    text.keyColumns = keyColumns;
    text.guardColumn = guard.isEmpty() ? -1 : static_cast<int>(columns.indexOf(guard));
    text.select = QStringList{QStringLiteral("SELECT"), list, QStringLiteral("FROM"), table, QString()}.join(u' ');
    const QString insert = QStringList{QStringLiteral("INSERT INTO"), table, u'(' + list + u')', QString()}.join(u' ');
    text.insert.row = insert + QStringLiteral("VALUES (") + placeholders(columns.size()) + u')';
    text.insert.set = insert + QStringLiteral("SELECT * FROM ") + unnested(types);
    text.insert.types = types;
    return text;
}

SetStatement makeUpdate(const TableText& text, quint64 columns)
{
    // There are few: a table is changed in few ways. Descriptions live as long as the program.
    static thread_local std::map<std::pair<const TableText*, quint64>, SetStatement> known;
    const auto it = known.find({&text, columns});
    return it != known.end() ? it->second : known.emplace(std::pair(&text, columns), composeUpdate(text, columns)).first->second;
}

} // namespace counterfoil
