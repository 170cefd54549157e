// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobs_page.h"

#include "models/tables/format.h"
#include "models/tables/job_queue_table.h"
#include "models/tables/roles.h"
#include "views/jobs/job_details.h"
#include "views/widgets/choice_menu.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QSplitter>
#include <QTimer>

namespace counterfoil {

namespace {
/// How often `in 5 min` is reckoned again while nothing changes.
constexpr int clockMs = 10'000;
/// A summary counts all that is to come: it is not made for every commit.
constexpr int summaryPauseMs = 1000;
} // namespace

JobsPage::JobsPage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_model(new JobQueueTable(context.executor, this)),
      m_count(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_summary(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_parked(new PlainLabel(context.theme, {}, TextRole::Strong, Ink::Danger, this)),
      m_bar(new FilterBar(context.theme, tr("Order number, job id, gateway reference"), this)),
      m_states(new ChoiceMenu(m_bar, QStringLiteral("state"), tr("State"), Icon::Flag)),
      m_kinds(new ChoiceMenu(m_bar, QStringLiteral("kind"), tr("What"), Icon::Clock)),
      m_list(new PagedList(context.theme, tr("Jobs"), m_model, [this] { return emptyWords(); }, this)),
      m_details(new DetailPane(context.theme, tr("The chosen job"), this))
{
    m_states->addAll<JobState>();
    m_kinds->addAll<JobKind>();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    buildHeading(layout);
    layout->addWidget(m_bar);
    layout->addWidget(DetailPane::beside(m_list, m_details, this), 1);
    // DueAt, When, Kind, OrderNo, State, Attempts, Error, Worker, CreatedAt, Id
    m_list->setWidths({150, 82, 158, 112, 98, 78, 0, -1, -1, -1});
    connectFilter();
    connectList();
    auto* clock = new QTimer(this);
    clock->setInterval(clockMs);
    connect(clock, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            m_model->setNow(this->context().clock.now());
        }
    });
    clock->start();
}

void JobsPage::buildHeading(QVBoxLayout* layout)
{
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(new PlainLabel(theme(), tr("Jobs"), TextRole::Title, Ink::Text, this));
    heading->addWidget(m_count, 0, Qt::AlignBottom);
    heading->addSpacing(space::m);
    heading->addWidget(m_parked, 0, Qt::AlignBottom);
    heading->addWidget(m_summary, 1, Qt::AlignBottom);
    layout->addLayout(heading);
}

void JobsPage::connectFilter()
{
    connect(m_bar, &FilterBar::searchChanged, this, [this](const QString& text) {
        JobFilter filter = m_filter;
        filter.freeText = text;
        changeFilter(filter);
    });
    connect(m_bar, &FilterBar::cleared, this, [this] {
        JobFilter filter;
        filter.freeText = m_filter.freeText;
        setFilter(filter);
    });
    for (ChoiceMenu* menu : {m_states, m_kinds}) {
        connect(menu, &ChoiceMenu::changed, this, [this] {
            JobFilter filter = m_filter;
            filter.states = m_states->chosenOf<JobState>();
            filter.kinds = m_kinds->chosenOf<JobKind>();
            changeFilter(filter);
        });
    }
}

void JobsPage::connectList()
{
    connect(table(), &QAbstractItemView::activated, this, &JobsPage::openRow);
    connect(table(), &DataTable::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    connect(m_details, &DetailPane::orderRequested, this, [this](OrderId order) { context().navigator.openOrder(order); });
    connect(m_list, &PagedList::chosenChanged, this, &JobsPage::readDetails);
    connect(m_list, &PagedList::countChanged, this, [this] { m_count->setPlain(m_list->countText()); });
    connect(m_list, &PagedList::emptyActionTriggered, this, [this] { setFilter({}); });
}

void JobsPage::setFilter(const JobFilter& filter)
{
    m_bar->showSearch(filter.freeText);
    m_states->setChosenOf(filter.states);
    m_kinds->setChosenOf(filter.kinds);
    changeFilter(filter);
}

void JobsPage::changeFilter(const JobFilter& filter)
{
    m_filter = filter;
    m_started = true;
    m_bar->setChips(m_states->chips() + m_kinds->chips());
    m_list->begin();
    m_model->setNow(context().clock.now());
    m_model->setFilter(filter);
}

EmptyWords JobsPage::emptyWords() const
{
    if (m_filter == JobFilter()) {
        return {Icon::Check, tr("Nothing is to come"), tr("No job is waiting, running or parked. Payments, time limits and settlements put their next step here."), {}};
    }
    const QString hint = m_filter.isHistory() ? tr("No job fulfils all the conditions above. Of what is over, only the newest jobs are looked at.")
                                              : tr("No job fulfils all the conditions above. What is over is listed only when its state is chosen.");
    return {Icon::Search, tr("No job matches"), hint, tr("Clear filters")};
}

void JobsPage::openRow(const QModelIndex& index)
{
    const OrderId order(index.data(OrderIdRole).toLongLong());
    if (order.isNone()) {
        table()->showRow(index);
    } else {
        context().navigator.openOrder(order);
    }
}

void JobsPage::readDetails()
{
    const JobId job(m_list->chosen());
    if (job.isNone()) {
        ++m_token;
        m_details->setNothing(tr("Nothing chosen"), tr("Choose a job to see all of it."));
        return;
    }
    ++m_reading;
    context().executor.read(
        this,
        [job](Connection& connection) { return jobDetail(connection, job); },
        [this, token = ++m_token](const Result<JobRow>& row) {
            --m_reading;
            if (token == m_token) {
                showDetails(row);
            }
        });
}

void JobsPage::showDetails(const Result<JobRow>& row)
{
    if (!row) {
        const ErrorWords words = errorWords(row.error().code);
        m_details->setNothing(words.what, words.whatToDo);
        return;
    }
    const Job& job = row->job;
    m_details->setSubject(stateLabel(toString(job.kind)), lookOf(job.state), jobFacts(*row, context().clock.now()));
    m_details->setOrder(job.order, row->orderNo);
}

void JobsPage::readSummary()
{
    if (std::exchange(m_summing, true)) {
        m_sumAgain = true;
        return;
    }
    ++m_reading;
    context().executor.read(
        this,
        [now = context().clock.now()](Connection& connection) { return jobSummary(connection, now); },
        [this](const Result<JobSummary>& summary) {
            --m_reading;
            QTimer::singleShot(summaryPauseMs, this, [this] {
                m_summing = false;
                if (std::exchange(m_sumAgain, false)) {
                    readSummary();
                }
            });
            if (summary) {
                const QueueLine line = queueLine(*summary, context().clock.now());
                m_summary->setPlain(line.text);
                m_summary->setInk(line.isLate ? Ink::Warning : Ink::Secondary);
                m_parked->setPlain(line.parked);
            }
        });
}

void JobsPage::refresh()
{
    readSummary();
    if (!m_started) {
        changeFilter(m_filter);
        return;
    }
    m_model->setNow(context().clock.now());
    m_list->refresh();
    readDetails();
}

bool JobsPage::isSettled() const
{
    return m_reading == 0 && m_list->isSettled();
}

QWidget* JobsPage::firstFocus()
{
    return table();
}

} // namespace counterfoil
