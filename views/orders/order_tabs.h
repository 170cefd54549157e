// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"
#include "views/widgets/page.h"

#include <QTabWidget>

class QTreeView;

namespace counterfoil {

class CallbackPanel;
class CasesTable;
class DataTable;
class ExchangePanel;
class JobsTable;
class OrderItemsTree;
class OrderPostingsTable;
class TransactionsTable;

/// The lists of an order's page, each tab with its count.
class OrderTabs : public QTabWidget {
    Q_OBJECT
public:
    explicit OrderTabs(const PageContext& context, QWidget* parent = nullptr);

    void setDetail(const OrderDetail& detail);
    bool isSettled() const;
    void showCases();

private:
    template<class Model>
    DataTable* addTable(Model* model, const QString& name, const QList<int>& widths, Icon icon, const QString& emptyTitle, const QString& emptyText);
    void addItems();
    void nameTabs(const OrderDetail& detail);
    void connectPostings();
    void connectCases();

    const PageContext m_context;
    OrderItemsTree* m_itemsModel;
    QTreeView* m_items;
    TransactionsTable* m_paymentsModel;
    OrderPostingsTable* m_postingsModel;
    JobsTable* m_jobsModel;
    CasesTable* m_casesModel;
    DataTable* m_payments = nullptr;
    DataTable* m_postings = nullptr;
    DataTable* m_jobs = nullptr;
    DataTable* m_cases = nullptr;
    ExchangePanel* m_exchanges;
    CallbackPanel* m_callbacks;
};

} // namespace counterfoil
