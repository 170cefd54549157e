// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/audit_trail_reads.h"
#include "views/widgets/page.h"
#include "views/widgets/paged_list.h"

class QPushButton;
class QVBoxLayout;

namespace counterfoil {

class AuditFilterMenus;
class AuditTable;
class DataTable;
class DetailPane;
class FilterBar;
class PayloadViewer;

/// Who did what to what, when and why: the audit trail, newest first, with before and after of the chosen row side by side.
class AuditPage : public Page {
    Q_OBJECT
public:
    explicit AuditPage(const PageContext& context, QWidget* parent = nullptr);

    /// Replaces what is filtered, also in the filter bar.
    void setFilter(const AuditFilter& filter);
    const AuditFilter& filter() const;

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    DataTable* table() const { return m_list->table(); }
    DetailPane* details() const { return m_details; }
    PayloadViewer* before() const { return m_before; }
    PayloadViewer* after() const { return m_after; }

private:
    void buildHeading(QVBoxLayout* layout);
    void buildDetails();
    void connectFilter();
    void connectList();
    void changeFilter(const AuditFilter& filter);
    EmptyWords emptyWords() const;
    void openRow(const QModelIndex& index);
    void readDetails();
    void showDetails(const Result<AuditDetail>& detail);

    AuditTable* m_model;
    PlainLabel* m_count;
    FilterBar* m_bar;
    AuditFilterMenus* m_menus;
    PagedList* m_list;
    DetailPane* m_details;
    PayloadViewer* m_before;
    PayloadViewer* m_after;
    QPushButton* m_same;
    QPushButton* m_account;
    AuditDetail m_shown;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_started = false;
};

} // namespace counterfoil
