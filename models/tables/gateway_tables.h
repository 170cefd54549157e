// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/gateway_reads.h"
#include "models/tables/gateway_columns.h"
#include "models/tables/paged_table_model.h"

namespace counterfoil {

// What went to the gateway and what came from it by itself, newest first.

/// Columns: GatewayExchangeColumn.
class GatewayExchangesTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit GatewayExchangesTable(ReadExecutor& executor, QObject* parent = nullptr);
    void setFilter(const ExchangeFilter& filter);
    bool isMoney(int column) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;
};

/// Columns: GatewayCallbackColumn.
class GatewayCallbacksTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit GatewayCallbacksTable(ReadExecutor& executor, QObject* parent = nullptr);
    void setFilter(const CallbackFilter& filter);
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;
};

/// Columns: RefusalColumn.
class CallbackRefusalsTable : public PagedTableModel {
    Q_OBJECT

public:
    explicit CallbackRefusalsTable(ReadExecutor& executor, QObject* parent = nullptr);
    /// Begins to list them.
    void start();
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Null while the row isn't there.
    const CallbackRefusal* rowValue(int row) const;

protected:
    Cell cellOf(const PagedRow& row, int column) const override;
    RowIdentity identityOf(const PagedRow& row) const override;
};

} // namespace counterfoil
