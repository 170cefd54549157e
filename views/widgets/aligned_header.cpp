// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/aligned_header.h"

#include "models/tables/roles.h"
#include "views/theme/tokens.h"

namespace counterfoil {

namespace {

bool standsRight(const QModelIndex& index)
{
    return index.data(AmountRole).isValid() || (Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt()) & Qt::AlignRight);
}

} // namespace

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
        // In a tree a column may have values only beneath.
        const QModelIndex first = model()->index(0, logicalIndex);
        const QModelIndex beneath = model()->index(0, logicalIndex, model()->index(0, 0));
        if (standsRight(first) || standsRight(beneath)) {
            m_right.insert(logicalIndex);
        }
    }
    if (m_right.contains(logicalIndex)) {
        option->textAlignment = Qt::AlignRight | Qt::AlignVCenter;
    }
}

} // namespace counterfoil
