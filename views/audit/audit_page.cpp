// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/audit/audit_page.h"

#include "models/tables/audit_table.h"
#include "models/tables/format.h"
#include "models/tables/roles.h"
#include "views/audit/audit_filter_menus.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>

namespace counterfoil {

namespace {
/// Of a window of 1280: before and after need more room than other details.
constexpr int listWidth = 656;
constexpr int detailsWidth = 480;
} // namespace

AuditPage::AuditPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_model(new AuditTable(context.executor, this)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_bar(new FilterBar(context.theme, tr("Id of what it was done to, or an order number"), this)),
      m_menus(new AuditFilterMenus(context, m_bar, this)),
      m_list(new PagedList(context.theme, tr("Audit trail"), m_model, [this] { return emptyWords(); }, this)),
      m_details(new DetailPane(context.theme, tr("The chosen row of the audit trail"), this)),
      m_before(new PayloadViewer(context.theme, tr("Before"), m_details)),
      m_after(new PayloadViewer(context.theme, tr("After"), m_details)),
      m_same(new QPushButton(context.theme.icon(Icon::Filter), tr("All of this subject"), m_details)),
      m_account(new QPushButton(context.theme.icon(Icon::Accounts), tr("Open the account"), m_details))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    buildHeading(layout);
    layout->addWidget(m_bar);
    QSplitter* splitter = DetailPane::beside(m_list, m_details, this);
    splitter->setSizes({listWidth, detailsWidth});
    layout->addWidget(splitter, 1);
    // At, Actor, Action, Subject, Before, After, Reason, Id
    m_list->setWidths({150, 110, 142, 136, -1, -1, 0, -1});
    buildDetails();
    connectFilter();
    connectList();
}

void AuditPage::buildHeading(QVBoxLayout* layout)
{
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(theme(), tr("Audit"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 0, Qt::AlignBottom);
    heading->addStretch(1);
    layout->addLayout(heading);
}

void AuditPage::buildDetails()
{
    auto* both = new QWidget(m_details);
    auto* columns = new QHBoxLayout(both);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(space::m);
    columns->addWidget(m_before, 1);
    columns->addWidget(m_after, 1);
    m_details->addBody(both, 4);
    m_details->addButton(m_account);
    m_details->addButton(m_same);
    connect(m_account, &QPushButton::clicked, this, [this] { context().navigator.openAccount(m_shown.account); });
    connect(m_same, &QPushButton::clicked, this, [this] {
        AuditFilter filter;
        filter.subject = m_shown.event.subject;
        setFilter(filter);
    });
}

void AuditPage::connectFilter()
{
    connect(m_menus, &AuditFilterMenus::filterChanged, this, &AuditPage::changeFilter);
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        AuditFilter filter = m_menus->filter();
        filter.subject = text;
        m_menus->show(filter);
        changeFilter(filter);
    });
}

void AuditPage::connectList()
{
    const auto open = [this](OrderId order) { context().navigator.openOrder(order); };
    connect(table(), &QAbstractItemView::activated, this, &AuditPage::openRow);
    connect(table(), &DataTable::orderRequested, this, open);
    connect(m_details, &DetailPane::orderRequested, this, open);
    connect(m_list, &PagedList::chosenChanged, this, &AuditPage::readDetails);
    connect(m_list, &PagedList::countChanged, this, [this] { m_count->setPlain(m_list->countText()); });
    connect(m_list, &PagedList::emptyActionTriggered, this, [this] { setFilter({}); });
}

void AuditPage::setFilter(const AuditFilter& filter)
{
    m_menus->show(filter);
    m_bar->showSearch(filter.subject);
    changeFilter(filter);
}

const AuditFilter& AuditPage::filter() const
{
    return m_menus->filter();
}

void AuditPage::changeFilter(const AuditFilter& filter)
{
    m_started = true;
    m_list->begin();
    m_model->setFilter(filter);
}

EmptyWords AuditPage::emptyWords() const
{
    if (filter().isEmpty()) {
        return {Icon::Visible, tr("Nothing was done yet"), tr("Every change by a person or a program leaves a row here that nobody can change or take away."), {}};
    }
    return {Icon::Search, tr("Nothing matches"),
            tr("Nothing that was done fulfils all the conditions above. Without a subject or days, what every payment does is looked for among the newest 100,000 rows."), tr("Clear filters")};
}

void AuditPage::openRow(const QModelIndex& index)
{
    const OrderId order(index.data(OrderIdRole).toLongLong());
    if (order.isNone()) {
        table()->showRow(index);
    } else {
        context().navigator.openOrder(order);
    }
}

void AuditPage::readDetails()
{
    const AuditEventId event(m_list->chosen());
    if (event.isNone()) {
        ++m_token;
        m_details->setNothing(tr("Nothing chosen"), tr("Choose a row to see what was before and after."));
        return;
    }
    ++m_reading;
    context().executor.read(
        this,
        [event](Connection& connection) { return auditDetail(connection, event); },
        [this, token = ++m_token](const Result<AuditDetail>& detail) {
            --m_reading;
            if (token == m_token) {
                showDetails(detail);
            }
        });
}

void AuditPage::showDetails(const Result<AuditDetail>& detail)
{
    if (!detail) {
        const ErrorWords words = errorWords(detail.error().code);
        m_details->setNothing(words.what, words.whatToDo);
        return;
    }
    m_shown = *detail;
    const AuditEvent& event = detail->event;
    const QString actor = actorWords(event.actor);
    m_details->setSubject(stateLabel(event.action), {},
                          {
                              {tr("Time"), formatTime(event.at, context().clock.now())},
                              {tr("By"), actor == event.actor ? actor : QStringLiteral("%1 · %2").arg(actor, event.actor)},
                              {tr("Action"), event.action},
                              {tr("Subject"), event.subject, true},
                              {tr("Order"), detail->orderNo, true},
                              {tr("Reason"), event.reason},
                              {tr("Id"), event.id.toText(), true},
                          });
    m_details->setOrder(detail->order, detail->orderNo);
    m_account->setVisible(!detail->account.isNone());
    m_same->setEnabled(event.subject != filter().subject);
    for (const auto& [viewer, text] : {std::pair{m_before, event.before}, std::pair{m_after, event.after}}) {
        if (text.isEmpty()) {
            viewer->setNothing(tr("nothing"));
        } else {
            viewer->setPayload(text);
        }
    }
}

void AuditPage::refresh()
{
    if (!m_started) {
        changeFilter(filter());
        return;
    }
    m_list->refresh();
    readDetails();
}

bool AuditPage::isSettled() const
{
    return m_reading == 0 && m_list->isSettled();
}

QWidget* AuditPage::firstFocus()
{
    return table();
}

} // namespace counterfoil
