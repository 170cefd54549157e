// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/money.h"

#include <QVariant>

#include <optional>

namespace counterfoil {

/// One cell of a table, from which every role is answered.
struct Cell {
    QString text;
    std::optional<Money> amount;
    std::optional<qint64> number;
    UtcTime time;
    QString state;
    bool monospace = false;

    /// Text from outside: made safe to show.
    static Cell plain(const QString& text);
    static Cell id(const QString& text);
    static Cell money(const Money& amount);
    static Cell count(qint64 number);
    static Cell at(UtcTime time);
    /// A stored name; the text is its word.
    static Cell named(const QString& name);

    /// The answer to a role of roles.h or Qt; invalid for those that belong to the row.
    QVariant data(int role) const;
};

/// What names a row: answered in every column.
struct RowIdentity {
    QString text;
    qint64 value = 0;
    qint64 order = 0;

    QVariant data(int role) const;
};

} // namespace counterfoil
