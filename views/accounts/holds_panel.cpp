// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/holds_panel.h"

#include "models/tables/format.h"
#include "models/tables/order_detail_tables.h"
#include "models/tables/roles.h"
#include "views/accounts/account_offers.h"
#include "views/desk/action_list.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QMenu>
#include <QShortcut>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr std::array keys{std::pair{CommandKind::Unfreeze, Qt::Key_U}, std::pair{CommandKind::ReleaseSettlement, Qt::Key_R}};

} // namespace

HoldsPanel::HoldsPanel(const PageContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new HoldsTable(context.clock, this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new DataTable(context.theme, tr("Holds"), this)),
      m_actions(new ActionList(context, {CommandKind::Unfreeze, CommandKind::ReleaseSettlement}, ActionList::Form::Strip, this)),
      m_remark(new PlainLabel(context.theme, {}, TextRole::Caption, Ink::Secondary, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::s, 0, 0);
    layout->setSpacing(space::s);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(space::m, 0, space::m, 0);
    top->setSpacing(space::xs);
    top->addWidget(m_actions);
    top->addWidget(m_remark);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    m_remark->hide();
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(SortKeyRole);
    // CreatedAt, Age, Reason, OrderNo, Cause, Amount, Remaining, EndsAt, Id
    m_table->setColumns(m_sorted, {150, 70, 100, 150, 0, 130, 130, 150, -1});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(static_cast<int>(HoldColumn::CreatedAt), Qt::AscendingOrder);
    m_table->emptyState()->setContent(Icon::Lock, tr("Nothing is frozen"), tr("No open hold reserves money of this account."));
    connectTable();
}

void HoldsPanel::connectTable()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &HoldsPanel::showActions);
    connect(m_table, &DataTable::orderRequested, this, [this](OrderId order) { m_context.navigator.openOrder(order); });
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const HoldRow* row = holdAt(index);
        if (row && !row->hold.order.isNone()) {
            m_context.navigator.openOrder(row->hold.order);
        } else {
            m_table->showRow(index);
        }
    });
    connect(m_table, &DataTable::menuRequested, this, [this](const QModelIndex& index, QMenu* menu) {
        const std::vector<CommandOffer> offers = holdOffers(m_account, holdAt(index));
        for (std::size_t i = 0; i < offers.size(); ++i) {
            addOffer(menu, m_context, offers[i], QKeySequence(keys[i].second).toString(), this);
        }
    });
    for (const auto& [kind, key] : keys) {
        auto* shortcut = new QShortcut(QKeySequence(key), m_table);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, kind = kind] { m_actions->ask(kind); });
    }
}

const HoldRow* HoldsPanel::holdAt(const QModelIndex& index) const
{
    const int row = m_sorted->mapToSource(index).row();
    return row < 0 ? nullptr : &m_model->rowValue(row);
}

void HoldsPanel::setDetail(const AccountDetail& detail)
{
    m_account = detail.row;
    m_model->setRows(detail.holds);
    m_table->setEmptyShown(detail.holds.empty());
    const qint64 shown = std::ssize(detail.holds);
    m_remark->setVisible(detail.holdCount > shown);
    m_remark->setPlain(tr("The oldest %1 of %2 holds.").arg(formatCount(shown), formatCount(detail.holdCount)));
    showActions();
}

void HoldsPanel::clear()
{
    m_account = {};
    m_model->setRows({});
    m_table->setEmptyShown(false);
    m_remark->hide();
    m_actions->setOffers({});
}

void HoldsPanel::showActions()
{
    m_actions->setOffers(holdOffers(m_account, holdAt(m_table->currentIndex())));
}

} // namespace counterfoil
