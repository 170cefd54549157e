// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/domain/order.h"
#include "models/store/reads/order_reads.h"
#include "models/store/reads/read_executor.h"
#include "views/theme/theme.h"

#include <QWidget>

namespace counterfoil {

class Desk;
class GatewayGlance;

/// Where pages ask to go; the shell keeps the way back.
class Navigator {
public:
    virtual ~Navigator() = default;
    virtual void openOrder(OrderId order) = 0;
    virtual void openAccount(AccountId account) = 0;
    /// The list of orders with this filter.
    virtual void openOrders(const OrderFilter& filter) = 0;
    /// The list of accounts whose owner is found by this text.
    virtual void openAccounts(const QString& owner) = 0;
    virtual void openCase(CaseId item) = 0;
};

/// What every page is built with.
struct PageContext {
    const Theme& theme;
    const Clock& clock;
    ReadExecutor& executor;
    Navigator& navigator;
    /// Who works here; null where nobody can.
    Desk* desk = nullptr;
    /// Looks at the gateway; null where that isn't set up.
    GatewayGlance* gateway = nullptr;
};

/// One page of the console. It reads when it is shown or told to, never by itself, and keeps selection, scroll and filters.
class Page : public QWidget {
    Q_OBJECT
public:
    explicit Page(const PageContext& context, QWidget* parent = nullptr) : QWidget(parent), m_context(context) {}

    /// Reads again what is shown; what is on screen stays until the answer is there.
    virtual void refresh() = 0;
    /// What is shown is complete: nothing is being read. For the tour and tests.
    virtual bool isSettled() const = 0;
    /// Where the keyboard starts.
    virtual QWidget* firstFocus() { return this; }

Q_SIGNALS:
    /// The window's title for this page.
    void titleChanged(const QString& title);

protected:
    const PageContext& context() const { return m_context; }
    const Theme& theme() const { return m_context.theme; }

private:
    const PageContext m_context;
};

} // namespace counterfoil
