// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QSet>

namespace counterfoil {

/// A header whose sections stand where their column's values stand: right over amounts and numbers.
class AlignedHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit AlignedHeader(QWidget* parent = nullptr);

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const override;

private:
    /// Kept, so that nothing jumps while rows are away.
    mutable QSet<int> m_right;
};

} // namespace counterfoil
