// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/gateway_page.h"

#include "views/gateway/callbacks_tab.h"
#include "views/gateway/exchanges_tab.h"
#include "views/gateway/refusals_tab.h"
#include "views/gateway/signature_bench.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTabWidget>

namespace counterfoil {

GatewayPage::GatewayPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_tabs(new QTabWidget(this)),
      m_exchanges(new ExchangesTab(context, this)),
      m_callbacks(new CallbacksTab(context, this)),
      m_refusals(new RefusalsTab(context, this)),
      m_bench(new SignatureBench(context, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::s);
    layout->addWidget(new PlainLabel(context.theme, tr("Gateway"), TextRole::Title, Ink::Text, this));
    layout->addWidget(m_tabs, 1);
    m_tabs->setDocumentMode(true);
    m_tabs->setProperty("flush", true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the gateway's page"));
    m_tabs->setAccessibleName(tr("Parts of the gateway's page"));
    addTab(m_exchanges, tr("Requests"));
    addTab(m_callbacks, tr("Callbacks"));
    addTab(m_refusals, tr("Refused"));
    addTab(m_bench, tr("Check a signature"));
    connect(m_tabs, &QTabWidget::currentChanged, this, &GatewayPage::refresh);
    connect(m_callbacks, &CallbacksTab::checkRequested, this, [this](const QString& body, UtcTime receivedAt) {
        m_tabs->setCurrentWidget(m_bench);
        m_bench->setCallback(body, receivedAt);
        m_bench->firstFocus()->setFocus();
    });
    connect(m_refusals, &RefusalsTab::checkRequested, this, [this] {
        m_tabs->setCurrentWidget(m_bench);
        m_bench->firstFocus()->setFocus();
    });
}

void GatewayPage::addTab(GatewayTab* tab, const QString& name)
{
    m_tabs->addTab(tab, name);
    connect(tab, &GatewayTab::countChanged, this, [this, tab, name](const QString& count) {
        m_tabs->setTabText(m_tabs->indexOf(tab), QStringLiteral("%1  %2").arg(name, count));
    });
}

GatewayTab* GatewayPage::current() const
{
    return static_cast<GatewayTab*>(m_tabs->currentWidget());
}

void GatewayPage::refresh()
{
    current()->refresh();
}

bool GatewayPage::isSettled() const
{
    return current()->isSettled();
}

QWidget* GatewayPage::firstFocus()
{
    return current()->firstFocus();
}

} // namespace counterfoil
