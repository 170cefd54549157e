// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/gateway_reads.h"
#include "views/gateway/gateway_tab.h"
#include "views/widgets/paged_list.h"

namespace counterfoil {

class ChoiceMenu;
class DetailPane;
class ExchangeViewer;
class FilterBar;
class GatewayExchangesTable;

/// Everything that was asked of the gateway, with the requests and answers of the chosen one.
class ExchangesTab : public GatewayTab {
    Q_OBJECT
public:
    explicit ExchangesTab(const PageContext& context, QWidget* parent = nullptr);

    /// Replaces what is filtered, also in the filter bar.
    void setFilter(const ExchangeFilter& filter);

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    PagedList* list() const { return m_list; }
    DetailPane* details() const { return m_details; }

private:
    void connectFilter();
    void changeFilter(const ExchangeFilter& filter);
    EmptyWords emptyWords() const;
    void readDetails();
    void showDetails(const Result<ExchangeRow>& row);

    GatewayExchangesTable* m_model;
    FilterBar* m_bar;
    ChoiceMenu* m_states;
    ChoiceMenu* m_operations;
    PagedList* m_list;
    DetailPane* m_details;
    ExchangeViewer* m_viewer;
    ExchangeFilter m_filter;
    /// Whose payloads were asked for last, as it was then.
    GatewayExchange m_viewed;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_started = false;
};

} // namespace counterfoil
