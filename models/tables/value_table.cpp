// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/value_table.h"

namespace counterfoil {

int ValueTableBase::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_headers.size());
}

QVariant ValueTableBase::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (const QVariant identity = identityAt(index.row()).data(role); identity.isValid()) {
        return identity;
    }
    return cellAt(index.row(), index.column()).data(role);
}

QVariant ValueTableBase::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && role == Qt::DisplayRole ? QVariant(m_headers.value(section)) : QVariant();
}

} // namespace counterfoil
