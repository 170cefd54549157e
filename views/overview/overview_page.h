// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "models/store/reads/status_reads.h"
#include "views/widgets/page.h"

#include <QElapsedTimer>
#include <QTimer>

namespace counterfoil {

class DataTable;
class EmptyState;
class FactTile;
class KindTotalsTable;
class OpenCasesTable;
class SectionCard;
class StateSumsTable;

/// What needs me now: open cases, the worker and its queue, orders by state, balances by kind of account.
class OverviewPage : public Page {
    Q_OBJECT
public:
    /// The sums read every order, so they are read at most this often while things change.
    static constexpr int summaryEveryMs = 5000;
    static constexpr int emptySummaryEveryMs = 300;

    explicit OverviewPage(const PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;

private:
    struct Present {
        SystemStatus status;
        std::vector<CaseRow> cases;
    };
    QWidget* buildTiles();
    void buildTables();
    void connectTables();
    void readSummary();
    void showPresent(const Present& present);
    void showSummary(const BusinessSummary& summary);

    FactTile* m_cases;
    FactTile* m_worker;
    FactTile* m_queue;
    SectionCard* m_casesCard;
    SectionCard* m_statesCard;
    SectionCard* m_kindsCard;
    OpenCasesTable* m_casesModel;
    StateSumsTable* m_statesModel;
    KindTotalsTable* m_kindsModel;
    DataTable* m_casesTable;
    DataTable* m_states;
    DataTable* m_kinds;
    QTimer m_summaryPause;
    int m_reading = 0;
    bool m_summaryReading = false;
    bool m_presentRead = false;
    bool m_summaryRead = false;
};

} // namespace counterfoil
