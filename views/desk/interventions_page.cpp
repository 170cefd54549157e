// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/interventions_page.h"

#include "models/tables/case_queue_table.h"
#include "views/desk/desk.h"
#include "views/widgets/data_table.h"
#include "views/widgets/labels.h"

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
      m_claim(new QPushButton(context.theme.icon(Icon::User), tr("Claim"), this)),
      m_open(new QPushButton(context.theme.icon(Icon::Flag), tr("Open"), this)),
      m_list(new PagedList(context.theme, tr("Cases"), m_model, [this] { return emptyWords(); }, this))
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
    layout->addWidget(m_list, 1);
    // Severity, Kind, OrderNo, Detail, Amount, DueAt, OpenedAt, Owner, Id
    m_list->setWidths({110, 170, 150, 0, 120, 150, -1, 120, -1});
    connectList();
    showButtons();
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
        // One of several, as a screen reader says it.
        button->setAutoExclusive(true);
        button->setAccessibleName(tr("Show: %1").arg(words));
        button->setChecked(view == m_view);
        m_views->addButton(button, static_cast<int>(view));
        row->addWidget(button);
    }
    row->addStretch(1);
    addButtons(row);
    // Not idClicked: a screen reader switches a button on without a click.
    connect(m_views, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        if (on && static_cast<View>(id) != m_view) {
            setView(static_cast<View>(id));
        }
    });
    return bar;
}

void InterventionsPage::addButtons(QHBoxLayout* row)
{
    m_claim->setAccessibleName(tr("Claim the case"));
    m_claim->setToolTip(tr("Claim the chosen case (C)"));
    m_open->setAccessibleName(tr("Open the case"));
    m_open->setToolTip(tr("Open the chosen case (Enter)"));
    for (QPushButton* button : {m_claim, m_open}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    connect(m_claim, &QPushButton::clicked, this, [this] { claim(CaseId(m_list->chosen())); });
    connect(m_open, &QPushButton::clicked, this, [this] { open(CaseId(m_list->chosen())); });
}

void InterventionsPage::showButtons()
{
    const bool hasCase = m_list->chosen() != 0;
    m_open->setEnabled(hasCase);
    m_claim->setEnabled(hasCase && m_view != CaseFilter::View::Resolved && context().desk && context().desk->hasPerson());
}

void InterventionsPage::connectList()
{
    DataTable* table = m_list->table();
    connect(table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) { open(m_model->caseAt(index.row())); });
    connect(table, &DataTable::menuRequested, this, [this](const QModelIndex& index, QMenu* menu) {
        const CaseId item = m_model->caseAt(index.row());
        menu->addAction(theme().icon(Icon::Flag), tr("Open the case"), this, [this, item] { open(item); });
        menu->addAction(theme().icon(Icon::User), tr("Claim it (C)"), this, [this, item] { claim(item); });
    });
    connect(table, &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    auto* claimKey = new QShortcut(QKeySequence(Qt::Key_C), table);
    claimKey->setContext(Qt::WidgetShortcut);
    connect(claimKey, &QShortcut::activated, this, [this, table] { claim(m_model->caseAt(table->currentIndex().row())); });
    connect(m_list, &PagedList::chosenChanged, this, &InterventionsPage::showButtons);
    connect(m_list, &PagedList::countChanged, this, [this] { m_count->setPlain(m_list->countText()); });
    connect(m_list, &PagedList::emptyActionTriggered, this, [this] { setView(CaseFilter::View::Open); });
    if (context().desk) {
        connect(context().desk, &Desk::personChanged, this, [this] {
            showButtons();
            if (m_started) {
                begin();
            }
        });
    }
}

void InterventionsPage::open(CaseId item)
{
    if (!item.isNone()) {
        context().navigator.openCase(item);
    }
}

void InterventionsPage::claim(CaseId item)
{
    if (item.isNone() || !context().desk) {
        return;
    }
    context().desk->act(item, Desk::CaseAction::Claim, {}, {}, this, [this](const Result<void>& outcome) {
        m_problem->setVisible(!outcome);
        if (!outcome) {
            const QString who = outcome.error().detail;
            m_problem->setPlain(outcome.error().code == ErrorCode::InProgress ? tr("%1 has it already.").arg(who) : tr("It was not claimed: %1.").arg(who));
        }
        m_list->refresh();
    });
}

void InterventionsPage::setView(CaseFilter::View view)
{
    m_view = view;
    m_views->button(static_cast<int>(view))->setChecked(true);
    showButtons();
    begin();
}

void InterventionsPage::begin()
{
    m_started = true;
    m_problem->hide();
    m_list->begin();
    m_model->setFilter({m_view, context().desk ? context().desk->person().login : QString(), context().clock.now()});
}

EmptyWords InterventionsPage::emptyWords() const
{
    const QString showAll = tr("Show all open");
    switch (m_view) {
    case CaseFilter::View::Todo:
        return {Icon::Check, tr("Nothing waits for you"), tr("What the program can't decide by itself comes here. What others work on is under All open."), showAll};
    case CaseFilter::View::Mine: return {Icon::User, tr("You have claimed nothing"), tr("Claim a case under To do with C."), showAll};
    case CaseFilter::View::Open: return {Icon::Check, tr("No open case"), tr("What the program can't decide by itself comes here."), {}};
    case CaseFilter::View::Resting: return {Icon::Clock, tr("Nothing rests"), tr("A case that was snoozed comes back to the queue by itself."), {}};
    case CaseFilter::View::Resolved: return {Icon::Check, tr("Nothing resolved yet"), tr("Cases that were resolved stay here."), {}};
    }
    assertionFailed("a view of no kind");
}

void InterventionsPage::refresh()
{
    m_started ? m_list->refresh() : begin();
}

bool InterventionsPage::isSettled() const
{
    return m_list->isSettled();
}

QWidget* InterventionsPage::firstFocus()
{
    return m_list->table();
}

} // namespace counterfoil
