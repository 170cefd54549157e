// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/page_stack.h"

#include "views/accounts/account_page.h"
#include "views/accounts/accounts_page.h"
#include "views/administration/administration_page.h"
#include "views/audit/audit_page.h"
#include "views/desk/approvals_page.h"
#include "views/desk/case_page.h"
#include "views/desk/interventions_page.h"
#include "views/gateway/gateway_page.h"
#include "views/jobs/jobs_page.h"
#include "views/orders/order_page.h"
#include "views/orders/orders_page.h"
#include "views/overview/overview_page.h"

namespace counterfoil {

PageStack::PageStack(const PageContext& context, QWidget* parent) : QStackedWidget(parent), m_context(context) {}

Page* PageStack::build(const QString& name)
{
    if (name == QLatin1String("overview")) {
        return new OverviewPage(m_context, this);
    }
    if (name == QLatin1String("orders")) {
        return new OrdersPage(m_context, this);
    }
    if (name == QLatin1String("order")) {
        return new OrderPage(m_context, this);
    }
    if (name == QLatin1String("accounts")) {
        return new AccountsPage(m_context, this);
    }
    if (name == QLatin1String("interventions")) {
        return new InterventionsPage(m_context, this);
    }
    if (name == QLatin1String("case")) {
        return new CasePage(m_context, this);
    }
    if (name == QLatin1String("approvals")) {
        return new ApprovalsPage(m_context, this);
    }
    if (name == QLatin1String("jobs")) {
        return new JobsPage(m_context, this);
    }
    if (name == QLatin1String("gateway")) {
        return new GatewayPage(m_context, this);
    }
    if (name == QLatin1String("audit")) {
        return new AuditPage(m_context, this);
    }
    if (name == QLatin1String("administration")) {
        return new AdministrationPage(m_context, this);
    }
    require(name == QLatin1String("account"), "a page that does not exist");
    return new AccountPage(m_context, this);
}

Page* PageStack::page(const QString& name)
{
    Page*& page = m_pages[name];
    if (page == nullptr) {
        page = build(name);
        addWidget(page);
        connect(page, &Page::titleChanged, this, [this, made = page](const QString& title) {
            if (made == currentWidget()) {
                Q_EMIT titleChanged(title);
            }
        });
    }
    return page;
}

Page* PageStack::currentPage() const
{
    return qobject_cast<Page*>(currentWidget());
}

void PageStack::go(const Location& location)
{
    if (m_at >= 0 && m_history[m_at] == location) {
        show(location);
        return;
    }
    m_history.resize(m_at + 1);
    m_history.append(location);
    if (m_history.size() > historyMax) {
        m_history.removeFirst();
    }
    m_at = m_history.size() - 1;
    show(location);
}

void PageStack::back()
{
    if (canGoBack()) {
        show(m_history[--m_at]);
    }
}

void PageStack::forward()
{
    if (canGoForward()) {
        show(m_history[++m_at]);
    }
}

void PageStack::show(const Location& location)
{
    Page* shown = page(location.page);
    setCurrentWidget(shown);
    if (auto* order = qobject_cast<OrderPage*>(shown)) {
        order->setOrder(OrderId(location.subject));
    } else if (auto* account = qobject_cast<AccountPage*>(shown)) {
        account->setAccount(AccountId(location.subject));
    } else if (auto* item = qobject_cast<CasePage*>(shown)) {
        item->setCase(CaseId(location.subject));
    } else {
        shown->refresh();
    }
    shown->firstFocus()->setFocus();
    Q_EMIT locationChanged(location);
}

} // namespace counterfoil
