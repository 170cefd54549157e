// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/job_reads.h"
#include "views/widgets/page.h"
#include "views/widgets/paged_list.h"

class QVBoxLayout;

namespace counterfoil {

class ChoiceMenu;
class DataTable;
class DetailPane;
class FilterBar;
class JobQueueTable;

/// What will happen next and when: the durable queue, with the chosen job beside it. Enter opens its order.
class JobsPage : public Page {
    Q_OBJECT
public:
    explicit JobsPage(const PageContext& context, QWidget* parent = nullptr);

    /// Replaces what is filtered, also in the filter bar.
    void setFilter(const JobFilter& filter);
    const JobFilter& filter() const { return m_filter; }

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_list->table(); }
    DetailPane* details() const { return m_details; }
    QString summary() const { return m_summary->text(); }
    QString parkedWords() const { return m_parked->text(); }

private:
    void buildHeading(QVBoxLayout* layout);
    void connectFilter();
    void connectList();
    void changeFilter(const JobFilter& filter);
    EmptyWords emptyWords() const;
    void openRow(const QModelIndex& index);
    void readDetails();
    void showDetails(const Result<JobRow>& row);
    void readSummary();

    JobQueueTable* m_model;
    PlainLabel* m_count;
    PlainLabel* m_summary;
    PlainLabel* m_parked;
    FilterBar* m_bar;
    ChoiceMenu* m_states;
    ChoiceMenu* m_kinds;
    PagedList* m_list;
    DetailPane* m_details;
    JobFilter m_filter;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_started = false;
    bool m_summing = false;
    bool m_sumAgain = false;
};

} // namespace counterfoil
