// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/table_of.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace counterfoil {

namespace {

constexpr qsizetype rowsPerStatement = 2000;

QString placeholders(qsizetype count)
{
    return QStringList(count, QStringLiteral("?")).join(QStringLiteral(", "));
}

QStringList mapped(const QStringList& names, const QString& before, const QString& after = {})
{
    QStringList result;
    for (const QString& name : names) {
        result << before + name + after;
    }
    return result;
}

/// A column with no name clash is still quoted by nothing: all names are ours and plain.
QJsonValue jsonValue(const QVariant& value)
{
    if (value.isNull()) {
        return QJsonValue::Null;
    }
    return value.typeId() == QMetaType::QString ? QJsonValue(value.toString()) : QJsonValue(static_cast<qint64>(value.toLongLong()));
}

/// Rows as a JSON array of objects. Integers are written as they are: PostgreSQL reads all 64 bits.
QString jsonRows(const QStringList& columns, std::span<const QVariantList> rows)
{
    QByteArray text = "[";
    for (const QVariantList& row : rows) {
        text += text.size() > 1 ? ",{" : "{";
        for (qsizetype i = 0; i < row.size(); ++i) {
            text += (i > 0 ? ",\"" : "\"") + columns[i].toLatin1() + "\":";
            if (row[i].isNull()) {
                text += "null";
            } else if (row[i].typeId() == QMetaType::QString) {
                const QByteArray quoted = QJsonDocument(QJsonArray{jsonValue(row[i])}).toJson(QJsonDocument::Compact);
                text += QByteArrayView(quoted).sliced(1, quoted.size() - 2);
            } else {
                text += QByteArray::number(row[i].toLongLong());
            }
        }
        text += '}';
    }
    return QString::fromUtf8(text + "]");
}

} // namespace

TableText makeTableText(const QString& table, const QStringList& columns, const QList<ColumnType>& types, int keyColumns, const QString& guard)
{
    const QString comma = QStringLiteral(", ");
    const QStringList keys = columns.first(keyColumns);
    const QStringList others = columns.sliced(keyColumns);
    QStringList typed;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        typed << columns[i] + (types[i] == ColumnType::Text ? QStringLiteral(" text") : QStringLiteral(" bigint"));
    }
    const QStringList typedWithGuard = guard.isEmpty() ? typed : typed + QStringList{QStringLiteral("old_guard bigint")};
    const QString list = columns.join(comma);
    const QString guardRow = guard.isEmpty() ? QString() : QStringLiteral(" AND ") + guard + QStringLiteral(" = ?");
    const QString guardSet = guard.isEmpty() ? QString() : QStringLiteral(" AND t.") + guard + QStringLiteral(" = r.old_guard");

    TableText text;
    text.name = table;
    text.columns = columns;
    text.types = types;
    text.select = QStringList{QStringLiteral("SELECT"), list, QStringLiteral("FROM"), table, QString()}.join(u' ');
    text.insertRow = QStringList{QStringLiteral("INSERT INTO"), table, u'(' + list + u')', QStringLiteral("VALUES"), u'(' + placeholders(columns.size()) + u')'}.join(u' ');
    text.updateRow = QStringList{QStringLiteral("UPDATE"), table, QStringLiteral("SET"), mapped(others, {}, QStringLiteral(" = ?")).join(comma),
                                 QStringLiteral("WHERE"), mapped(keys, {}, QStringLiteral(" = ?")).join(QStringLiteral(" AND ")) + guardRow}.join(u' ');
    text.insertSet = QStringList{QStringLiteral("INSERT INTO"), table, u'(' + list + u')', QStringLiteral("SELECT"), mapped(columns, QStringLiteral("r.")).join(comma),
                                 QStringLiteral("FROM jsonb_to_recordset(?::jsonb) AS r (") + typed.join(comma) + u')'}.join(u' ');
    QStringList assignments;
    for (const QString& column : others) {
        assignments << column + QStringLiteral(" = r.") + column;
    }
    QStringList matches;
    for (const QString& key : keys) {
        matches << QStringLiteral("t.") + key + QStringLiteral(" = r.") + key;
    }
    text.updateSet = QStringList{QStringLiteral("UPDATE"), table, QStringLiteral("AS t SET"), assignments.join(comma),
                                 QStringLiteral("FROM jsonb_to_recordset(?::jsonb) AS r (") + typedWithGuard.join(comma) + QStringLiteral(") WHERE"),
                                 matches.join(QStringLiteral(" AND ")) + guardSet}.join(u' ');
    return text;
}

Result<void> insertValues(Connection& connection, const TableText& text, const std::vector<QVariantList>& rows)
{
    if (connection.kind() == DatabaseKind::Sqlite) {
        for (const QVariantList& row : rows) {
            CF_TRY(connection.execute(text.insertRow, row));
        }
        return {};
    }
    for (std::size_t from = 0; from < rows.size(); from += rowsPerStatement) {
        const auto part = std::span(rows).subspan(from, std::min<std::size_t>(rowsPerStatement, rows.size() - from));
        CF_TRY(connection.execute(text.insertSet, {jsonRows(text.columns, part)}));
    }
    return {};
}

Result<void> updateValues(Connection& connection, const TableText& text, int keyColumns, const std::vector<QVariantList>& rows)
{
    const auto conflict = [&] {
        return fail(ErrorCode::VersionConflict, QStringLiteral("a row of %1 was changed by somebody else").arg(text.name));
    };
    if (connection.kind() == DatabaseKind::Sqlite) {
        for (const QVariantList& row : rows) {
            // Key values come last in the statement, the guard's old value after them.
            const QVariantList ordered = row.sliced(keyColumns, text.columns.size() - keyColumns) + row.first(keyColumns) + row.sliced(text.columns.size());
            CF_ASSIGN(const int changed, connection.execute(text.updateRow, ordered));
            if (changed != 1) {
                return conflict();
            }
        }
        return {};
    }
    const QStringList columns = text.columns + QStringList{QStringLiteral("old_guard")};
    for (std::size_t from = 0; from < rows.size(); from += rowsPerStatement) {
        const auto part = std::span(rows).subspan(from, std::min<std::size_t>(rowsPerStatement, rows.size() - from));
        CF_ASSIGN(const int changed, connection.execute(text.updateSet, {jsonRows(columns, part)}));
        if (changed != static_cast<int>(part.size())) {
            return conflict();
        }
    }
    return {};
}

} // namespace counterfoil
