// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/page.h"

class QTabWidget;

namespace counterfoil {

class CallbacksTab;
class ExchangesTab;
class GatewayTab;
class RefusalsTab;
class SignatureBench;

/// The dialogue with the gateway: what was asked, what it told by itself, what was refused, and a bench that explains signatures.
class GatewayPage : public Page {
    Q_OBJECT
public:
    explicit GatewayPage(const PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;

    QTabWidget* tabs() const { return m_tabs; }
    ExchangesTab* exchanges() const { return m_exchanges; }
    CallbacksTab* callbacks() const { return m_callbacks; }
    RefusalsTab* refusals() const { return m_refusals; }
    SignatureBench* bench() const { return m_bench; }

private:
    void addTab(GatewayTab* tab, const QString& name);
    GatewayTab* current() const;

    QTabWidget* m_tabs;
    ExchangesTab* m_exchanges;
    CallbacksTab* m_callbacks;
    RefusalsTab* m_refusals;
    SignatureBench* m_bench;
};

} // namespace counterfoil
