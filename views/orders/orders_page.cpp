// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/orders_page.h"

#include "models/tables/format.h"
#include "models/tables/orders_table.h"
#include "views/orders/order_filter_menus.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>

namespace counterfoil {

OrdersPage::OrdersPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_model(new OrdersTable(context.executor, this)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_bar(new FilterBar(context.theme, tr("Order number, id, buyer, gateway reference"), this)),
      m_menus(new OrderFilterMenus(context, m_bar, this)),
      m_table(new DataTable(context.theme, tr("Orders"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(context.theme, tr("Orders"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 1, Qt::AlignBottom);
    layout->addLayout(heading);
    layout->addWidget(m_bar);
    auto* card = new SectionCard(context.theme, {}, this);
    card->setFlush();
    card->body()->addWidget(m_table);
    layout->addWidget(card, 1);
    // Id, OrderNo, PlacedAt, Buyer, Channel, State, Funding, Payable, Paid, Refunded, UpdatedAt
    m_table->setColumns(m_model, {-1, 130, 156, 0, -1, 156, 140, 122, 122, 122, -1});
    connectFilters();
    connectTable();
}

void OrdersPage::connectFilters()
{
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        OrderFilter filter = m_menus->filter();
        filter.freeText = text;
        m_menus->show(filter);
        changeFilter(filter);
    });
    connect(m_bar, &FilterBar::chipRemoved, m_menus, &OrderFilterMenus::remove);
    connect(m_bar, &FilterBar::cleared, this, [this] {
        OrderFilter filter;
        filter.freeText = m_menus->filter().freeText;
        setFilter(filter);
    });
    connect(m_menus, &OrderFilterMenus::filterChanged, this, &OrdersPage::changeFilter);
}

void OrdersPage::connectTable()
{
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(static_cast<int>(OrderColumn::PlacedAt), Qt::DescendingOrder);
    connect(header, &QHeaderView::sectionClicked, this, &OrdersPage::sortBy);
    connect(m_table, &QAbstractItemView::activated, this, &OrdersPage::openRow);
    connect(m_table, &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    connect(m_model, &PagedTableModel::countChanged, this, &OrdersPage::showCount);
    connect(m_model, &PagedTableModel::firstPageShown, this, [this] {
        m_shown = true;
        m_failed = false;
        showEmptiness();
        if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0) {
            m_table->selectRow(0);
        }
    });
    connect(m_model, &PagedTableModel::failed, this, [this](const Error& error) {
        m_failed = true;
        m_shown = true;
        const ErrorWords words = errorWords(error.code);
        m_table->emptyState()->setContent(Icon::Warning, words.what, words.whatToDo);
        m_table->emptyState()->setAction(tr("Try again"));
        m_table->setEmptyShown(m_model->rowCount() == 0);
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &OrdersPage::showEmptiness);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &OrdersPage::showEmptiness);
    connect(m_table->emptyState(), &EmptyState::actionTriggered, this, [this] {
        if (m_failed) {
            m_model->reload();
        } else {
            m_bar->search()->clear();
            setFilter({});
        }
    });
}

void OrdersPage::setFilter(const OrderFilter& filter)
{
    m_menus->show(filter);
    m_bar->showSearch(filter.freeText);
    changeFilter(filter);
}

const OrderFilter& OrdersPage::filter() const
{
    return m_model->listing().filter;
}

void OrdersPage::changeFilter(const OrderFilter& filter)
{
    OrderListing listing = m_model->listing();
    listing.filter = filter;
    if (!std::exchange(m_started, true)) {
        listing.sort = OrderSort::PlacedAt;
    }
    m_shown = false;
    m_model->setListing(listing);
    m_table->setEmptyShown(false);
}

void OrdersPage::sortBy(int column)
{
    const OrderListing& now = m_model->listing();
    QHeaderView* header = m_table->horizontalHeader();
    const int current = static_cast<int>(now.sort == OrderSort::Id ? OrderColumn::Id : OrderColumn::PlacedAt);
    if (!OrdersTable::isSortable(column)) {
        header->setSortIndicator(current, now.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
        return;
    }
    const bool descending = column == current ? !now.descending : true;
    const auto order = descending ? Qt::DescendingOrder : Qt::AscendingOrder;
    header->setSortIndicator(column, order);
    m_model->sort(column, order);
}

void OrdersPage::showCount()
{
    const QString count = formatCount(m_model->totalCount());
    m_count->setPlain(m_model->isCountExact() ? count : tr("%1+").arg(count));
    Q_EMIT titleChanged(tr("Orders"));
}

void OrdersPage::showEmptiness()
{
    if (!m_shown || m_failed) {
        return;
    }
    EmptyState* empty = m_table->emptyState();
    if (filter().isEmpty()) {
        empty->setContent(Icon::Orders, tr("No orders yet"),
                          tr("Orders appear here as soon as the shop sends them to the worker, or when a file is imported with counterfoilctl import."));
        empty->setAction({});
    } else {
        empty->setContent(Icon::Search, tr("No order matches"), tr("No order of this database fulfils all the conditions above."));
        empty->setAction(tr("Clear filters"));
    }
    m_table->setEmptyShown(m_model->rowCount() == 0);
}

void OrdersPage::openRow(const QModelIndex& index)
{
    const OrderId order = m_model->orderAt(index.row());
    if (!order.isNone()) {
        context().navigator.openOrder(order);
    }
}

void OrdersPage::refresh()
{
    if (!m_started) {
        changeFilter(m_menus->filter());
    } else if (m_shown) {
        m_model->refresh();
    }
}

bool OrdersPage::isSettled() const
{
    return m_shown && !m_model->isLoading();
}

QWidget* OrdersPage::firstFocus()
{
    return m_table;
}

} // namespace counterfoil
