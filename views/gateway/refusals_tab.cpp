// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/refusals_tab.h"

#include "models/tables/gateway_tables.h"
#include "views/widgets/data_table.h"

#include <QBoxLayout>
#include <QPushButton>

namespace counterfoil {

RefusalsTab::RefusalsTab(const PageContext& context, QWidget* parent)
    : GatewayTab(context, parent),
      m_model(new CallbackRefusalsTable(context.executor, this)),
      m_list(new PagedList(context.theme, tr("Refused callbacks"), m_model,
                           [] {
                               return EmptyWords{Icon::Check, tr("Nothing was refused"),
                                                 tr("Every callback that came had a good signature and could be read."), {}};
                           },
                           this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::m, 0, 0);
    layout->setSpacing(space::m);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(new PlainLabel(context.theme, tr("Nothing of a refused callback is kept but what stands here: whoever sent it is not known to be the gateway."), TextRole::Body,
                                  Ink::Secondary, this),
                   1);
    auto* check = new QPushButton(context.theme.icon(Icon::Lock), tr("Find out why"), this);
    row->addWidget(check);
    layout->addLayout(row);
    layout->addWidget(m_list, 1);
    // At, Reason, Size, Peer
    m_list->setWidths({160, 0, 90, 200});
    connect(check, &QPushButton::clicked, this, &RefusalsTab::checkRequested);
    connect(m_list->table(), &QAbstractItemView::activated, m_list->table(), &DataTable::showRow);
    connect(m_list, &PagedList::countChanged, this, [this] { Q_EMIT countChanged(m_list->countText()); });
}

void RefusalsTab::refresh()
{
    if (std::exchange(m_started, true)) {
        m_list->refresh();
        return;
    }
    m_list->begin();
    m_model->start();
}

bool RefusalsTab::isSettled() const
{
    return m_list->isSettled();
}

QWidget* RefusalsTab::firstFocus()
{
    return m_list->table();
}

} // namespace counterfoil
