// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "views/theme/theme.h"

#include <QTableView>

class QDialog;
class QMenu;

namespace counterfoil {

class EmptyState;
class TableDelegate;

/// The console's table: whole rows, no grid, its own light delegate, copying as text, and a menu on every row. Opening a row
/// (Enter, double click) is QTableView::activated. Columns may be shown, hidden, moved and widened by whoever looks; they stay so.
class DataTable : public QTableView {
    Q_OBJECT
public:
    /// `name` is what a screen reader says.
    DataTable(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    /// Sets the model, once the columns exist: widths in pixels, -1 hides, 0 stretches.
    void setColumns(QAbstractItemModel* model, const QList<int>& widths);
    /// Shown over the table while it has no rows. The table owns it.
    EmptyState* emptyState();
    /// Shows or hides the empty state; a model that is still loading is not empty.
    void setEmptyShown(bool shown);
    /// As many rows as the model has, up to `most`, without scrolling.
    void fitRows(int most);
    /// All rows of a paged list can be written into a file.
    bool canExport() const;
    /// Asks for a file, and writes the visible columns of all rows as CSV.
    void exportRows();
    /// The same without asking; returns the dialog that follows it.
    QDialog* exportRowsTo(const QString& file);
    /// The row's cells in full, in a window of their own.
    void showRow(const QModelIndex& index);

Q_SIGNALS:
    /// A row's menu opens: pages add their own actions in front.
    void menuRequested(const QModelIndex& index, QMenu* menu);
    /// The order a row belongs to was asked for from its menu.
    void orderRequested(counterfoil::OrderId order);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void copyRows() const;
    void showHeaderMenu(const QPoint& at);
    QString settingsKey() const;
    void keepColumns() const;
    void restoreColumns();
    void resetColumns();

    const Theme& m_theme;
    TableDelegate* m_delegate;
    EmptyState* m_empty = nullptr;
    QList<int> m_widths;
};

} // namespace counterfoil
