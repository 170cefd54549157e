// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/case_reads.h"
#include "models/store/reads/status_reads.h"
#include "models/tables/value_table.h"

namespace counterfoil {

enum class StateSumColumn { State, Orders, Payable, Paid, Refunded, Count };

/// Orders by state and currency. Columns: StateSumColumn.
class StateSumsTable : public ValueTable<StateSum> {
    Q_OBJECT
public:
    explicit StateSumsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const StateSum& sum, int column) const override;
    RowIdentity identityOf(const StateSum& sum) const override;
};

enum class KindTotalColumn { Kind, Accounts, Available, Frozen, Billed, Count };

/// Balances by kind of account and currency. Columns: KindTotalColumn.
class KindTotalsTable : public ValueTable<KindTotal> {
    Q_OBJECT
public:
    explicit KindTotalsTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const KindTotal& total, int column) const override;
    RowIdentity identityOf(const KindTotal& total) const override;
};

enum class OpenCaseColumn { Severity, Kind, OrderNo, OpenedAt, Detail, Count };

/// Cases that wait for a person. Columns: OpenCaseColumn.
class OpenCasesTable : public ValueTable<CaseRow> {
    Q_OBJECT
public:
    explicit OpenCasesTable(QObject* parent = nullptr);

protected:
    Cell cellOf(const CaseRow& row, int column) const override;
    RowIdentity identityOf(const CaseRow& row) const override;
};

} // namespace counterfoil
