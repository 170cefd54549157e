// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/account_reads.h"
#include "models/store/reads/order_detail.h"
#include "models/tables/account_columns.h"
#include "models/tables/detail_columns.h"
#include "models/tables/posting_columns.h"
#include "models/tables/value_table.h"

namespace counterfoil {

// The lists of an order's (or an account's) page, fed with setRows() from OrderDetail and AccountDetail.

/// Columns: TimelineColumn. setRows(detail.events).
class TimelineTable : public ValueTable<OrderEvent> {
    Q_OBJECT

public:
    explicit TimelineTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const OrderEvent& event, int column) const override;
    RowIdentity identityOf(const OrderEvent& event) const override;
};

/// Columns: ExchangeColumn. setRows(detail.exchanges).
class ExchangesTable : public ValueTable<GatewayExchange> {
    Q_OBJECT

public:
    explicit ExchangesTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const GatewayExchange& exchange, int column) const override;
    RowIdentity identityOf(const GatewayExchange& exchange) const override;
};

/// Columns: OrderPostingColumn. setRows(detail.postings).
class OrderPostingsTable : public ValueTable<PostingRow> {
    Q_OBJECT

public:
    explicit OrderPostingsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const PostingRow& posting, int column) const override;
    RowIdentity identityOf(const PostingRow& posting) const override;
};

/// Columns: JobColumn. setRows(detail.jobs).
class JobsTable : public ValueTable<Job> {
    Q_OBJECT

public:
    explicit JobsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const Job& job, int column) const override;
    RowIdentity identityOf(const Job& job) const override;
};

/// Columns: TransactionColumn. setRows(detail.transactions).
class TransactionsTable : public ValueTable<TransactionView> {
    Q_OBJECT

public:
    explicit TransactionsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const TransactionView& view, int column) const override;
    RowIdentity identityOf(const TransactionView& view) const override;
};

/// Columns: CaseColumn. setRows(detail.cases).
class CasesTable : public ValueTable<InterventionCase> {
    Q_OBJECT

public:
    explicit CasesTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const InterventionCase& item, int column) const override;
    RowIdentity identityOf(const InterventionCase& item) const override;
};

/// Columns: HoldColumn. setRows(accountDetail.holds). Ages are those at the clock's present time.
class HoldsTable : public ValueTable<HoldRow> {
    Q_OBJECT

public:
    explicit HoldsTable(const Clock& clock, QObject* parent = nullptr);

protected:
    Cell cellOf(const HoldRow& row, int column) const override;
    RowIdentity identityOf(const HoldRow& row) const override;

private:
    const Clock& m_clock;
};

/// "Wallet · Claire Gute", "Clearing": how an account is named in lists.
QString accountLabel(AccountKind kind, const QString& ownerName);

} // namespace counterfoil
