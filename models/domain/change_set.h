// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <vector>

namespace counterfoil {

/// One column of a row that is written. Texts are those of the stored values; a new row has no `before`.
struct ColumnChange {
    enum class Kind { Text = 0, Word = 1, Number = 2, Money = 3, Time = 4, Id = 5 };
    QString column;
    Kind kind = Kind::Text;
    QString before;
    QString after;
};

/// One row that is written, by its table and key. `columns` of a row that exists are those that change, and besides those that say what it is
/// (words and its currency), unchanged.
struct RowChange {
    QString table;
    QString key;
    bool isNew = false;
    std::vector<ColumnChange> columns;

    /// Null if it isn't among them.
    const ColumnChange* find(QStringView column) const;
};

/// Everything that a unit of work is about to write, but for the audit.
struct ChangeSet {
    std::vector<RowChange> rows;
};

/// What two runs of the same command have in common: what is added and changed, money as the difference. Not ids that are made on the way,
/// times, versions, and balances, which change by themselves (50-operators, "Preview"). SHA-256 in hexadecimal.
QString contentHash(const ChangeSet& changes);

/// What the rows that change were before: another value means that somebody else was there. Accounts don't count: whether their money
/// reaches is seen anew. SHA-256 in hexadecimal.
QString basisHash(const ChangeSet& changes);

QString toJsonText(const ChangeSet& changes);
/// Errors: MalformedInput, and those of parseJsonObject().
Result<ChangeSet> parseChangeSet(const QString& text);

} // namespace counterfoil
