// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/order_tabs.h"

#include "models/tables/format.h"
#include "models/tables/order_detail_tables.h"
#include "models/tables/order_items_tree.h"
#include "views/orders/exchange_panel.h"
#include "views/widgets/aligned_header.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/table_delegate.h"

#include <QHeaderView>
#include <QMenu>
#include <QTabBar>
#include <QTreeView>

#include <algorithm>

namespace counterfoil {

OrderTabs::OrderTabs(const PageContext& context, QWidget* parent)
    : QTabWidget(parent),
      m_context(context),
      m_itemsModel(new OrderItemsTree(this)),
      m_items(new QTreeView(this)),
      m_paymentsModel(new TransactionsTable(this)),
      m_postingsModel(new OrderPostingsTable(this)),
      m_jobsModel(new JobsTable(this)),
      m_casesModel(new CasesTable(this)),
      m_exchanges(new ExchangePanel(context, this)),
      m_callbacks(new CallbackPanel(context, this))
{
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
    tabBar()->setExpanding(false);
    tabBar()->setUsesScrollButtons(true);
    tabBar()->setAccessibleName(tr("Parts of the order"));
    setAccessibleName(tr("Parts of the order"));
    addItems();
    // CreatedAt, Kind, Status, Amount, WalletPart, GatewayPart, Card, GatewayRef, Decline, Id
    m_payments = addTable(m_paymentsModel, tr("Payments"), {150, 90, 124, 116, -1, -1, 110, 0, 116, -1}, Icon::Money, tr("No payment yet"),
                          tr("A payment is started when everything of the order is reserved."));
    addTab(m_exchanges, tr("Gateway"));
    addTab(m_callbacks, tr("Callbacks"));
    // At, Kind, Account, Bucket, Amount, BalanceAfter, Entry
    m_postings = addTable(m_postingsModel, tr("Postings"), {150, 100, 0, 100, 130, 140, -1}, Icon::Swap, tr("Nothing was posted"),
                          tr("No money has moved for this order."));
    // DueAt, Kind, State, Attempt, LastError, Id
    m_jobs = addTable(m_jobsModel, tr("Jobs"), {150, 250, 110, 80, 0, -1}, Icon::Clock, tr("Nothing is to come"), tr("No job is waiting for this order."));
    // OpenedAt, Severity, Kind, State, Detail, Id
    m_cases = addTable(m_casesModel, tr("Cases"), {150, 110, 210, 110, 0, -1}, Icon::Flag, tr("No case"), tr("Nothing about this order needed a person."));
    for (DataTable* table : {m_payments, m_jobs}) {
        connect(table, &QAbstractItemView::activated, table, &DataTable::showRow);
    }
    connectPostings();
    connectCases();
}

template<class Model>
DataTable* OrderTabs::addTable(Model* model, const QString& name, const QList<int>& widths, Icon icon, const QString& emptyTitle, const QString& emptyText)
{
    auto* table = new DataTable(m_context.theme, name, this);
    table->setColumns(model, widths);
    table->emptyState()->setContent(icon, emptyTitle, emptyText);
    addTab(table, name);
    return table;
}

void OrderTabs::addItems()
{
    m_items->setAccessibleName(tr("Sub-orders and items"));
    m_items->setModel(m_itemsModel);
    m_items->setItemDelegate(new TableDelegate(m_context.theme, this));
    m_items->setFrameShape(QFrame::NoFrame);
    m_items->setUniformRowHeights(true);
    m_items->setAlternatingRowColors(false);
    m_items->setRootIsDecorated(true);
    m_items->setIndentation(18);
    m_items->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_items->setMouseTracking(true);
    m_items->setHeader(new AlignedHeader(m_items));
    m_items->header()->setStretchLastSection(false);
    m_items->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    // Name, Sku, Quantity, UnitPrice, Amount, Discount, Shipping, Commission
    const QList<int> widths{0, 126, 70, 88, 94, 84, 82, 94};
    for (int column = 1; column < widths.size(); ++column) {
        m_items->setColumnWidth(column, widths[column]);
    }
    addTab(m_items, tr("Items"));
}

void OrderTabs::connectPostings()
{
    connect(m_postings, &DataTable::menuRequested, this, [this](const QModelIndex& index, QMenu* menu) {
        const AccountId account = m_postingsModel->rowValue(index.row()).posting.account;
        menu->addAction(m_context.theme.icon(Icon::Accounts), tr("Open the account"), this,
                        [this, account] { m_context.navigator.openAccount(account); });
    });
    connect(m_postings, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        m_context.navigator.openAccount(m_postingsModel->rowValue(index.row()).posting.account);
    });
}

void OrderTabs::connectCases()
{
    const auto open = [this](const QModelIndex& index) { m_context.navigator.openCase(m_casesModel->rowValue(index.row()).id); };
    connect(m_cases, &QAbstractItemView::activated, this, open);
    connect(m_cases, &DataTable::menuRequested, this, [this, open](const QModelIndex& index, QMenu* menu) {
        menu->addAction(m_context.theme.icon(Icon::Flag), tr("Open the case"), this, [open, row = QPersistentModelIndex(index)] { open(row); });
    });
}

void OrderTabs::setDetail(const OrderDetail& detail)
{
    const bool first = m_itemsModel->rowCount() == 0;
    m_itemsModel->setOrder(detail);
    if (first || m_itemsModel->rowCount() <= 4) {
        m_items->expandAll();
    }
    m_paymentsModel->setRows(detail.transactions);
    m_postingsModel->setRows(detail.postings);
    m_jobsModel->setRows(detail.jobs);
    std::vector<InterventionCase> cases = detail.cases;
    std::ranges::stable_partition(cases, [](const InterventionCase& item) { return item.state == CaseState::Open; });
    m_casesModel->setRows(std::move(cases));
    m_exchanges->setOrder(detail);
    m_callbacks->setOrder(detail);
    m_payments->setEmptyShown(detail.transactions.empty());
    m_postings->setEmptyShown(detail.postings.empty());
    m_jobs->setEmptyShown(detail.jobs.empty());
    m_cases->setEmptyShown(detail.cases.empty());
    nameTabs(detail);
}

void OrderTabs::nameTabs(const OrderDetail& detail)
{
    const auto name = [this](QWidget* tab, const QString& word, std::size_t count) {
        setTabText(indexOf(tab), count == 0 ? word : QStringLiteral("%1  %2").arg(word, formatCount(static_cast<qint64>(count))));
    };
    name(m_items, tr("Items"), detail.items.size());
    name(m_payments, tr("Payments"), detail.transactions.size());
    name(m_exchanges, tr("Gateway"), detail.exchanges.size());
    name(m_callbacks, tr("Callbacks"), detail.callbacks.size());
    name(m_postings, tr("Postings"), detail.postings.size());
    name(m_jobs, tr("Jobs"), detail.jobs.size());
    name(m_cases, tr("Cases"), detail.cases.size());
}

bool OrderTabs::isSettled() const
{
    return m_exchanges->isSettled();
}

void OrderTabs::showCases()
{
    setCurrentWidget(m_cases);
    m_cases->setFocus();
}

} // namespace counterfoil
