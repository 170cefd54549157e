// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QAbstractItemDelegate>

namespace counterfoil {

/// Draws the cells of every table and tree directly (a styled delegate costs more than twice as much a frame): amounts right-aligned
/// in tabular figures with a currency caption, states as badges, ids in the monospace font, rows that are not read yet as bars.
/// What a cell is it learns from the roles of models/tables/roles.h.
class TableDelegate : public QAbstractItemDelegate {
    Q_OBJECT
public:
    explicit TableDelegate(const Theme& theme, QObject* parent = nullptr);

    /// The row under the mouse, drawn so as a whole; none with -1. For tables: a tree lights up whole rows by itself.
    void setLitRow(int row) { m_litRow = row; }
    int litRow() const { return m_litRow; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index) override;

private:
    void paintGround(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintContent(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;

    const Theme& m_theme;
    int m_litRow = -1;
};

} // namespace counterfoil
