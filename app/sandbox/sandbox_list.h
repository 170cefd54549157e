// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_objects.h"
#include "app/sandbox/sandbox_params.h"

#include <QJsonArray>

namespace counterfoil {

/// The page that a list call asks for: `limit`, cursors and bounds on `created`.
struct SandboxPage {
    qint64 limit = 10;
    QString startingAfter;
    QString endingBefore;
    qint64 createdMin = std::numeric_limits<qint64>::min();
    qint64 createdMax = std::numeric_limits<qint64>::max();
};
SandboxResult<SandboxPage> readPage(const SandboxParams& params);

/// One page of a table, newest first, of the rows that `matches`.
template<class T, class Matches, class ToJson>
SandboxResult<QJsonObject> listPage(const SandboxTable<T>& table, const SandboxPage& page, const QString& url, Matches matches,
                                    ToJson rowToJson)
{
    const bool isBackwards = !page.endingBefore.isEmpty();
    const QString& cursor = isBackwards ? page.endingBefore : page.startingAfter;
    const size_t at = cursor.isEmpty() ? table.size() : table.indexOf(cursor);
    if (!cursor.isEmpty() && at == table.size()) {
        return noSuch("object", cursor, isBackwards ? QStringLiteral("ending_before") : QStringLiteral("starting_after"), 400);
    }
    QJsonArray data;
    bool hasMore = false;
    const auto take = [&](const T& row) {
        if (row.created < page.createdMin || row.created > page.createdMax || !matches(row)) {
            return true;
        }
        if (data.size() == page.limit) {
            hasMore = true;
            return false;
        }
        isBackwards ? data.prepend(rowToJson(row)) : data.append(rowToJson(row));
        return true;
    };
    if (isBackwards) {
        for (size_t i = at + 1; i < table.size() && take(table.at(i)); ++i) {
        }
    } else {
        for (size_t i = at; i > 0 && take(table.at(i - 1)); --i) {
        }
    }
    return QJsonObject{{"object", "list"}, {"data", data}, {"has_more", hasMore}, {"url", url}};
}

} // namespace counterfoil
