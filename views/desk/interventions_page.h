// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "views/widgets/page.h"

class QButtonGroup;

namespace counterfoil {

class CaseQueueTable;
class DataTable;
class PlainLabel;

/// The queue of what people have to decide, in the order in which it is due. Enter opens a case; C claims it.
class InterventionsPage : public Page {
    Q_OBJECT
public:
    explicit InterventionsPage(const PageContext& context, QWidget* parent = nullptr);

    void setView(CaseFilter::View view);
    CaseFilter::View view() const { return m_view; }

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_table; }
    CaseQueueTable* model() const { return m_model; }

private:
    QWidget* buildViews();
    void connectTable();
    void begin();
    void showEmptiness();
    void claim(int row);

    CaseQueueTable* m_model;
    PlainLabel* m_count;
    PlainLabel* m_problem;
    QButtonGroup* m_views;
    DataTable* m_table;
    CaseFilter::View m_view = CaseFilter::View::Todo;
    bool m_started = false;
    bool m_shown = false;
    bool m_failed = false;
};

} // namespace counterfoil
