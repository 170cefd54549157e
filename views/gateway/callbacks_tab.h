// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/gateway_reads.h"
#include "views/gateway/gateway_tab.h"
#include "views/widgets/paged_list.h"

class QPushButton;

namespace counterfoil {

class ChoiceMenu;
class DetailPane;
class FilterBar;
class GatewayCallbacksTable;
class PayloadViewer;

/// What the gateway told by itself and what became of it, with the body of the chosen callback as it came.
class CallbacksTab : public GatewayTab {
    Q_OBJECT
public:
    explicit CallbacksTab(const PageContext& context, QWidget* parent = nullptr);

    /// Replaces what is filtered, also in the filter bar.
    void setFilter(const CallbackFilter& filter);

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    PagedList* list() const { return m_list; }
    DetailPane* details() const { return m_details; }
    QPushButton* checkButton() const { return m_check; }

Q_SIGNALS:
    /// Somebody wants to know whether a signature fits this body, when it was received.
    void checkRequested(const QString& body, counterfoil::UtcTime receivedAt);

private:
    struct Chosen {
        CallbackRow row;
        /// None if it is shown already: bodies don't change.
        std::optional<QString> body;
    };
    void connectFilter();
    void changeFilter(const CallbackFilter& filter);
    EmptyWords emptyWords() const;
    void readDetails();
    void showDetails(const Result<Chosen>& chosen);
    void showBody();

    GatewayCallbacksTable* m_model;
    FilterBar* m_bar;
    ChoiceMenu* m_states;
    PagedList* m_list;
    DetailPane* m_details;
    PayloadViewer* m_viewer;
    QPushButton* m_check;
    CallbackFilter m_filter;
    QString m_body;
    CallbackId m_bodyOf;
    UtcTime m_receivedAt;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_started = false;
};

} // namespace counterfoil
