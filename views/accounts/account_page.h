// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "views/widgets/page.h"

class QStackedLayout;
class QTabWidget;
class QToolButton;

namespace counterfoil {

class DataTable;
class EmptyState;
class HoldsTable;
class MoneyPanel;
class PlainLabel;
class PostingsTable;
class StateBadge;

/// One account: what is available, frozen and billed, the holds that freeze it, and the postings that made it.
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

private:
    QWidget* buildHeading();
    void buildPostings();
    void buildHolds();
    void take(const Result<AccountDetail>& detail);
    void showDetail(const AccountDetail& detail);
    void setBucket(std::optional<Bucket> bucket);

    AccountId m_account;
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
    QTabWidget* m_tabs;
    PostingsTable* m_postingsModel;
    HoldsTable* m_holdsModel;
    DataTable* m_postings;
    DataTable* m_holds;
};

} // namespace counterfoil
