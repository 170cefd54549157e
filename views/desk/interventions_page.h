// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "views/widgets/page.h"
#include "views/widgets/paged_list.h"

class QButtonGroup;
class QHBoxLayout;
class QPushButton;

namespace counterfoil {

class CaseQueueTable;
class PlainLabel;

/// The queue of what people have to decide, in the order in which it is due. Enter or the button opens the chosen case; C or the button claims it.
class InterventionsPage : public Page {
    Q_OBJECT
public:
    explicit InterventionsPage(const PageContext& context, QWidget* parent = nullptr);

    void setView(CaseFilter::View view);
    CaseFilter::View view() const { return m_view; }

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_list->table(); }
    CaseQueueTable* model() const { return m_model; }
    QPushButton* claimButton() const { return m_claim; }
    QPushButton* openButton() const { return m_open; }

private:
    QWidget* buildViews();
    void addButtons(QHBoxLayout* row);
    void connectList();
    void begin();
    EmptyWords emptyWords() const;
    void claim(CaseId item);
    void open(CaseId item);
    void showButtons();

    CaseQueueTable* m_model;
    PlainLabel* m_count;
    PlainLabel* m_problem;
    QButtonGroup* m_views;
    QPushButton* m_claim;
    QPushButton* m_open;
    PagedList* m_list;
    CaseFilter::View m_view = CaseFilter::View::Todo;
    bool m_started = false;
};

} // namespace counterfoil
