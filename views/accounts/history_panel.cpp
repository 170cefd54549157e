// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/history_panel.h"

#include "models/tables/format.h"
#include "models/tables/postings_table.h"
#include "models/tables/roles.h"
#include "views/accounts/balance_chart.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QPushButton>
#include <QStackedLayout>

#include <utility>

namespace counterfoil {

namespace {

constexpr int spans = 200;
constexpr std::array ranges{HistoryPanel::Range::Day, HistoryPanel::Range::Week, HistoryPanel::Range::Month, HistoryPanel::Range::All};

QString rangeLabel(HistoryPanel::Range range)
{
    switch (range) {
    case HistoryPanel::Range::Day: return HistoryPanel::tr("24 hours");
    case HistoryPanel::Range::Week: return HistoryPanel::tr("7 days");
    case HistoryPanel::Range::Month: return HistoryPanel::tr("30 days");
    case HistoryPanel::Range::All: return HistoryPanel::tr("All");
    }
    assertionFailed("a range of no kind");
}

UtcTime beginningOf(HistoryPanel::Range range, UtcTime now)
{
    switch (range) {
    case HistoryPanel::Range::Day: return now - Duration::hours(24);
    case HistoryPanel::Range::Week: return now - Duration::days(7);
    case HistoryPanel::Range::Month: return now - Duration::days(30);
    case HistoryPanel::Range::All: return {};
    }
    assertionFailed("a range of no kind");
}

} // namespace

HistoryPanel::HistoryPanel(const PageContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_ranges(new QButtonGroup(this)),
      m_stack(new QStackedLayout),
      m_empty(new EmptyState(context.theme, this)),
      m_chart(new BalanceChart(context.theme, this)),
      m_words(new PlainLabel(context.theme, {}, TextRole::Caption, Ink::Secondary, this)),
      m_which(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_all(new QPushButton(tr("Show the whole time"), this)),
      m_model(new PostingsTable(context.executor, this)),
      m_postings(new DataTable(context.theme, tr("Postings of that time"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::s, 0, 0);
    layout->setSpacing(space::xs);
    layout->addWidget(buildRanges());
    layout->addLayout(m_stack, 1);
    m_stack->addWidget(buildContent());
    m_stack->addWidget(m_empty);
    m_all->setAutoDefault(false);
    m_all->setAccessibleName(m_all->text());
    m_empty->setContent(Icon::Swap, tr("Nothing was posted"), tr("No money has moved on this account, so there is nothing to draw."));
    // At, Kind, OrderNo, Bucket, Amount, BalanceAfter, Entry
    m_postings->setColumns(m_model, {170, 140, 180, 130, 160, 170, 0});
    m_postings->emptyState()->setContent(Icon::Swap, tr("Nothing was posted"), tr("No money has moved on this account in this time."));
    connect(m_all, &QPushButton::clicked, this, [this] { m_chart->choose(-1); });
    connect(m_chart, &BalanceChart::pointChosen, this, &HistoryPanel::showPostings);
    connectPostings();
}

QWidget* HistoryPanel::buildRanges()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::m, 0, space::m, 0);
    row->setSpacing(space::s);
    for (const Range range : ranges) {
        auto* button = new QPushButton(rangeLabel(range), bar);
        button->setCheckable(true);
        button->setChecked(range == m_range);
        button->setAutoDefault(false);
        button->setAccessibleName(tr("Show %1").arg(button->text().toLower()));
        m_ranges->addButton(button, static_cast<int>(range));
        row->addWidget(button);
    }
    row->addStretch(1);
    connect(m_ranges, &QButtonGroup::idClicked, this, [this](int range) { setRange(static_cast<Range>(range)); });
    return bar;
}

QWidget* HistoryPanel::buildContent()
{
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::xs);
    const auto addInset = [column](std::initializer_list<QWidget*> widgets) {
        auto* row = new QHBoxLayout;
        row->setContentsMargins(space::m, 0, space::m, 0);
        for (QWidget* widget : widgets) {
            row->addWidget(widget, qobject_cast<QPushButton*>(widget) ? 0 : 1);
        }
        column->addLayout(row);
    };
    m_words->setWrapping(true);
    column->addWidget(m_chart, 3);
    addInset({m_words});
    addInset({m_which, m_all});
    column->addWidget(m_postings, 2);
    return content;
}

void HistoryPanel::connectPostings()
{
    connect(m_model, &PagedTableModel::firstPageShown, this, [this] {
        m_listed = true;
        m_postings->setEmptyShown(m_model->rowCount() == 0);
    });
    connect(m_model, &PagedTableModel::failed, this, [this] { m_listed = true; });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] { m_postings->setEmptyShown(false); });
    connect(m_postings, &DataTable::orderRequested, this, [this](OrderId order) { m_context.navigator.openOrder(order); });
    connect(m_postings, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const qint64 order = index.data(OrderIdRole).toLongLong();
        order == 0 ? m_postings->showRow(index) : m_context.navigator.openOrder(OrderId(order));
    });
}

void HistoryPanel::setAccount(AccountId account)
{
    if (account == m_account) {
        refresh();
        return;
    }
    m_account = account;
    m_shown = false;
    m_chart->setHistory({});
    m_words->setPlain({});
    read();
}

void HistoryPanel::setRange(Range range)
{
    m_range = range;
    m_ranges->button(static_cast<int>(range))->setChecked(true);
    m_shown = false;
    read();
}

void HistoryPanel::refresh()
{
    // In a busy shop changes come quicker than a long history is read.
    if (m_reading > 0) {
        m_again = true;
    } else {
        read();
    }
    if (m_listed) {
        m_model->refresh();
    }
}

void HistoryPanel::read()
{
    const quint64 token = ++m_token;
    const UtcTime now = m_context.clock.now();
    ++m_reading;
    m_context.executor.read(
        this, [id = m_account, from = beginningOf(m_range, now), now](Connection& connection) { return balanceHistory(connection, id, from, now, spans); },
        [this, token](const Result<BalanceHistory>& history) {
            --m_reading;
            if (token == m_token) {
                take(history);
            }
            if (m_reading == 0 && std::exchange(m_again, false)) {
                read();
            }
        });
}

void HistoryPanel::take(const Result<BalanceHistory>& history)
{
    if (!history) {
        const ErrorWords words = errorWords(history.error().code);
        m_words->setPlain(QStringLiteral("%1 %2").arg(words.what, words.whatToDo));
        m_listed = true;
        return;
    }
    if (!m_shown) {
        m_chart->setHistory({});
    }
    m_chart->setHistory(*history);
    m_stack->setCurrentIndex(history->points.empty() ? 1 : 0);
    m_words->setPlain(historyWords(*history));
    if (!std::exchange(m_shown, true)) {
        showPostings(-1);
    } else if (m_chart->chosen() < 0 && !m_filter.upTo.isNone()) {
        // The chosen step has become part of another one.
        showPostings(-1);
    }
}

void HistoryPanel::showPostings(int point)
{
    const std::vector<BalancePoint>& points = m_chart->history().points;
    m_all->setVisible(point >= 0);
    if (point < 0) {
        m_which->setPlain(m_range == Range::All ? tr("All postings, newest first") : tr("Postings of the last %1, newest first").arg(rangeLabel(m_range)));
        setFilter({m_account, {}, points.empty() ? LedgerEntryId() : points.front().last, {}});
        return;
    }
    const auto at = static_cast<std::size_t>(point);
    m_which->setPlain(at == 0 ? tr("Before %1").arg(pointWords(points[at])) : tr("Up to %1").arg(pointWords(points[at])));
    // No entry has the least of ids.
    const LedgerEntryId last = points[at].last.isNone() ? LedgerEntryId(1) : points[at].last;
    setFilter({m_account, {}, at == 0 ? LedgerEntryId() : points[at - 1].last, last});
}

void HistoryPanel::setFilter(const PostingFilter& filter)
{
    m_filter = filter;
    m_listed = false;
    m_postings->setEmptyShown(false);
    m_model->setFilter(filter);
}

bool HistoryPanel::isSettled() const
{
    return m_reading == 0 && m_listed && !m_model->isLoading();
}

} // namespace counterfoil
