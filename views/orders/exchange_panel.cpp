// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/exchange_panel.h"

#include "models/tables/format.h"
#include "models/tables/order_detail_tables.h"
#include "views/orders/callbacks_table.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/payload_viewer.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QComboBox>
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
      m_attempts(new QComboBox(this)),
      m_request(new PayloadViewer(context.theme, tr("Request"), this)),
      m_answer(new PayloadViewer(context.theme, tr("Answer"), this))
{
    // CreatedAt, Operation, State, Attempts, HttpStatus, Amount, GatewayRef, Error, Id
    m_table->setColumns(m_model, {150, 130, 116, -1, 56, 110, 0, 110, -1});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->emptyState()->setContent(Icon::Send, tr("Nothing was sent"), tr("This order has asked nothing of the gateway."));
    m_attempts->setAccessibleName(tr("Attempt"));
    m_attempts->hide();
    auto* viewer = new QWidget(this);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(space::m);
    columns->addWidget(m_request, 1);
    columns->addWidget(m_answer, 1);
    auto* layout = new QVBoxLayout(viewer);
    layout->setContentsMargins(space::m, space::s, space::m, space::m);
    layout->addWidget(m_attempts, 0, Qt::AlignLeft);
    layout->addLayout(columns, 1);
    stacked(this, m_table, viewer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ExchangePanel::readPayloads);
    connect(m_attempts, &QComboBox::currentIndexChanged, this, &ExchangePanel::showAttempt);
}

void ExchangePanel::setOrder(const OrderDetail& detail)
{
    m_model->setRows(detail.exchanges);
    m_table->setEmptyShown(detail.exchanges.empty());
    if (!m_table->currentIndex().isValid() && !detail.exchanges.empty()) {
        m_table->selectRow(0);
    } else {
        readPayloads();
    }
}

void ExchangePanel::readPayloads()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid()) {
        m_shown = ExchangeId();
        m_attempts->hide();
        m_request->setNothing(tr("Nothing chosen"));
        m_answer->setNothing(tr("Nothing chosen"));
        return;
    }
    const ExchangeId id = m_model->rowValue(current.row()).id;
    const quint64 token = ++m_token;
    m_reading = true;
    m_context.executor.read(
        this,
        [id](Connection& connection) { return exchangePayloads(connection, id); },
        [this, token, id](const Result<std::vector<ExchangePayload>>& payloads) {
            if (token != m_token) {
                return;
            }
            m_reading = false;
            const bool same = id == m_shown && payloads && payloads->size() == m_payloads.size();
            m_shown = id;
            m_payloads = payloads ? *payloads : std::vector<ExchangePayload>();
            if (same) {
                showAttempt(m_attempts->currentIndex());
                return;
            }
            const QSignalBlocker quiet(m_attempts);
            m_attempts->clear();
            for (const ExchangePayload& payload : m_payloads) {
                m_attempts->addItem(tr("Attempt %1 of %2, %3").arg(payload.attempt).arg(m_payloads.size()).arg(formatDateTime(payload.sentAt)));
            }
            m_attempts->setCurrentIndex(static_cast<int>(m_payloads.size()) - 1);
            m_attempts->setVisible(m_payloads.size() > 1);
            showAttempt(m_attempts->currentIndex());
        });
}

void ExchangePanel::showAttempt(int index)
{
    if (index < 0 || index >= static_cast<int>(m_payloads.size())) {
        m_request->setNothing(tr("Not sent yet"));
        m_answer->setNothing(tr("Not sent yet"));
        return;
    }
    const ExchangePayload& payload = m_payloads[static_cast<std::size_t>(index)];
    m_request->setPayload(payload.request, formatDateTime(payload.sentAt));
    if (payload.answer.isEmpty()) {
        m_answer->setNothing(payload.outcome.isEmpty() ? tr("No answer") : stateLabel(payload.outcome));
        return;
    }
    const QString took = tr("%1 ms").arg(formatCount(payload.elapsedMicros / 1000));
    m_answer->setPayload(payload.answer, payload.httpStatus == 0 ? took : tr("HTTP %1 · %2").arg(payload.httpStatus).arg(took));
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
