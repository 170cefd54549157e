// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/store/reads/balance_reads.h"
#include "views/widgets/page.h"

class QStackedLayout;
class QTabWidget;
class QToolButton;

namespace counterfoil {

class ActionList;
class BalanceDialog;
class DataTable;
class EmptyState;
class HistoryPanel;
class HoldsPanel;
class MoneyPanel;
class PlainLabel;
class PostingsTable;
class StateBadge;

/// One account: what is available, frozen and billed, the holds that freeze it, the postings that made it, and what may be done about it.
class AccountPage : public Page {
    Q_OBJECT
public:
    explicit AccountPage(const PageContext& context, QWidget* parent = nullptr);

    void setAccount(AccountId account);
    AccountId account() const { return m_account; }

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    QTabWidget* tabs() const { return m_tabs; }
    DataTable* postings() const { return m_postings; }
    HoldsPanel* holds() const { return m_holds; }
    ActionList* actions() const { return m_actions; }
    MoneyPanel* money() const { return m_money; }
    /// Opens what explains a figure; it deletes itself when it is closed.
    BalanceDialog* explain(BalancePart part);
    /// Null until its tab is shown for the first time.
    HistoryPanel* history() const { return m_history; }

private:
    QWidget* buildHeading();
    void buildPostings();
    void showHistory();
    void take(const Result<AccountDetail>& detail);
    void showDetail(const AccountDetail& detail);
    void setBucket(std::optional<Bucket> bucket);

    AccountId m_account;
    AccountRow m_row;
    std::optional<Bucket> m_bucket;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_loaded = false;
    bool m_postingsShown = false;

    QStackedLayout* m_stack;
    EmptyState* m_problem;
    PlainLabel* m_title;
    PlainLabel* m_subtitle;
    StateBadge* m_badge;
    QToolButton* m_copy;
    MoneyPanel* m_money;
    ActionList* m_actions;
    QTabWidget* m_tabs;
    PostingsTable* m_postingsModel;
    DataTable* m_postings;
    HoldsPanel* m_holds;
    QWidget* m_historyTab;
    HistoryPanel* m_history = nullptr;
};

} // namespace counterfoil
