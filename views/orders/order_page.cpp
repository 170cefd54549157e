// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/orders/order_page.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "views/desk/action_list.h"
#include "views/desk/order_offers.h"
#include "views/orders/order_story.h"
#include "views/orders/order_tabs.h"
#include "views/widgets/badge.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/menu_button.h"
#include "views/widgets/money_panel.h"
#include "views/widgets/notice_strip.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>

namespace counterfoil {

namespace {

/// A name from outside, short enough to leave room for what stands behind it.
QString shortName(const QString& name)
{
    return visibleText(name, 60);
}

const QString splitterSetting = QStringLiteral("order/splitter");

} // namespace

OrderPage::OrderPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_stack(new QStackedLayout(this)),
      m_problem(new EmptyState(context.theme, this)),
      m_title(new PlainLabel(context.theme, {}, TextRole::Title, Ink::Text)),
      m_subtitle(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary)),
      m_badge(new StateBadge(context.theme)),
      m_copy(new MenuButton),
      m_notice(new NoticeStrip(context.theme)),
      m_path(new StatePath(context.theme)),
      m_actions(new ActionList(context, orderCommands(), ActionList::Form::Strip)),
      m_money(new MoneyPanel(context.theme, tr("Payable"), {tr("Paid"), tr("Refunded"), tr("Held")})),
      m_tabs(new OrderTabs(context)),
      m_timeline(new Timeline(context.theme, context.clock, tr("Timeline")))
{
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(buildHeading());
    layout->addWidget(m_notice);
    layout->addWidget(m_path);
    layout->addWidget(m_actions);
    layout->addWidget(buildBody(), 1);
    m_stack->addWidget(content);
    m_stack->addWidget(m_problem);
    m_notice->hide();
    connect(m_notice, &NoticeStrip::actionTriggered, m_tabs, &OrderTabs::showCases);
    connect(m_problem, &EmptyState::actionTriggered, this, &OrderPage::refresh);
}

QWidget* OrderPage::buildHeading()
{
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    m_title->setSelectable();
    row->addWidget(m_title);
    row->addWidget(m_badge);
    row->addWidget(m_subtitle, 1);
    m_copy->setIcon(theme().icon(Icon::Copy));
    m_copy->setText(tr("Copy"));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setAccessibleName(tr("Copy the order's numbers"));
    auto* menu = new QMenu(m_copy);
    m_copy->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &OrderPage::copyMenu);
    row->addWidget(m_copy);
    return heading;
}

QWidget* OrderPage::buildBody()
{
    auto* left = new QWidget(this);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, space::m, 0);
    column->setSpacing(space::m);
    column->addWidget(m_money);
    auto* lists = new SectionCard(theme(), {}, this);
    lists->setFlush();
    lists->body()->setContentsMargins(0, space::xs, 0, space::xs);
    lists->body()->addWidget(m_tabs);
    column->addWidget(lists, 1);
    auto* story = new SectionCard(theme(), tr("Timeline"), this);
    story->setFlush();
    story->body()->addWidget(m_timeline);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(left);
    splitter->addWidget(story);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({860, 300});
    story->setMinimumWidth(260);
    splitter->restoreState(QSettings().value(splitterSetting).toByteArray());
    connect(splitter, &QSplitter::splitterMoved, this, [splitter] { QSettings().setValue(splitterSetting, splitter->saveState()); });
    return splitter;
}

void OrderPage::copyMenu()
{
    QMenu* menu = m_copy->menu();
    menu->clear();
    const auto add = [menu](const QString& what, const QString& text) {
        if (!text.isEmpty()) {
            menu->addAction(what, menu, [text] { QGuiApplication::clipboard()->setText(text); });
        }
    };
    add(tr("Order number"), m_orderNo);
    add(tr("Order id"), m_order.toText());
    add(tr("Gateway reference"), m_gatewayRef);
}

void OrderPage::setOrder(OrderId order)
{
    if (order != m_order) {
        m_order = order;
        m_loaded = false;
        m_title->setPlain(tr("Order"));
        m_subtitle->setPlain(tr("Reading…"));
        m_badge->setLook({});
        m_notice->hide();
        m_path->setStops({});
        m_money->clear();
        m_timeline->setEntries({});
        m_tabs->setDetail({});
        m_actions->setOffers({});
        m_stack->setCurrentIndex(0);
    }
    refresh();
}

void OrderPage::refresh()
{
    if (m_order.isNone()) {
        return;
    }
    const quint64 token = ++m_token;
    ++m_reading;
    context().executor.read(
        this,
        [id = m_order](Connection& connection) { return orderDetail(connection, id); },
        [this, token](const Result<OrderDetail>& detail) {
            --m_reading;
            if (token == m_token) {
                take(detail);
            }
        });
}

void OrderPage::take(const Result<OrderDetail>& detail)
{
    if (detail) {
        m_loaded = true;
        m_stack->setCurrentIndex(0);
        showDetail(*detail);
        return;
    }
    if (!m_loaded) {
        const ErrorWords words = errorWords(detail.error().code);
        m_problem->setContent(Icon::Warning, words.what, words.whatToDo);
        m_problem->setAction(tr("Try again"));
        m_stack->setCurrentIndex(1);
    }
}

void OrderPage::showDetail(const OrderDetail& detail)
{
    const Order& order = detail.order;
    const UtcTime now = context().clock.now();
    m_orderNo = order.orderNo;
    m_gatewayRef.clear();
    for (const TransactionView& view : detail.transactions) {
        if (view.transaction.kind == TransactionKind::Payment && !view.transaction.gatewayRef.isEmpty()) {
            m_gatewayRef = view.transaction.gatewayRef;
        }
    }
    m_title->setPlain(order.orderNo);
    m_badge->setLook(lookOf(order.state));
    QStringList facts{shortName(order.buyerName), shortName(detail.customer.email), tr("placed %1").arg(formatDateTime(order.placedAt))};
    facts.removeAll(QString());
    m_subtitle->setPlain(facts.join(QStringLiteral(" · ")));
    m_path->setStops(stopsOf(detail, now));
    m_money->setAmounts(order.payable, {order.paid, order.refunded, detail.held()});
    m_money->setRemark(moneyRemark(order));
    m_timeline->setEntries(timelineOf(detail));
    m_tabs->setDetail(detail);
    showActions(detail);
    const auto open = std::ranges::find(detail.cases, CaseState::Open, &InterventionCase::state);
    m_notice->setVisible(open != detail.cases.end());
    if (open != detail.cases.end()) {
        m_notice->setNotice(Icon::Flag, open->severity == CaseSeverity::Critical ? Tone::Danger : Tone::Warning, stateLabel(open->kind), open->detail, tr("Show case"));
    }
    Q_EMIT titleChanged(order.orderNo);
}

void OrderPage::showActions(const OrderDetail& detail)
{
    std::vector<PaymentTransaction> transactions;
    for (const TransactionView& view : detail.transactions) {
        transactions.push_back(view.transaction);
    }
    m_actions->setOffers(orderOffers({detail.order, transactions, detail.jobs, {}}));
}

bool OrderPage::isSettled() const
{
    return m_reading == 0 && m_tabs->isSettled();
}

QWidget* OrderPage::firstFocus()
{
    return m_tabs;
}

QTabWidget* OrderPage::tabs() const
{
    return m_tabs;
}

} // namespace counterfoil
