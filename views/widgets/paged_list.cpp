// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/paged_list.h"

#include "models/tables/format.h"
#include "models/tables/roles.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/words.h"

#include <QBoxLayout>

namespace counterfoil {

PagedList::PagedList(const Theme& theme, const QString& name, PagedTableModel* model, std::function<EmptyWords()> emptyWords, QWidget* parent)
    : SectionCard(theme, {}, parent), m_model(model), m_table(new DataTable(theme, name, this)), m_emptyWords(std::move(emptyWords))
{
    setFlush();
    body()->addWidget(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    setFocusProxy(m_table);
    // Before the view's own selection is told, which moves on from a row that goes.
    connect(model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_removing = true; });
}

void PagedList::setWidths(const QList<int>& widths)
{
    m_table->setColumns(m_model, widths);
    connectModel();
}

void PagedList::connectModel()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &PagedList::handleCurrent);
    connect(m_model, &PagedTableModel::countChanged, this, &PagedList::countChanged);
    connect(m_model, &PagedTableModel::firstPageShown, this, [this] {
        m_shown = true;
        m_failed = false;
        showEmptiness();
        if (m_model->rowCount() > 0) {
            m_table->selectRow(0);
        } else {
            choose(0);
        }
    });
    connect(m_model, &PagedTableModel::failed, this, &PagedList::showFailure);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] {
        showEmptiness();
        restoreLater();
    });
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, [this] {
        showEmptiness();
        restoreLater();
    });
    connect(m_table->emptyState(), &EmptyState::actionTriggered, this, [this] {
        if (m_failed) {
            m_model->reload();
        } else {
            Q_EMIT emptyActionTriggered();
        }
    });
}

void PagedList::begin()
{
    m_begun = true;
    m_shown = false;
    m_table->setEmptyShown(false);
}

void PagedList::refresh()
{
    if (m_shown) {
        m_model->refresh();
    }
}

bool PagedList::isSettled() const
{
    return m_begun && m_shown && !m_model->isLoading();
}

QString PagedList::countText() const
{
    const QString count = formatCount(m_model->totalCount());
    return m_model->isCountExact() ? count : tr("%1+").arg(count);
}

void PagedList::choose(qint64 id)
{
    if (id != m_chosen) {
        m_chosen = id;
        Q_EMIT chosenChanged(id);
    }
}

void PagedList::handleCurrent()
{
    // Nobody has chosen the row that a view moves on to.
    const QVariant id = m_table->currentIndex().data(IdValueRole);
    if (!m_removing && id.isValid()) {
        choose(id.toLongLong());
    }
}

void PagedList::showEmptiness()
{
    if (!m_shown || m_failed) {
        return;
    }
    const bool empty = m_model->rowCount() == 0;
    if (empty) {
        const EmptyWords words = m_emptyWords();
        m_table->emptyState()->setContent(words.icon, words.title, words.text);
        m_table->emptyState()->setAction(words.action);
    }
    m_table->setEmptyShown(empty);
}

void PagedList::showFailure(const Error& error)
{
    m_shown = m_failed = true;
    const ErrorWords words = errorWords(error.code);
    m_table->emptyState()->setContent(Icon::Warning, words.what, words.whatToDo);
    m_table->emptyState()->setAction(tr("Try again"));
    m_table->setEmptyShown(m_model->rowCount() == 0);
}

void PagedList::restoreLater()
{
    // Once the model has said everything of one refresh.
    if (!std::exchange(m_restoring, true)) {
        QMetaObject::invokeMethod(this, &PagedList::restoreChosen, Qt::QueuedConnection);
    }
}

void PagedList::restoreChosen()
{
    m_restoring = m_removing = false;
    if (m_chosen == 0 || m_model->rowCount() == 0 || m_table->currentIndex().data(IdValueRole).toLongLong() == m_chosen) {
        return;
    }
    const int first = std::max(m_table->rowAt(0), 0);
    const int last = m_table->rowAt(m_table->viewport()->height() - 1);
    for (int row = first; row <= (last < 0 ? m_model->rowCount() - 1 : last); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        if (index.data(IdValueRole).toLongLong() == m_chosen) {
            m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            return;
        }
    }
    m_table->clearSelection();
}

} // namespace counterfoil
