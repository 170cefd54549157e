// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/approvals_page.h"

#include "models/tables/commands_table.h"
#include "models/tables/format.h"
#include "views/desk/command_dialog.h"
#include "views/desk/desk.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>

namespace counterfoil {

namespace {

constexpr int shownMax = 500;

struct Lists {
    std::vector<CommandRow> waiting;
    std::vector<CommandRow> mine;
};

} // namespace

ApprovalsPage::ApprovalsPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_waitingModel(new CommandsTable(this)),
      m_mineModel(new CommandsTable(this)),
      m_waitingCard(new SectionCard(context.theme, tr("Waits for an approval"), this)),
      m_mineCard(new SectionCard(context.theme, tr("What I asked for"), this)),
      m_waiting(addTable(m_waitingModel, m_waitingCard)),
      m_mine(addTable(m_mineModel, m_mineCard)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(context.theme, tr("Approvals"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 1, Qt::AlignBottom);
    layout->addLayout(heading);
    layout->addWidget(m_waitingCard, 1);
    layout->addWidget(m_mineCard, 1);
    m_waiting->setAccessibleName(tr("Waits for an approval"));
    m_mine->setAccessibleName(tr("What I asked for"));
    m_waiting->emptyState()->setContent(Icon::Check, tr("Nothing waits for you"), tr("Commands that somebody else has to agree to come here."));
    m_mine->emptyState()->setContent(Icon::Send, tr("You have asked for nothing"), tr("Refunds, freezes and other commands are asked for on a case, an order or an account."));
    if (context.desk) {
        connect(context.desk, &Desk::personChanged, this, [this] {
            if (m_loaded) {
                refresh();
            }
        });
    }
}

DataTable* ApprovalsPage::addTable(CommandsTable* model, SectionCard* card)
{
    auto* table = new DataTable(theme(), tr("Commands"), this);
    card->setFlush();
    card->body()->addWidget(table);
    // Kind, Status, Subject, Amount, Reason, RequestedBy, RequestedAt, Approvals, Result
    table->setColumns(model, {180, 150, 150, 130, 0, 110, 150, 110, -1});
    connect(table, &QAbstractItemView::activated, this, [this, model](const QModelIndex& index) { open(model, index.row()); });
    connect(table, &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    return table;
}

void ApprovalsPage::open(CommandsTable* model, int row)
{
    auto* dialog = new CommandDialog(context(), model->rowValue(row).command.id, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ApprovalsPage::refresh()
{
    ++m_reading;
    const QString login = context().desk ? context().desk->person().login : QString();
    context().executor.read(
        this,
        [login](Connection& connection) -> Result<Lists> {
            Lists lists;
            CF_ASSIGN(lists.waiting, commandRows(connection, {CommandListing::Kind::WaitingForOthers, login, {}, {}}, shownMax));
            CF_ASSIGN(lists.mine, commandRows(connection, {CommandListing::Kind::MadeBy, login, {}, {}}, shownMax));
            return lists;
        },
        [this](const Result<Lists>& lists) {
            --m_reading;
            if (!lists) {
                return;
            }
            m_loaded = true;
            m_waitingModel->setRows(lists->waiting);
            m_mineModel->setRows(lists->mine);
            m_waiting->setEmptyShown(lists->waiting.empty());
            m_mine->setEmptyShown(lists->mine.empty());
            m_count->setPlain(lists->waiting.empty() ? QString() : tr("%1 waiting").arg(formatCount(static_cast<qint64>(lists->waiting.size()))));
        });
}

QWidget* ApprovalsPage::firstFocus()
{
    return m_waiting;
}

} // namespace counterfoil
