// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/data_table.h"

#include "models/tables/roles.h"
#include "models/tables/table_export.h"
#include "views/widgets/aligned_header.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/export_dialog.h"
#include "views/widgets/row_dialog.h"
#include "views/widgets/table_delegate.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QHoverEvent>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>

namespace counterfoil {

DataTable::DataTable(const Theme& theme, const QString& name, QWidget* parent) : QTableView(parent), m_theme(theme), m_delegate(new TableDelegate(theme, this))
{
    setAccessibleName(name);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setCornerButtonEnabled(false);
    setHorizontalHeader(new AlignedHeader(this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(tableRowHeight);
    verticalHeader()->setDefaultSectionSize(tableRowHeight);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->viewport()->installEventFilter(this);
    verticalHeader()->setFocusPolicy(Qt::NoFocus);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, &DataTable::showHeaderMenu);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DataTable::setColumns(QAbstractItemModel* model, const QList<int>& widths)
{
    setModel(model);
    m_widths = widths;
    resetColumns();
    restoreColumns();
}

void DataTable::resetColumns()
{
    for (int column = 0; column < m_widths.size(); ++column) {
        const int width = m_widths[column];
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), column);
        setColumnHidden(column, width < 0);
        if (width == 0) {
            horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
        } else if (width > 0) {
            setColumnWidth(column, width);
        }
    }
}

QString DataTable::settingsKey() const
{
    return QStringLiteral("columns/") + QString::fromLatin1(model()->metaObject()->className()).section(u':', -1);
}

void DataTable::keepColumns() const
{
    QSettings().setValue(settingsKey(), horizontalHeader()->saveState());
}

void DataTable::restoreColumns()
{
    const QByteArray kept = QSettings().value(settingsKey()).toByteArray();
    // Another version of the program may have had other columns; whoever keeps fewer than there are sees them all again.
    if (!kept.isEmpty() && !(horizontalHeader()->restoreState(kept) && horizontalHeader()->count() == m_widths.size())) {
        resetColumns();
    }
}

bool DataTable::eventFilter(QObject* watched, QEvent* event)
{
    // Where a person has moved or widened something.
    if (watched == horizontalHeader()->viewport() && event->type() == QEvent::MouseButtonRelease) {
        QMetaObject::invokeMethod(this, &DataTable::keepColumns, Qt::QueuedConnection);
    }
    return QTableView::eventFilter(watched, event);
}

bool DataTable::canExport() const
{
    return qobject_cast<PagedTableModel*>(model()) != nullptr;
}

void DataTable::exportRows()
{
    const QDir home(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    const QString offered = home.filePath(accessibleName().toLower().replace(u' ', u'-') + QStringLiteral(".csv"));
    const QString file = QFileDialog::getSaveFileName(this, tr("Export all rows"), offered, tr("Comma-separated values (*.csv)"));
    if (!file.isEmpty()) {
        exportRowsTo(file);
    }
}

QDialog* DataTable::exportRowsTo(const QString& file)
{
    auto* paged = qobject_cast<PagedTableModel*>(model());
    require(paged != nullptr, "only a paged list is exported");
    QList<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        if (const int column = horizontalHeader()->logicalIndex(visual); !isColumnHidden(column)) {
            columns << column;
        }
    }
    auto* dialog = new ExportDialog(m_theme, std::make_unique<TableExport>(*paged, columns, file), window());
    dialog->show();
    return dialog;
}

EmptyState* DataTable::emptyState()
{
    if (m_empty == nullptr) {
        m_empty = new EmptyState(m_theme, viewport());
        m_empty->hide();
    }
    return m_empty;
}

void DataTable::setEmptyShown(bool shown)
{
    EmptyState* empty = emptyState();
    empty->setGeometry(viewport()->rect());
    empty->setVisible(shown);
}

void DataTable::fitRows(int most)
{
    const int rows = model() != nullptr ? std::clamp(model()->rowCount(), 1, most) : 1;
    setFixedHeight(rows * tableRowHeight + horizontalHeader()->height() + 2);
    setVerticalScrollBarPolicy(model() != nullptr && model()->rowCount() > most ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

void DataTable::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    if (model() != nullptr && model()->rowCount() > 0 && !selectionModel()->hasSelection()) {
        selectRow(std::max(0, currentIndex().row()));
    }
}

void DataTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    if (m_empty != nullptr) {
        m_empty->setGeometry(viewport()->rect());
    }
}

bool DataTable::viewportEvent(QEvent* event)
{
    // The style lights up one cell; what is opened and marked here are rows.
    int row = m_delegate->litRow();
    if (event->type() == QEvent::HoverMove || event->type() == QEvent::HoverEnter) {
        row = rowAt(static_cast<QHoverEvent*>(event)->position().toPoint().y());
    } else if (event->type() == QEvent::HoverLeave || event->type() == QEvent::Leave) {
        row = -1;
    }
    if (row != m_delegate->litRow()) {
        m_delegate->setLitRow(row);
        viewport()->update();
    }
    return QTableView::viewportEvent(event);
}

void DataTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    // A screen reader selects a row without making it the current one, which is what panes and buttons go by.
    const QItemSelection chosen = selectionModel()->selection();
    if (chosen.size() == 1 && chosen.front().height() == 1 && chosen.front().top() != currentIndex().row()) {
        selectionModel()->setCurrentIndex(chosen.front().topLeft(), QItemSelectionModel::NoUpdate);
    }
}

void DataTable::showRow(const QModelIndex& index)
{
    RowDialog(m_theme, accessibleName(), index, this).exec();
}

void DataTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows();
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::copyRows() const
{
    QStringList lines;
    QModelIndexList rows = selectionModel()->selectedRows(horizontalHeader()->logicalIndex(0));
    std::ranges::sort(rows, {}, [](const QModelIndex& index) { return index.row(); });
    for (const QModelIndex& row : std::as_const(rows)) {
        QStringList cells;
        for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
            const int column = horizontalHeader()->logicalIndex(visual);
            if (isColumnHidden(column)) {
                continue;
            }
            QString text = row.siblingAtColumn(column).data().toString();
            cells << text.replace(QLatin1Char('\t'), QLatin1Char(' '));
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void DataTable::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (!index.isValid()) {
        return;
    }
    QMenu menu;
    Q_EMIT menuRequested(index, &menu);
    const QVariant order = index.data(OrderIdRole);
    if (order.isValid() && order.toLongLong() != 0) {
        menu.addAction(m_theme.icon(Icon::Orders), tr("Open the order"), this, [this, order] { Q_EMIT orderRequested(OrderId(order.toLongLong())); });
    }
    if (!menu.isEmpty()) {
        menu.addSeparator();
    }
    const QString id = index.data(IdRole).toString();
    const QString cell = index.data(Qt::DisplayRole).toString();
    menu.addAction(tr("Show the whole row"), this, [this, row = QPersistentModelIndex(index)] { showRow(row); });
    menu.addSeparator();
    menu.addAction(m_theme.icon(Icon::Copy), tr("Copy cell"), this, [cell] { QGuiApplication::clipboard()->setText(cell); });
    menu.addAction(tr("Copy row"), QKeySequence::Copy, this, [this] { copyRows(); });
    if (!id.isEmpty()) {
        menu.addAction(tr("Copy id"), this, [id] { QGuiApplication::clipboard()->setText(id); });
    }
    if (canExport()) {
        menu.addSeparator();
        menu.addAction(tr("Export all rows…"), this, &DataTable::exportRows);
    }
    menu.exec(byKey ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

void DataTable::showHeaderMenu(const QPoint& at)
{
    QMenu menu;
    for (int column = 0; column < horizontalHeader()->count(); ++column) {
        QAction* action = menu.addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            if (shown && columnWidth(column) < 60) {
                setColumnWidth(column, 120);
            }
            keepColumns();
        });
    }
    menu.addSeparator();
    menu.addAction(tr("Columns as they were"), this, [this] {
        resetColumns();
        QSettings().remove(settingsKey());
    });
    if (canExport()) {
        menu.addAction(tr("Export all rows…"), this, &DataTable::exportRows);
    }
    menu.exec(horizontalHeader()->mapToGlobal(at));
}

} // namespace counterfoil
