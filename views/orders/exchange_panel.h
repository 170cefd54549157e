// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"
#include "views/widgets/page.h"

namespace counterfoil {

class CallbacksTable;
class DataTable;
class ExchangeViewer;
class ExchangesTable;
class PayloadViewer;

/// What was asked of the gateway for an order, with every attempt's request and answer.
class ExchangePanel : public QWidget {
    Q_OBJECT
public:
    explicit ExchangePanel(const PageContext& context, QWidget* parent = nullptr);
    void setOrder(const OrderDetail& detail);
    bool isSettled() const;

private:
    void showChosen();

    const PageContext m_context;
    ExchangesTable* m_model;
    DataTable* m_table;
    ExchangeViewer* m_viewer;
};

/// What the gateway told us by itself, with the bodies as they came.
class CallbackPanel : public QWidget {
    Q_OBJECT
public:
    explicit CallbackPanel(const PageContext& context, QWidget* parent = nullptr);
    void setOrder(const OrderDetail& detail);

private:
    void readBody();

    const PageContext m_context;
    CallbacksTable* m_model;
    DataTable* m_table;
    PayloadViewer* m_body;
    CallbackId m_shown;
    quint64 m_token = 0;
};

} // namespace counterfoil
