// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/gateway/gateway_tab.h"
#include "views/widgets/paged_list.h"

namespace counterfoil {

class CallbackRefusalsTable;

/// Callbacks that were turned away: of each only when, why, how big and from where.
class RefusalsTab : public GatewayTab {
    Q_OBJECT
public:
    explicit RefusalsTab(const PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    PagedList* list() const { return m_list; }

Q_SIGNALS:
    /// Somebody wants to find out why.
    void checkRequested();

private:
    CallbackRefusalsTable* m_model;
    PagedList* m_list;
    bool m_started = false;
};

} // namespace counterfoil
