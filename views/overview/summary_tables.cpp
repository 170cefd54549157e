// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/overview/summary_tables.h"

#include "models/tables/format.h"

namespace counterfoil {

StateSumsTable::StateSumsTable(QObject* parent) : ValueTable<StateSum>({tr("State"), tr("Orders"), tr("Payable"), tr("Paid"), tr("Refunded")}, parent) {}

Cell StateSumsTable::cellOf(const StateSum& sum, int column) const
{
    switch (static_cast<StateSumColumn>(column)) {
    case StateSumColumn::State: return Cell::named(sum.state);
    case StateSumColumn::Orders: return Cell::count(sum.orders);
    case StateSumColumn::Payable: return Cell::money(sum.payable);
    case StateSumColumn::Paid: return Cell::money(sum.paid);
    case StateSumColumn::Refunded: return Cell::money(sum.refunded);
    case StateSumColumn::Count: break;
    }
    return {};
}

RowIdentity StateSumsTable::identityOf(const StateSum& sum) const
{
    return {QStringLiteral("%1 %2").arg(sum.state, sum.payable.currency().code()), 0, 0};
}

KindTotalsTable::KindTotalsTable(QObject* parent)
    : ValueTable<KindTotal>({tr("Accounts"), tr("Number"), tr("Available"), tr("Frozen"), tr("Billed")}, parent)
{
}

Cell KindTotalsTable::cellOf(const KindTotal& total, int column) const
{
    switch (static_cast<KindTotalColumn>(column)) {
    case KindTotalColumn::Kind: return Cell::plain(stateLabel(toString(total.kind)));
    case KindTotalColumn::Accounts: return Cell::count(total.accounts);
    case KindTotalColumn::Available: return Cell::money(total.available);
    case KindTotalColumn::Frozen: return Cell::money(total.frozen);
    case KindTotalColumn::Billed: return Cell::money(total.billed);
    case KindTotalColumn::Count: break;
    }
    return {};
}

RowIdentity KindTotalsTable::identityOf(const KindTotal& total) const
{
    return {QStringLiteral("%1 %2").arg(toString(total.kind), total.available.currency().code()), 0, 0};
}

OpenCasesTable::OpenCasesTable(QObject* parent)
    : ValueTable<CaseRow>({tr("Severity"), tr("What"), tr("Order"), tr("Open since"), tr("Details")}, parent)
{
}

Cell OpenCasesTable::cellOf(const CaseRow& row, int column) const
{
    switch (static_cast<OpenCaseColumn>(column)) {
    case OpenCaseColumn::Severity: return Cell::named(toString(row.item.severity));
    case OpenCaseColumn::Kind: return Cell::plain(stateLabel(row.item.kind));
    case OpenCaseColumn::OrderNo: return Cell::id(row.orderNo);
    case OpenCaseColumn::OpenedAt: return Cell::at(row.item.openedAt);
    case OpenCaseColumn::Detail: return Cell::plain(row.item.detail);
    case OpenCaseColumn::Count: break;
    }
    return {};
}

RowIdentity OpenCasesTable::identityOf(const CaseRow& row) const
{
    return {row.item.id.toText(), row.item.id.value(), row.item.order.value()};
}

} // namespace counterfoil
