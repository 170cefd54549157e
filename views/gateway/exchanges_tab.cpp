// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/exchanges_tab.h"

#include "models/tables/format.h"
#include "models/tables/gateway_tables.h"
#include "views/widgets/choice_menu.h"
#include "views/widgets/exchange_viewer.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QSplitter>

namespace counterfoil {

ExchangesTab::ExchangesTab(const PageContext& context, QWidget* parent)
    : GatewayTab(context, parent),
      m_model(new GatewayExchangesTable(context.executor, this)),
      m_bar(new FilterBar(context.theme, tr("Order, reference, id or idempotency key"), this)),
      m_states(new ChoiceMenu(m_bar, QStringLiteral("state"), tr("State"), Icon::Flag)),
      m_operations(new ChoiceMenu(m_bar, QStringLiteral("operation"), tr("Operation"), Icon::Send)),
      m_list(new PagedList(context.theme, tr("Requests to the gateway"), m_model, [this] { return emptyWords(); }, this)),
      m_details(new DetailPane(context.theme, tr("The chosen request"), this)),
      m_viewer(new ExchangeViewer(context, ExchangeViewer::Arrangement::Tabs, m_details))
{
    m_states->addAll<ExchangeState>();
    m_operations->addAll<GatewayOperation>();
    m_details->addBody(m_viewer, 4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::m, 0, 0);
    layout->setSpacing(space::m);
    layout->addWidget(m_bar);
    layout->addWidget(DetailPane::beside(m_list, m_details, this), 1);
    // CreatedAt, Operation, State, OrderNo, Amount, HttpStatus, Attempts, Error, GatewayRef, AnsweredAt, Id
    m_list->setWidths({150, 122, 112, 118, 110, 52, -1, 0, -1, -1, -1});
    connectFilter();
    connectList(m_list, m_details);
    connect(m_list, &PagedList::chosenChanged, this, &ExchangesTab::readDetails);
    connect(m_list, &PagedList::emptyActionTriggered, this, [this] { setFilter({}); });
}

void ExchangesTab::connectFilter()
{
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        ExchangeFilter filter = m_filter;
        filter.freeText = text;
        changeFilter(filter);
    });
    connect(m_bar, &FilterBar::cleared, this, [this] {
        ExchangeFilter filter;
        filter.freeText = m_filter.freeText;
        setFilter(filter);
    });
    for (ChoiceMenu* menu : {m_states, m_operations}) {
        connect(menu, &ChoiceMenu::changed, this, [this] {
            ExchangeFilter filter = m_filter;
            filter.states = m_states->chosenOf<ExchangeState>();
            filter.operations = m_operations->chosenOf<GatewayOperation>();
            changeFilter(filter);
        });
    }
}

void ExchangesTab::setFilter(const ExchangeFilter& filter)
{
    m_bar->showSearch(filter.freeText);
    m_states->setChosenOf(filter.states);
    m_operations->setChosenOf(filter.operations);
    changeFilter(filter);
}

void ExchangesTab::changeFilter(const ExchangeFilter& filter)
{
    m_filter = filter;
    m_started = true;
    m_bar->setChips(m_states->chips() + m_operations->chips());
    m_list->begin();
    m_model->setFilter(filter);
}

EmptyWords ExchangesTab::emptyWords() const
{
    if (m_filter == ExchangeFilter()) {
        return {Icon::Send, tr("Nothing was sent"), tr("Nothing has been asked of the gateway yet. The first order that is paid by card does it."), {}};
    }
    return {Icon::Search, tr("No request matches"),
            tr("No request fulfils all the conditions above. States and operations are looked for among the newest 100,000 requests."), tr("Clear filters")};
}

void ExchangesTab::readDetails()
{
    const ExchangeId exchange(m_list->chosen());
    if (exchange.isNone()) {
        ++m_token;
        m_viewed = GatewayExchange();
        m_viewer->setExchange(exchange);
        m_details->setNothing(tr("Nothing chosen"), tr("Choose a request to see what was sent and what came back."));
        return;
    }
    ++m_reading;
    context().executor.read(
        this,
        [exchange](Connection& connection) { return exchangeDetail(connection, exchange); },
        [this, token = ++m_token](const Result<ExchangeRow>& row) {
            --m_reading;
            if (token == m_token) {
                showDetails(row);
            }
        });
}

void ExchangesTab::showDetails(const Result<ExchangeRow>& row)
{
    if (!row) {
        const ErrorWords words = errorWords(row.error().code);
        m_details->setNothing(words.what, words.whatToDo);
        return;
    }
    const GatewayExchange& exchange = row->exchange;
    const UtcTime now = context().clock.now();
    if (exchange.id != m_viewed.id || exchange.attempt != m_viewed.attempt || exchange.answeredAt != m_viewed.answeredAt) {
        m_viewed = exchange;
        m_viewer->setExchange(exchange.id);
    }
    m_details->setSubject(stateLabel(toString(exchange.operation)), lookOf(exchange.state),
                          {
                              {tr("Amount"), exchange.amount.isZero() ? QString() : formatMoneyWithCode(exchange.amount)},
                              {tr("Reference"), exchange.gatewayRef, true},
                              {tr("HTTP status"), exchange.httpStatus == 0 ? QString() : QString::number(exchange.httpStatus)},
                              {tr("Error"), exchange.errorCode, false, Ink::Danger},
                              {tr("Attempts"), formatCount(exchange.attempt)},
                              {tr("Created"), formatTime(exchange.createdAt, now)},
                              {tr("Sent"), formatTime(exchange.sentAt, now)},
                              {tr("Answered"), formatTime(exchange.answeredAt, now)},
                              {tr("Key"), exchange.idempotencyKey, true},
                              {tr("Payment"), exchange.transaction.toText(), true},
                              {tr("Id"), exchange.id.toText(), true},
                          });
    m_details->setOrder(row->order, row->orderNo);
}

void ExchangesTab::refresh()
{
    if (!m_started) {
        changeFilter(m_filter);
        return;
    }
    m_list->refresh();
    readDetails();
}

bool ExchangesTab::isSettled() const
{
    return m_reading == 0 && m_list->isSettled() && m_viewer->isSettled();
}

QWidget* ExchangesTab::firstFocus()
{
    return m_list->table();
}

} // namespace counterfoil
