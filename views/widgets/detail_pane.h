// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "views/widgets/card.h"
#include "views/widgets/fact_list.h"
#include "views/widgets/words.h"

class QHBoxLayout;
class QPushButton;
class QStackedLayout;
class QSplitter;

namespace counterfoil {

class EmptyState;
class StateBadge;

/// The pane beside a list: the chosen row with all its facts, what else the page puts below them, and the way to its order.
class DetailPane : public QWidget {
    Q_OBJECT
public:
    /// `name` is what a screen reader says.
    DetailPane(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    /// Says why there is nothing to see.
    void setNothing(const QString& title, const QString& text);
    /// An empty look leaves the badge out.
    void setSubject(const QString& title, const Look& look, const QList<Fact>& facts);
    /// None takes the button away.
    void setOrder(OrderId order, const QString& orderNo);
    /// Below the facts, sharing the height with them.
    void addBody(QWidget* widget, int stretch);
    /// Beside the button that opens the order.
    void addButton(QPushButton* button);
    bool hasSubject() const;
    FactList* facts() const { return m_facts; }
    QPushButton* orderButton() const { return m_open; }

    QSize sizeHint() const override;

    /// List and pane side by side: the pane can be made wider, and narrower until it is gone.
    static QSplitter* beside(QWidget* list, DetailPane* pane, QWidget* parent);

Q_SIGNALS:
    void orderRequested(counterfoil::OrderId order);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    QWidget* m_content;
    PlainLabel* m_title;
    StateBadge* m_badge;
    FactList* m_facts;
    QVBoxLayout* m_column;
    QHBoxLayout* m_buttons;
    QPushButton* m_open;
    OrderId m_order;
};

} // namespace counterfoil
