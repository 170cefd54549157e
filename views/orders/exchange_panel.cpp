// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/exchange_panel.h"

#include "models/tables/order_detail_tables.h"
#include "views/orders/callbacks_table.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/exchange_viewer.h"
#include "views/widgets/payload_viewer.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QSplitter>

namespace counterfoil {

namespace {

QSplitter* stacked(QWidget* page, QWidget* list, QWidget* viewer)
{
    auto* splitter = new QSplitter(Qt::Vertical, page);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(list);
    splitter->addWidget(viewer);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    return splitter;
}

} // namespace

ExchangePanel::ExchangePanel(const PageContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new ExchangesTable(this)),
      m_table(new DataTable(context.theme, tr("Gateway requests"), this)),
      m_viewer(new ExchangeViewer(context, ExchangeViewer::Arrangement::SideBySide, this))
{
    // CreatedAt, Operation, State, Attempts, HttpStatus, Amount, GatewayRef, Error, Id
    m_table->setColumns(m_model, {150, 130, 116, -1, 56, 110, 0, 110, -1});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->emptyState()->setContent(Icon::Send, tr("Nothing was sent"), tr("This order has asked nothing of the gateway."));
    auto* viewer = new QWidget(this);
    auto* layout = new QVBoxLayout(viewer);
    layout->setContentsMargins(space::m, space::s, space::m, space::m);
    layout->addWidget(m_viewer);
    stacked(this, m_table, viewer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ExchangePanel::showChosen);
}

void ExchangePanel::setOrder(const OrderDetail& detail)
{
    m_model->setRows(detail.exchanges);
    m_table->setEmptyShown(detail.exchanges.empty());
    if (!m_table->currentIndex().isValid() && !detail.exchanges.empty()) {
        m_table->selectRow(0);
    } else {
        showChosen();
    }
}

void ExchangePanel::showChosen()
{
    const QModelIndex current = m_table->currentIndex();
    m_viewer->setExchange(current.isValid() ? m_model->rowValue(current.row()).id : ExchangeId());
}

bool ExchangePanel::isSettled() const
{
    return m_viewer->isSettled();
}

CallbackPanel::CallbackPanel(const PageContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new CallbacksTable(this)),
      m_table(new DataTable(context.theme, tr("Callbacks"), this)),
      m_body(new PayloadViewer(context.theme, tr("Body"), this))
{
    // ReceivedAt, Type, State, ObjectRef, Note, EventId
    m_table->setColumns(m_model, {150, 210, 150, 180, 0, -1});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->emptyState()->setContent(Icon::Connected, tr("No callback yet"), tr("The gateway has not told anything about this order by itself."));
    auto* viewer = new QWidget(this);
    auto* layout = new QVBoxLayout(viewer);
    layout->setContentsMargins(space::m, space::s, space::m, space::m);
    layout->addWidget(m_body);
    stacked(this, m_table, viewer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CallbackPanel::readBody);
}

void CallbackPanel::setOrder(const OrderDetail& detail)
{
    m_model->setRows(detail.callbacks);
    m_table->setEmptyShown(detail.callbacks.empty());
    if (!m_table->currentIndex().isValid() && !detail.callbacks.empty()) {
        m_table->selectRow(0);
    } else {
        readBody();
    }
}

void CallbackPanel::readBody()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid()) {
        m_shown = CallbackId();
        m_body->setNothing(tr("Nothing chosen"));
        return;
    }
    const CallbackId id = m_model->rowValue(current.row()).id;
    if (id == m_shown) {
        return;
    }
    m_shown = id;
    const quint64 token = ++m_token;
    m_context.executor.read(
        this,
        [id](Connection& connection) { return callbackBody(connection, id); },
        [this, token](const Result<QString>& body) {
            if (token != m_token) {
                return;
            }
            if (body) {
                m_body->setPayload(*body, tr("as received, signature was good"));
            } else {
                m_body->setNothing(errorWords(body.error().code).what);
            }
        });
}

} // namespace counterfoil
