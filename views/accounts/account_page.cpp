// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/account_page.h"

#include "models/tables/format.h"
#include "models/tables/postings_table.h"
#include "models/tables/roles.h"
#include "views/accounts/account_offers.h"
#include "views/accounts/balance_dialog.h"
#include "views/accounts/history_panel.h"
#include "views/accounts/holds_panel.h"
#include "views/desk/action_list.h"
#include "views/widgets/badge.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/money_panel.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QStackedLayout>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace counterfoil {

AccountPage::AccountPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_stack(new QStackedLayout(this)),
      m_problem(new EmptyState(context.theme, this)),
      m_title(new PlainLabel(context.theme, {}, TextRole::Title, Ink::Text)),
      m_subtitle(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary)),
      m_badge(new StateBadge(context.theme)),
      m_copy(new QToolButton),
      m_money(new MoneyPanel(context.theme, tr("Available"), {tr("Frozen"), tr("Total"), tr("Billed")}, MoneyPanel::Figures::Explained)),
      m_actions(new ActionList(context, {CommandKind::Freeze, CommandKind::Adjust}, ActionList::Form::Strip)),
      m_tabs(new QTabWidget),
      m_postingsModel(new PostingsTable(context.executor, this)),
      m_postings(new DataTable(context.theme, tr("Postings"))),
      m_holds(new HoldsPanel(context)),
      m_historyTab(new QWidget)
{
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(buildHeading());
    layout->addWidget(m_money);
    layout->addWidget(m_actions);
    auto* card = new SectionCard(context.theme, {}, this);
    card->setFlush();
    card->body()->setContentsMargins(0, space::xs, 0, space::xs);
    card->body()->addWidget(m_tabs);
    layout->addWidget(card, 1);
    m_stack->addWidget(content);
    m_stack->addWidget(m_problem);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the account"));
    m_tabs->setAccessibleName(tr("Parts of the account"));
    buildPostings();
    m_tabs->addTab(m_holds, tr("Holds"));
    m_tabs->addTab(m_historyTab, tr("Over time"));
    connect(m_money, &MoneyPanel::explanationRequested, this, [this](int figure) {
        constexpr std::array parts{BalancePart::Available, BalancePart::Frozen, BalancePart::Total, BalancePart::Billed};
        explain(parts[static_cast<std::size_t>(figure)]);
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (m_tabs->currentWidget() == m_historyTab) {
            showHistory();
        }
    });
    connect(m_problem, &EmptyState::actionTriggered, this, &AccountPage::refresh);
}

QWidget* AccountPage::buildHeading()
{
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    row->addWidget(m_title);
    row->addWidget(m_badge);
    row->addWidget(m_subtitle, 1);
    m_copy->setIcon(theme().icon(Icon::Copy));
    m_copy->setText(tr("Copy id"));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setAccessibleName(tr("Copy the account's id"));
    connect(m_copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_account.toText()); });
    row->addWidget(m_copy);
    return heading;
}

void AccountPage::buildPostings()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, space::s, 0, 0);
    layout->setSpacing(space::s);
    auto* bucket = new QComboBox(page);
    bucket->setAccessibleName(tr("Bucket"));
    bucket->addItems({tr("Available and frozen"), tr("Available only"), tr("Frozen only")});
    auto* row = new QHBoxLayout;
    row->setContentsMargins(space::m, 0, space::m, 0);
    row->addWidget(bucket);
    row->addWidget(new PlainLabel(theme(), tr("The balance behind each posting is that of its bucket, newest first."), TextRole::Caption, Ink::Secondary, page), 1);
    layout->addLayout(row);
    layout->addWidget(m_postings, 1);
    // At, Kind, OrderNo, Bucket, Amount, BalanceAfter, Entry
    m_postings->setColumns(m_postingsModel, {170, 140, 180, 130, 160, 170, 0});
    m_postings->emptyState()->setContent(Icon::Swap, tr("Nothing was posted"), tr("No money has moved on this account."));
    m_tabs->addTab(page, tr("Postings"));
    connect(bucket, &QComboBox::currentIndexChanged, this, [this](int index) {
        setBucket(index == 0 ? std::nullopt : std::optional(index == 1 ? Bucket::Available : Bucket::Frozen));
    });
    connect(m_postingsModel, &PagedTableModel::firstPageShown, this, [this] {
        m_postingsShown = true;
        m_postings->setEmptyShown(m_postingsModel->rowCount() == 0);
    });
    connect(m_postingsModel, &PagedTableModel::failed, this, [this] { m_postingsShown = true; });
    connect(m_postingsModel, &QAbstractItemModel::rowsInserted, this, [this] { m_postings->setEmptyShown(false); });
    connect(m_postingsModel, &PagedTableModel::countChanged, this, [this](qint64 total, bool exact) {
        m_tabs->setTabText(0, exact ? tr("Postings  %1").arg(formatCount(total)) : tr("Postings  %1+").arg(formatCount(total)));
    });
    connect(m_postings, &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    connect(m_postings, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const QVariant order = index.data(OrderIdRole);
        if (order.isValid() && order.toLongLong() != 0) {
            context().navigator.openOrder(OrderId(order.toLongLong()));
        }
    });
}

void AccountPage::showHistory()
{
    // Charts cost time to load, and most visits are about something else.
    if (!m_history) {
        auto* layout = new QVBoxLayout(m_historyTab);
        layout->setContentsMargins(0, 0, 0, 0);
        m_history = new HistoryPanel(context(), m_historyTab);
        layout->addWidget(m_history);
    }
    m_history->setAccount(m_account);
}

BalanceDialog* AccountPage::explain(BalancePart part)
{
    auto* dialog = new BalanceDialog(context(), m_row, part, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
    return dialog;
}

void AccountPage::setAccount(AccountId account)
{
    if (account != m_account) {
        m_account = account;
        m_loaded = m_postingsShown = false;
        m_title->setPlain(tr("Account"));
        m_subtitle->setPlain(tr("Reading…"));
        m_badge->setLook({});
        m_money->clear();
        m_holds->clear();
        m_actions->setOffers({});
        m_postings->setEmptyShown(false);
        m_stack->setCurrentIndex(0);
        m_postingsModel->setFilter({m_account, m_bucket});
    }
    refresh();
}

void AccountPage::setBucket(std::optional<Bucket> bucket)
{
    m_bucket = bucket;
    m_postingsShown = false;
    m_postings->setEmptyShown(false);
    m_postingsModel->setFilter({m_account, m_bucket});
}

void AccountPage::refresh()
{
    if (m_account.isNone()) {
        return;
    }
    const quint64 token = ++m_token;
    ++m_reading;
    if (m_postingsShown) {
        m_postingsModel->refresh();
    }
    if (m_tabs->currentWidget() == m_historyTab) {
        showHistory();
    }
    context().executor.read(
        this,
        [id = m_account](Connection& connection) { return accountDetail(connection, id); },
        [this, token](const Result<AccountDetail>& detail) {
            --m_reading;
            if (token == m_token) {
                take(detail);
            }
        });
}

void AccountPage::take(const Result<AccountDetail>& detail)
{
    if (detail) {
        m_loaded = true;
        m_stack->setCurrentIndex(0);
        showDetail(*detail);
    } else if (!m_loaded) {
        const ErrorWords words = errorWords(detail.error().code);
        m_problem->setContent(Icon::Warning, words.what, words.whatToDo);
        m_problem->setAction(tr("Try again"));
        m_stack->setCurrentIndex(1);
    }
}

void AccountPage::showDetail(const AccountDetail& detail)
{
    m_row = detail.row;
    const Account& account = detail.row.account;
    const QString kind = stateLabel(toString(account.kind));
    const bool owned = !detail.row.ownerName.isEmpty();
    m_title->setPlain(owned ? detail.row.ownerName : kind);
    m_subtitle->setPlain(tr("%1 · %2 · %3").arg(owned ? kind : tr("The platform's own"), account.currency.code(), account.id.toText()));
    Look look = lookOf(account.status);
    look.icon = account.status == AccountStatus::Open ? Icon::Check : Icon::Lock;
    look.tone = account.status == AccountStatus::Open ? Tone::Success : Tone::Neutral;
    m_badge->setLook(look);
    m_money->setAmounts(account.available, {account.frozen, detail.row.total(), account.billed});
    m_money->setRemark(detail.holdCount == 0   ? tr("Nothing is frozen")
                       : detail.holdCount == 1 ? tr("1 hold freezes %1").arg(formatMoneyWithCode(detail.heldTotal))
                                               : tr("%1 holds freeze %2").arg(formatCount(detail.holdCount), formatMoneyWithCode(detail.heldTotal)));
    m_holds->setDetail(detail);
    m_actions->setOffers(accountOffers(detail.row));
    m_tabs->setTabText(1, detail.holdCount == 0 ? tr("Holds") : tr("Holds  %1").arg(formatCount(detail.holdCount)));
    Q_EMIT titleChanged(owned ? detail.row.ownerName : kind);
}

bool AccountPage::isSettled() const
{
    const bool isDrawn = m_tabs->currentWidget() != m_historyTab || m_history->isSettled();
    return m_reading == 0 && m_postingsShown && !m_postingsModel->isLoading() && isDrawn;
}

QWidget* AccountPage::firstFocus()
{
    return m_tabs->currentWidget() == m_holds ? static_cast<QWidget*>(m_holds) : m_postings;
}

} // namespace counterfoil
