// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "views/desk/desk.h"
#include "views/widgets/page.h"

class QLineEdit;
class QPushButton;

namespace counterfoil {

class ActionList;
class CommandsTable;
class DataTable;
class GatewayPanel;
class PlainLabel;
class StateBadge;
class Timeline;

/// One case: what happened, what was done about it, and what may be done now. An action that isn't allowed says why.
class CasePage : public Page {
    Q_OBJECT
public:
    explicit CasePage(const PageContext& context, QWidget* parent = nullptr);

    void setCase(CaseId item);
    CaseId caseId() const { return m_case; }

    void refresh() override;
    bool isSettled() const override { return m_reading == 0 && m_loaded; }
    QWidget* firstFocus() override;
    QPushButton* actionButton(CommandKind kind) const;
    QPushButton* claimButton() const { return m_claim; }
    QPushButton* resolveButton() const { return m_resolve; }
    QLineEdit* text() const { return m_text; }
    GatewayPanel* gatewayPanel() const { return m_gateway; }
    const CaseDetail& detail() const { return m_detail; }

private:
    QWidget* buildHeading();
    QWidget* buildTalk();
    void show(const CaseDetail& detail);
    void showActions();
    void showTalk();
    void act(Desk::CaseAction action, UtcTime until = {});

    CaseId m_case;
    CaseDetail m_detail;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_loaded = false;

    PlainLabel* m_title;
    StateBadge* m_severity;
    PlainLabel* m_facts;
    PlainLabel* m_what;
    PlainLabel* m_problem;
    PlainLabel* m_similar;
    QPushButton* m_order;
    QPushButton* m_claim;
    QPushButton* m_release;
    QPushButton* m_snooze;
    QPushButton* m_escalate;
    QPushButton* m_note;
    QPushButton* m_resolve;
    QLineEdit* m_text;
    ActionList* m_actions;
    CommandsTable* m_commands;
    DataTable* m_commandTable;
    Timeline* m_timeline;
    GatewayPanel* m_gateway;
};

} // namespace counterfoil
