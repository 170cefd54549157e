// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/accounts_page.h"

#include "models/tables/accounts_table.h"
#include "models/tables/format.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QMenu>

namespace counterfoil {

AccountsPage::AccountsPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_model(new AccountsTable(context.executor, this)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_bar(new FilterBar(context.theme, tr("Owner's name, e-mail or reference"), this)),
      m_table(new DataTable(context.theme, tr("Accounts"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(context.theme, tr("Accounts"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 1, Qt::AlignBottom);
    layout->addLayout(heading);
    layout->addWidget(m_bar);
    auto* card = new SectionCard(context.theme, {}, this);
    card->setFlush();
    card->body()->addWidget(m_table);
    layout->addWidget(card, 1);
    // Owner, Kind, Available, Frozen, Total, Billed, Currency, Status, Id
    m_table->setColumns(m_model, {0, 160, 160, 160, 160, 160, -1, -1, -1});
    fillKinds();
    connectTable();
}

void AccountsPage::fillKinds()
{
    QMenu* menu = m_bar->addMenu(tr("Kind"), Icon::Accounts);
    for (const auto& [kind, name] : EnumNames<AccountKind>::names) {
        menu->addAction(stateLabel(QString::fromLatin1(name)), this, [this, kind = kind] {
            AccountFilter filter = m_filter;
            filter.kind = kind;
            setFilter(filter);
        });
    }
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        AccountFilter filter = m_filter;
        filter.owner = text;
        changeFilter(filter);
    });
    connect(m_bar, &FilterBar::chipRemoved, this, [this] {
        AccountFilter filter = m_filter;
        filter.kind.reset();
        setFilter(filter);
    });
}

void AccountsPage::connectTable()
{
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const AccountId account = m_model->accountAt(index.row());
        if (!account.isNone()) {
            context().navigator.openAccount(account);
        }
    });
    connect(m_table, &DataTable::menuRequested, this, [this](const QModelIndex& index, QMenu* menu) {
        const AccountId account = m_model->accountAt(index.row());
        menu->addAction(theme().icon(Icon::Accounts), tr("Open the account"), this, [this, account] { context().navigator.openAccount(account); });
    });
    connect(m_model, &PagedTableModel::countChanged, this, [this](qint64 total, bool exact) {
        m_count->setPlain(exact ? formatCount(total) : tr("%1+").arg(formatCount(total)));
    });
    connect(m_model, &PagedTableModel::firstPageShown, this, [this] {
        m_shown = true;
        m_failed = false;
        showEmptiness();
    });
    connect(m_model, &PagedTableModel::failed, this, [this](const Error& error) {
        m_shown = m_failed = true;
        const ErrorWords words = errorWords(error.code);
        m_table->emptyState()->setContent(Icon::Warning, words.what, words.whatToDo);
        m_table->emptyState()->setAction(tr("Try again"));
        m_table->setEmptyShown(m_model->rowCount() == 0);
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &AccountsPage::showEmptiness);
    connect(m_table->emptyState(), &EmptyState::actionTriggered, this, [this] { m_failed ? m_model->reload() : setFilter({}); });
}

void AccountsPage::setFilter(const AccountFilter& filter)
{
    m_bar->showSearch(filter.owner);
    changeFilter(filter);
}

const AccountFilter& AccountsPage::filter() const
{
    return m_filter;
}

void AccountsPage::changeFilter(const AccountFilter& filter)
{
    m_filter = filter;
    m_started = true;
    m_shown = false;
    showChips();
    m_table->setEmptyShown(false);
    m_model->setFilter(filter);
}

void AccountsPage::showChips()
{
    QList<FilterChip> chips;
    if (m_filter.kind) {
        chips.append({QStringLiteral("kind"), stateLabel(toString(*m_filter.kind))});
    }
    m_bar->setChips(chips);
}

void AccountsPage::showEmptiness()
{
    if (!m_shown || m_failed) {
        return;
    }
    EmptyState* empty = m_table->emptyState();
    if (m_filter == AccountFilter()) {
        empty->setContent(Icon::Accounts, tr("No accounts yet"), tr("Accounts are opened by themselves when the first order is paid or the first wallet is recharged."));
        empty->setAction({});
    } else {
        empty->setContent(Icon::Search, tr("No account matches"), tr("No account of this database fulfils all the conditions above."));
        empty->setAction(tr("Clear filters"));
    }
    m_table->setEmptyShown(m_model->rowCount() == 0);
}

void AccountsPage::refresh()
{
    if (!m_started) {
        changeFilter(m_filter);
    } else if (m_shown) {
        m_model->refresh();
    }
}

bool AccountsPage::isSettled() const
{
    return m_shown && !m_model->isLoading();
}

QWidget* AccountsPage::firstFocus()
{
    return m_table;
}

} // namespace counterfoil
