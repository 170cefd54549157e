// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/callbacks_tab.h"

#include "models/store/reads/order_detail.h"
#include "models/tables/format.h"
#include "models/tables/gateway_tables.h"
#include "views/widgets/choice_menu.h"
#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>

namespace counterfoil {

CallbacksTab::CallbacksTab(const PageContext& context, QWidget* parent)
    : GatewayTab(context, parent),
      m_model(new GatewayCallbacksTable(context.executor, this)),
      m_bar(new FilterBar(context.theme, tr("Order, event, reference, id or type"), this)),
      m_states(new ChoiceMenu(m_bar, QStringLiteral("state"), tr("State"), Icon::Flag)),
      m_list(new PagedList(context.theme, tr("Callbacks"), m_model, [this] { return emptyWords(); }, this)),
      m_details(new DetailPane(context.theme, tr("The chosen callback"), this)),
      m_viewer(new PayloadViewer(context.theme, tr("Body"), m_details)),
      m_check(new QPushButton(context.theme.icon(Icon::Lock), tr("Check a signature of it"), m_details))
{
    m_states->addAll<CallbackState>();
    m_details->addBody(m_viewer, 4);
    m_details->addButton(m_check);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::m, 0, 0);
    layout->setSpacing(space::m);
    layout->addWidget(m_bar);
    layout->addWidget(DetailPane::beside(m_list, m_details, this), 1);
    // ReceivedAt, Type, State, OrderNo, ObjectRef, Note, AppliedAt, EventId, Id
    m_list->setWidths({150, 200, 104, 118, -1, 0, -1, -1, -1});
    connectFilter();
    connectList(m_list, m_details);
    connect(m_list, &PagedList::chosenChanged, this, &CallbacksTab::readDetails);
    connect(m_list, &PagedList::emptyActionTriggered, this, [this] { setFilter({}); });
    connect(m_check, &QPushButton::clicked, this, [this] { Q_EMIT checkRequested(m_body, m_receivedAt); });
}

void CallbacksTab::connectFilter()
{
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        CallbackFilter filter = m_filter;
        filter.freeText = text;
        changeFilter(filter);
    });
    connect(m_bar, &FilterBar::cleared, this, [this] {
        CallbackFilter filter;
        filter.freeText = m_filter.freeText;
        setFilter(filter);
    });
    connect(m_states, &ChoiceMenu::changed, this, [this] {
        CallbackFilter filter = m_filter;
        filter.states = m_states->chosenOf<CallbackState>();
        changeFilter(filter);
    });
}

void CallbacksTab::setFilter(const CallbackFilter& filter)
{
    m_bar->showSearch(filter.freeText);
    m_states->setChosenOf(filter.states);
    changeFilter(filter);
}

void CallbacksTab::changeFilter(const CallbackFilter& filter)
{
    m_filter = filter;
    m_started = true;
    m_bar->setChips(m_states->chips());
    m_list->begin();
    m_model->setFilter(filter);
}

EmptyWords CallbacksTab::emptyWords() const
{
    if (m_filter == CallbackFilter()) {
        return {Icon::Connected, tr("No callback yet"), tr("The gateway has not told anything by itself. What it sends with a bad signature stands under Refused."), {}};
    }
    return {Icon::Search, tr("No callback matches"),
            tr("No callback fulfils all the conditions above. States and types are looked for among the newest 100,000 callbacks."), tr("Clear filters")};
}

void CallbacksTab::readDetails()
{
    const CallbackId callback(m_list->chosen());
    if (callback.isNone()) {
        ++m_token;
        m_details->setNothing(tr("Nothing chosen"), tr("Choose a callback to see what the gateway said."));
        return;
    }
    ++m_reading;
    context().executor.read(
        this,
        [callback, isShown = callback == m_bodyOf](Connection& connection) -> Result<Chosen> {
            Chosen chosen;
            CF_ASSIGN(chosen.row, callbackDetail(connection, callback));
            if (isShown) {
                return chosen;
            }
            chosen.body = QString();
            if (auto body = callbackBody(connection, callback)) {
                chosen.body = std::move(*body);
            } else if (body.error().code != ErrorCode::NotFound) {
                return passOn(body);
            }
            return chosen;
        },
        [this, token = ++m_token](const Result<Chosen>& chosen) {
            --m_reading;
            if (token == m_token) {
                showDetails(chosen);
            }
        });
}

void CallbacksTab::showDetails(const Result<Chosen>& chosen)
{
    if (!chosen) {
        const ErrorWords words = errorWords(chosen.error().code);
        m_details->setNothing(words.what, words.whatToDo);
        return;
    }
    const GatewayCallback& callback = chosen->row.callback;
    const UtcTime now = context().clock.now();
    m_details->setSubject(callback.type, lookOf(callback.state),
                          {
                              {tr("Remark"), callback.note},
                              {tr("About"), callback.objectRef, true},
                              {tr("Received"), formatTime(callback.receivedAt, now)},
                              {tr("Applied"), formatTime(callback.appliedAt, now)},
                              {tr("Event"), callback.eventId, true},
                              {tr("Gateway"), callback.gateway},
                              {tr("Id"), callback.id.toText(), true},
                          });
    m_details->setOrder(chosen->row.order, chosen->row.orderNo);
    m_receivedAt = callback.receivedAt;
    if (chosen->body) {
        m_body = *chosen->body;
        m_bodyOf = callback.id;
        showBody();
    }
}

void CallbacksTab::showBody()
{
    m_check->setEnabled(!m_body.isEmpty());
    if (m_body.isEmpty()) {
        m_viewer->setNothing(tr("not kept"));
    } else {
        m_viewer->setPayload(m_body, tr("as received, its signature was good"));
    }
}

void CallbacksTab::refresh()
{
    if (!m_started) {
        changeFilter(m_filter);
        return;
    }
    m_list->refresh();
    readDetails();
}

bool CallbacksTab::isSettled() const
{
    return m_reading == 0 && m_list->isSettled();
}

QWidget* CallbacksTab::firstFocus()
{
    return m_list->table();
}

} // namespace counterfoil
