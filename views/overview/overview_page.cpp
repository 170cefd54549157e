// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/overview/overview_page.h"

#include "models/tables/format.h"
#include "views/overview/fact_tile.h"
#include "views/overview/summary_tables.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QMenu>
#include <QScrollArea>

namespace counterfoil {

namespace {
constexpr int casesShown = 50;
constexpr int caseRowsMax = 6;
constexpr int tableRowsMax = 14;
} // namespace

OverviewPage::OverviewPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_cases(new FactTile(context.theme, tr("Needs a person"), this)),
      m_worker(new FactTile(context.theme, tr("Worker"), this)),
      m_queue(new FactTile(context.theme, tr("Queue"), this)),
      m_casesCard(new SectionCard(context.theme, tr("Open cases"), this)),
      m_statesCard(new SectionCard(context.theme, tr("Orders by state"), this)),
      m_kindsCard(new SectionCard(context.theme, tr("Money by kind of account"), this)),
      m_casesModel(new OpenCasesTable(this)),
      m_statesModel(new StateSumsTable(this)),
      m_kindsModel(new KindTotalsTable(this)),
      m_casesTable(new DataTable(context.theme, tr("Open cases"), this)),
      m_states(new DataTable(context.theme, tr("Orders by state"), this)),
      m_kinds(new DataTable(context.theme, tr("Money by kind of account"), this))
{
    auto* content = new QWidget(this);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(new PlainLabel(context.theme, tr("Overview"), TextRole::Title, Ink::Text, content));
    layout->addWidget(buildTiles());
    layout->addWidget(m_casesCard);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(space::m);
    columns->addWidget(m_statesCard, 1, Qt::AlignTop);
    columns->addWidget(m_kindsCard, 1, Qt::AlignTop);
    layout->addLayout(columns);
    layout->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    buildTables();
    connectTables();
    m_summaryPause.setSingleShot(true);
    m_summaryPause.setInterval(summaryEveryMs);
}

QWidget* OverviewPage::buildTiles()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::m);
    for (FactTile* tile : {m_cases, m_worker, m_queue}) {
        tile->setFact({tr("Reading…"), {}, Icon::Clock, Tone::Neutral});
        layout->addWidget(tile, 1);
    }
    return row;
}

void OverviewPage::buildTables()
{
    // Severity, Kind, OrderNo, OpenedAt, Detail
    m_casesTable->setColumns(m_casesModel, {110, 250, 150, 160, 0});
    // State, Orders, Payable, Paid, Refunded
    m_states->setColumns(m_statesModel, {0, 60, 132, 132, 100});
    // Kind, Accounts, Available, Frozen, Billed
    m_kinds->setColumns(m_kindsModel, {0, 66, 136, 128, 128});
    const std::initializer_list<std::pair<SectionCard*, DataTable*>> pairs{{m_casesCard, m_casesTable}, {m_statesCard, m_states}, {m_kindsCard, m_kinds}};
    for (const auto& [card, table] : pairs) {
        card->setFlush();
        card->body()->addWidget(table);
        table->fitRows(4);
    }
    m_casesCard->hide();
}

void OverviewPage::connectTables()
{
    const auto openOrder = [this](OrderId order) {
        if (!order.isNone()) {
            context().navigator.openOrder(order);
        }
    };
    connect(m_casesTable, &DataTable::orderRequested, this, openOrder);
    connect(m_casesTable, &QAbstractItemView::activated, this, [this, openOrder](const QModelIndex& index) {
        const OrderId order = m_casesModel->rowValue(index.row()).item.order;
        order.isNone() ? m_casesTable->showRow(index) : openOrder(order);
    });
    const auto openState = [this](const QModelIndex& index) {
        OrderFilter filter;
        filter.states = {m_statesModel->rowValue(index.row()).state};
        context().navigator.openOrders(filter);
    };
    connect(m_states, &QAbstractItemView::activated, this, openState);
    connect(m_states, &DataTable::menuRequested, this, [this, openState](const QModelIndex& index, QMenu* menu) {
        menu->addAction(theme().icon(Icon::Orders), tr("Show these orders"), this, [openState, index] { openState(index); });
    });
    connect(&m_summaryPause, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            readSummary();
        }
    });
}

void OverviewPage::refresh()
{
    if (m_reading == 0) {
        ++m_reading;
        const UtcTime now = context().clock.now();
        context().executor.read(
            this,
            [now](Connection& connection) -> Result<Present> {
                CF_ASSIGN(SystemStatus status, systemStatus(connection, now));
                CF_ASSIGN(std::vector<CaseRow> cases, openCases(connection, casesShown));
                return Present{std::move(status), std::move(cases)};
            },
            [this](const Result<Present>& present) {
                --m_reading;
                m_presentRead = true;
                if (present) {
                    showPresent(*present);
                }
            });
    }
    if (!m_summaryPause.isActive()) {
        m_summaryRead ? m_summaryPause.start() : readSummary();
    }
}

void OverviewPage::readSummary()
{
    if (m_summaryReading) {
        return;
    }
    m_summaryReading = true;
    context().executor.readAside(
        this,
        [](Connection& connection) { return businessSummary(connection); },
        [this](const Result<BusinessSummary>& summary) {
            m_summaryReading = false;
            m_summaryRead = true;
            if (summary) {
                showSummary(*summary);
            }
        });
}

void OverviewPage::showPresent(const Present& present)
{
    const UtcTime now = context().clock.now();
    StatusWords cases = caseWords(present.status);
    if (present.status.openCases == 0) {
        cases.text = tr("Nothing");
        cases.details = tr("No open case. The worker decides what it can by itself.");
        cases.icon = Icon::Check;
        cases.tone = Tone::Success;
    }
    m_cases->setFact(cases);
    m_worker->setFact(workerWords(present.status, now));
    m_queue->setFact(queueWords(present.status));
    m_casesModel->setRows(present.cases);
    m_casesCard->setNote(formatCount(present.status.openCases));
    m_casesCard->setVisible(!present.cases.empty());
    m_casesTable->fitRows(caseRowsMax);
}

void OverviewPage::showSummary(const BusinessSummary& summary)
{
    std::vector<StateSum> states = summary.states;
    const QStringList known = knownOrderStates();
    const auto place = [&known](const StateSum& sum) {
        const qsizetype at = known.indexOf(sum.state);
        return at < 0 ? known.size() : at;
    };
    std::ranges::stable_sort(states, [&place](const StateSum& a, const StateSum& b) { return place(a) < place(b); });
    // The first orders are worth a look at once; while there are none, a look costs nothing.
    m_summaryPause.setInterval(states.empty() ? emptySummaryEveryMs : summaryEveryMs);
    m_statesModel->setRows(std::move(states));
    m_kindsModel->setRows(summary.balances);
    m_states->fitRows(tableRowsMax);
    m_kinds->fitRows(tableRowsMax);
    if (summary.states.empty()) {
        m_states->setFixedHeight(240);
        m_states->emptyState()->setContent(Icon::Orders, tr("No orders yet"), tr("They appear here as soon as the shop sends them."));
    }
    if (summary.balances.empty()) {
        m_kinds->setFixedHeight(240);
        m_kinds->emptyState()->setContent(Icon::Accounts, tr("No accounts yet"), tr("They are opened when the first money moves."));
    }
    m_states->setEmptyShown(summary.states.empty());
    m_kinds->setEmptyShown(summary.balances.empty());
}

bool OverviewPage::isSettled() const
{
    return m_presentRead && m_summaryRead && m_reading == 0 && !m_summaryReading;
}

QWidget* OverviewPage::firstFocus()
{
    return m_casesModel->rowCount() > 0 ? m_casesTable : m_states;
}

} // namespace counterfoil
