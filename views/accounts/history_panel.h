// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "views/widgets/page.h"

class QButtonGroup;
class QPushButton;
class QStackedLayout;

namespace counterfoil {

class BalanceChart;
class DataTable;
class EmptyState;
class PlainLabel;
class PostingsTable;

/// An account's figures over time as a chart, and beneath it the postings of the time shown, or of the step that is chosen in the chart.
class HistoryPanel : public QWidget {
    Q_OBJECT
public:
    enum class Range { Day, Week, Month, All };

    explicit HistoryPanel(const PageContext& context, QWidget* parent = nullptr);

    /// Another account, or the same one to be read again.
    void setAccount(AccountId account);
    void setRange(Range range);
    bool isSettled() const;
    BalanceChart* chart() const { return m_chart; }
    DataTable* postings() const { return m_postings; }
    const PostingFilter& filter() const { return m_filter; }

private:
    QWidget* buildRanges();
    QWidget* buildContent();
    void connectPostings();
    void refresh();
    void read();
    void take(const Result<BalanceHistory>& history);
    void showPostings(int point);
    void setFilter(const PostingFilter& filter);

    const PageContext m_context;
    AccountId m_account;
    Range m_range = Range::Week;
    PostingFilter m_filter;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_again = false;
    bool m_shown = false;
    bool m_listed = false;

    QButtonGroup* m_ranges;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    BalanceChart* m_chart;
    PlainLabel* m_words;
    PlainLabel* m_which;
    QPushButton* m_all;
    PostingsTable* m_model;
    DataTable* m_postings;
};

} // namespace counterfoil
