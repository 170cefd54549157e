// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/interventions_page.h"

#include "models/tables/case_queue_table.h"
#include "models/tables/format.h"
#include "views/desk/desk.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>

namespace counterfoil {

InterventionsPage::InterventionsPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_model(new CaseQueueTable(context.executor, this)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_problem(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Danger, this)),
      m_views(new QButtonGroup(this)),
      m_table(new DataTable(context.theme, tr("Cases"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(context.theme, tr("Interventions"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 1, Qt::AlignBottom);
    layout->addLayout(heading);
    layout->addWidget(buildViews());
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* card = new SectionCard(context.theme, {}, this);
    card->setFlush();
    card->body()->addWidget(m_table);
    layout->addWidget(card, 1);
    // Severity, Kind, OrderNo, Detail, Amount, DueAt, OpenedAt, Owner, Id
    m_table->setColumns(m_model, {110, 170, 150, 0, 120, 150, -1, 120, -1});
    connectTable();
    setFocusProxy(m_table);
}

QWidget* InterventionsPage::buildViews()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::s);
    using View = CaseFilter::View;
    for (const auto& [view, words] : {std::pair{View::Todo, tr("To do")}, std::pair{View::Mine, tr("Mine")}, std::pair{View::Open, tr("All open")}, std::pair{View::Resting, tr("Resting")},
                                      std::pair{View::Resolved, tr("Resolved")}}) {
        auto* button = new QPushButton(words, bar);
        button->setCheckable(true);
        button->setAutoDefault(false);
        button->setAccessibleName(tr("Show: %1").arg(words));
        button->setChecked(view == m_view);
        m_views->addButton(button, static_cast<int>(view));
        row->addWidget(button);
    }
    row->addStretch(1);
    connect(m_views, &QButtonGroup::idClicked, this, [this](int id) { setView(static_cast<View>(id)); });
    return bar;
}

void InterventionsPage::connectTable()
{
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        if (const CaseId item = m_model->caseAt(index.row()); !item.isNone()) {
            context().navigator.openCase(item);
        }
    });
    connect(m_table, &DataTable::menuRequested, this, [this](const QModelIndex& index, QMenu* menu) {
        const CaseId item = m_model->caseAt(index.row());
        menu->addAction(theme().icon(Icon::Flag), tr("Open the case"), this, [this, item] { context().navigator.openCase(item); });
        menu->addAction(theme().icon(Icon::User), tr("Claim it (C)"), this, [this, row = index.row()] { claim(row); });
    });
    connect(m_table, &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    auto* claimKey = new QShortcut(QKeySequence(Qt::Key_C), m_table);
    claimKey->setContext(Qt::WidgetShortcut);
    connect(claimKey, &QShortcut::activated, this, [this] { claim(m_table->currentIndex().row()); });
    connect(m_model, &PagedTableModel::countChanged, this, [this](qint64 total, bool exact) { m_count->setPlain(exact ? formatCount(total) : tr("%1+").arg(formatCount(total))); });
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
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &InterventionsPage::showEmptiness);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &InterventionsPage::showEmptiness);
    connect(m_table->emptyState(), &EmptyState::actionTriggered, this, [this] { m_failed ? m_model->reload() : setView(CaseFilter::View::Open); });
    if (context().desk) {
        connect(context().desk, &Desk::personChanged, this, [this] {
            if (m_started) {
                begin();
            }
        });
    }
}

void InterventionsPage::claim(int row)
{
    const CaseId item = m_model->caseAt(row);
    if (item.isNone() || !context().desk) {
        return;
    }
    context().desk->act(item, Desk::CaseAction::Claim, {}, {}, this, [this](const Result<void>& outcome) {
        m_problem->setVisible(!outcome);
        if (!outcome) {
            const QString who = outcome.error().detail;
            m_problem->setPlain(outcome.error().code == ErrorCode::InProgress ? tr("%1 has it already.").arg(who) : tr("It was not claimed: %1.").arg(who));
        }
        m_model->refresh();
    });
}

void InterventionsPage::setView(CaseFilter::View view)
{
    m_view = view;
    m_views->button(static_cast<int>(view))->setChecked(true);
    begin();
}

void InterventionsPage::begin()
{
    m_started = true;
    m_shown = false;
    m_problem->hide();
    m_table->setEmptyShown(false);
    m_model->setFilter({m_view, context().desk ? context().desk->person().login : QString(), context().clock.now()});
}

void InterventionsPage::showEmptiness()
{
    if (!m_shown || m_failed) {
        return;
    }
    EmptyState* empty = m_table->emptyState();
    switch (m_view) {
    case CaseFilter::View::Todo:
        empty->setContent(Icon::Check, tr("Nothing waits for you"), tr("What the program can't decide by itself comes here. What others work on is under All open."));
        break;
    case CaseFilter::View::Mine: empty->setContent(Icon::User, tr("You have claimed nothing"), tr("Claim a case under To do with C.")); break;
    case CaseFilter::View::Open: empty->setContent(Icon::Check, tr("No open case"), tr("What the program can't decide by itself comes here.")); break;
    case CaseFilter::View::Resting: empty->setContent(Icon::Clock, tr("Nothing rests"), tr("A case that was snoozed comes back to the queue by itself.")); break;
    case CaseFilter::View::Resolved: empty->setContent(Icon::Check, tr("Nothing resolved yet"), tr("Cases that were resolved stay here.")); break;
    }
    empty->setAction(m_view == CaseFilter::View::Todo || m_view == CaseFilter::View::Mine ? tr("Show all open") : QString());
    m_table->setEmptyShown(m_model->rowCount() == 0);
}

void InterventionsPage::refresh()
{
    if (!m_started) {
        begin();
    } else if (m_shown) {
        m_model->refresh();
    }
}

bool InterventionsPage::isSettled() const
{
    return m_shown && !m_model->isLoading();
}

QWidget* InterventionsPage::firstFocus()
{
    return m_table;
}

} // namespace counterfoil
