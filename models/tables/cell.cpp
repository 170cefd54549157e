// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/cell.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "models/tables/roles.h"

namespace counterfoil {

Cell Cell::plain(const QString& text)
{
    return {.text = visibleText(text)};
}

Cell Cell::id(const QString& text)
{
    return {.text = visibleText(text), .monospace = true};
}

Cell Cell::money(const Money& amount)
{
    return {.text = formatMoney(amount), .amount = amount};
}

Cell Cell::count(qint64 number)
{
    return {.text = formatCount(number), .number = number};
}

Cell Cell::at(UtcTime time)
{
    return {.text = formatDateTime(time), .number = time.micros(), .time = time};
}

Cell Cell::named(const QString& name)
{
    return {.text = stateLabel(name), .state = name};
}

QVariant Cell::data(int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::AccessibleTextRole:
        return amount ? formatMoneyWithCode(*amount) : text;
    case Qt::TextAlignmentRole: {
        const bool figure = amount || (number && time.isNone());
        return static_cast<int>((figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case SortKeyRole:
        return amount ? QVariant(static_cast<qlonglong>(amount->minor())) : number ? QVariant(static_cast<qlonglong>(*number)) : QVariant(text);
    case AmountRole:
        return amount ? QVariant::fromValue(*amount) : QVariant();
    case StateRole:
        return state.isEmpty() ? QVariant() : QVariant(state);
    case TimeRole:
        return time.isNone() ? QVariant() : QVariant(static_cast<qlonglong>(time.micros()));
    case MonospaceRole:
        return monospace;
    default:
        return {};
    }
}

QVariant RowIdentity::data(int role) const
{
    switch (role) {
    case IdRole:
        return text;
    case IdValueRole:
        return static_cast<qlonglong>(value);
    case OrderIdRole:
        return order == 0 ? QVariant() : QVariant(static_cast<qlonglong>(order));
    default:
        return {};
    }
}

} // namespace counterfoil
