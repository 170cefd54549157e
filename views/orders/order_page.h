// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"
#include "views/widgets/page.h"

class QStackedLayout;
class QTabWidget;
class QToolButton;

namespace counterfoil {

class ActionList;
class EmptyState;
class MoneyPanel;
class NoticeStrip;
class OrderTabs;
class PlainLabel;
class StateBadge;
class StatePath;
class Timeline;

/// Everything about one order.
class OrderPage : public Page {
    Q_OBJECT
public:
    explicit OrderPage(const PageContext& context, QWidget* parent = nullptr);

    /// Shows another order; what was shown goes at once.
    void setOrder(OrderId order);
    OrderId order() const { return m_order; }

    void refresh() override;
    bool isSettled() const override;
    QWidget* firstFocus() override;
    QTabWidget* tabs() const;
    ActionList* actions() const { return m_actions; }

private:
    QWidget* buildHeading();
    QWidget* buildBody();
    void take(const Result<OrderDetail>& detail);
    void showDetail(const OrderDetail& detail);
    void showActions(const OrderDetail& detail);
    void copyMenu();

    OrderId m_order;
    QString m_orderNo;
    QString m_gatewayRef;
    quint64 m_token = 0;
    int m_reading = 0;
    bool m_loaded = false;

    QStackedLayout* m_stack;
    EmptyState* m_problem;
    PlainLabel* m_title;
    PlainLabel* m_subtitle;
    StateBadge* m_badge;
    QToolButton* m_copy;
    NoticeStrip* m_notice;
    StatePath* m_path;
    ActionList* m_actions;
    MoneyPanel* m_money;
    OrderTabs* m_tabs;
    Timeline* m_timeline;
};

} // namespace counterfoil
