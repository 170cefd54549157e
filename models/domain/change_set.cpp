// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/change_set.h"

#include "models/base/json.h"
#include "models/base/text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <map>

namespace counterfoil {

namespace {

/// A stored preview holds some hundred rows at most.
constexpr JsonLimits storedLimits{.maxBytes = qsizetype{16} * 1024 * 1024, .maxDepth = 8};

bool isOneOf(const QString& text, std::initializer_list<const char*> words)
{
    return std::ranges::any_of(words, [&text](const char* word) { return text == QLatin1String(word); });
}

/// What counts how often a row was written, and balances as they happen to be.
bool changesByItself(const QString& column)
{
    return isOneOf(column, {"version", "row_version", "state_version", "epoch", "attempt", "balance_after"});
}

/// Length first, so that no two lists of texts give the same bytes.
void append(QByteArray& bytes, const QString& text)
{
    const QByteArray utf8 = text.toUtf8();
    bytes += QByteArray::number(utf8.size()) + ':' + utf8;
}

/// Ids that are made on the way, by the order in which they come.
class Names {
public:
    explicit Names(const ChangeSet& changes)
    {
        for (const RowChange& row : changes.rows) {
            // A key of several parts begins with that of another row.
            if (row.isNew && !row.key.contains(u'/')) {
                m_made.emplace(row.key, QStringLiteral("new %1").arg(m_made.size() + 1));
            }
        }
    }

    QString of(const QString& id) const
    {
        const auto known = m_made.find(id);
        return known == m_made.end() ? id : known->second;
    }

private:
    std::map<QString, QString> m_made;
};

QString differenceOf(const ColumnChange& column)
{
    qint64 difference = 0;
    const bool overflows = __builtin_sub_overflow(column.after.toLongLong(), column.before.toLongLong(), &difference);
    return overflows ? column.before + u'>' + column.after : QString::number(difference);
}

void appendColumn(QByteArray& bytes, const ColumnChange& column, bool isNew, const Names& names)
{
    if (changesByItself(column.column)) {
        return;
    }
    switch (column.kind) {
    case ColumnChange::Kind::Time:
        return;
    case ColumnChange::Kind::Text:
        // The texts of new rows are made of ids and words that say the same again.
        if (isNew) {
            return;
        }
        append(bytes, column.column);
        append(bytes, column.after);
        return;
    case ColumnChange::Kind::Id:
    case ColumnChange::Kind::Number:
        // A job's subject is an id too.
        append(bytes, column.column);
        append(bytes, names.of(column.after));
        return;
    case ColumnChange::Kind::Money:
        append(bytes, column.column);
        append(bytes, differenceOf(column));
        return;
    case ColumnChange::Kind::Word:
        append(bytes, column.column);
        append(bytes, column.after);
        return;
    }
}

constexpr std::array<std::pair<ColumnChange::Kind, const char*>, 6> kindNames{{{ColumnChange::Kind::Text, "text"},
                                                                             {ColumnChange::Kind::Word, "word"},
                                                                             {ColumnChange::Kind::Number, "number"},
                                                                             {ColumnChange::Kind::Money, "money"},
                                                                             {ColumnChange::Kind::Time, "time"},
                                                                             {ColumnChange::Kind::Id, "id"}}};

Result<ColumnChange> parseColumn(const QJsonValue& value)
{
    const JsonReader json(value.toObject());
    ColumnChange column;
    CF_ASSIGN(column.column, json.text("column"));
    CF_ASSIGN(const QString kind, json.text("kind"));
    const auto known = std::ranges::find_if(kindNames, [&kind](const auto& each) { return kind == QLatin1String(each.second); });
    if (known == kindNames.end()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 is no kind of column").arg(kind));
    }
    column.kind = known->first;
    column.before = value[QLatin1String("before")].toString();
    column.after = value[QLatin1String("after")].toString();
    return column;
}

} // namespace

const ColumnChange* RowChange::find(QStringView column) const
{
    const auto found = std::ranges::find_if(columns, [column](const ColumnChange& each) { return each.column == column; });
    return found == columns.end() ? nullptr : &*found;
}

QString contentHash(const ChangeSet& changes)
{
    const Names names(changes);
    std::vector<QByteArray> rows;
    for (const RowChange& row : changes.rows) {
        QByteArray bytes;
        append(bytes, row.table);
        append(bytes, row.isNew ? QStringLiteral("new") : row.key);
        for (const ColumnChange& column : row.columns) {
            appendColumn(bytes, column, row.isNew, names);
        }
        rows.push_back(bytes);
    }
    return sha256Hex(QByteArray("counterfoil changes 1\n") + QByteArrayList(rows.begin(), rows.end()).join('\n'));
}

QString basisHash(const ChangeSet& changes)
{
    QByteArray bytes("counterfoil basis 1\n");
    for (const RowChange& row : changes.rows) {
        if (row.isNew || row.table == u"account" || row.table == u"stock") {
            continue;
        }
        append(bytes, row.table);
        append(bytes, row.key);
        for (const ColumnChange& column : row.columns) {
            if (column.kind != ColumnChange::Kind::Time) {
                append(bytes, column.column);
                append(bytes, column.before);
            }
        }
    }
    return sha256Hex(bytes);
}

QString toJsonText(const ChangeSet& changes)
{
    QJsonArray rows;
    for (const RowChange& row : changes.rows) {
        QJsonArray columns;
        for (const ColumnChange& column : row.columns) {
            const auto kind = std::ranges::find_if(kindNames, [&column](const auto& each) { return each.first == column.kind; });
            QJsonObject json{{QStringLiteral("column"), column.column}, {QStringLiteral("kind"), QLatin1String(kind->second)}};
            if (!column.before.isEmpty()) {
                json.insert(QStringLiteral("before"), column.before);
            }
            if (!column.after.isEmpty()) {
                json.insert(QStringLiteral("after"), column.after);
            }
            columns.append(json);
        }
        rows.append(QJsonObject{{QStringLiteral("table"), row.table}, {QStringLiteral("key"), row.key}, {QStringLiteral("new"), row.isNew}, {QStringLiteral("columns"), columns}});
    }
    return QString::fromUtf8(toJson(QJsonObject{{QStringLiteral("rows"), rows}}));
}

Result<ChangeSet> parseChangeSet(const QString& text)
{
    CF_ASSIGN(const QJsonObject object, parseJsonObject(text.toUtf8(), storedLimits));
    CF_ASSIGN(const QJsonArray rows, JsonReader(object).array("rows"));
    ChangeSet changes;
    for (const QJsonValue& each : rows) {
        const JsonReader json(each.toObject(), QStringLiteral("rows"));
        RowChange row;
        CF_ASSIGN(row.table, json.text("table"));
        CF_ASSIGN(row.key, json.text("key"));
        CF_ASSIGN(row.isNew, json.boolean("new", false));
        CF_ASSIGN(const QJsonArray columns, json.array("columns"));
        for (const QJsonValue& value : columns) {
            CF_ASSIGN(ColumnChange column, parseColumn(value));
            row.columns.push_back(std::move(column));
        }
        changes.rows.push_back(std::move(row));
    }
    return changes;
}

} // namespace counterfoil
