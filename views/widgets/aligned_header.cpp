// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/aligned_header.h"

#include "models/tables/roles.h"
#include "views/theme/tokens.h"

namespace counterfoil {

AlignedHeader::AlignedHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setFixedHeight(tableRowHeight + 2);
    setMinimumSectionSize(40);
    setFocusPolicy(Qt::NoFocus);
}

void AlignedHeader::initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const
{
    QHeaderView::initStyleOptionForIndex(option, logicalIndex);
    if (!m_right.contains(logicalIndex) && model() != nullptr && model()->rowCount() > 0) {
        const QModelIndex first = model()->index(0, logicalIndex);
        if (first.data(AmountRole).isValid() || (Qt::Alignment(first.data(Qt::TextAlignmentRole).toInt()) & Qt::AlignRight)) {
            m_right.insert(logicalIndex);
        }
    }
    if (m_right.contains(logicalIndex)) {
        option->textAlignment = Qt::AlignRight | Qt::AlignVCenter;
    }
}

} // namespace counterfoil
