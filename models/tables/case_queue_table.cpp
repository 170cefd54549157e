// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/case_queue_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(CaseQueueColumn::Count);

PageSource sourceOf(const CaseFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, casePage(connection, filter, request));
        return pagedRows(std::move(rows), [](const CaseRow& row) { return caseKey(row.item); });
    };
    source.count = [filter](Connection& connection) { return caseCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return caseCountBefore(connection, filter, key); };
    source.before = [](RowKey a, RowKey b) { return a < b; };
    return source;
}

} // namespace

CaseQueueTable::CaseQueueTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent) {}

void CaseQueueTable::setFilter(const CaseFilter& filter)
{
    m_filter = filter;
    setSource(sourceOf(filter));
}

QVariant CaseQueueTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<CaseQueueColumn>(section)) {
    case CaseQueueColumn::Severity: return tr("Severity");
    case CaseQueueColumn::Kind: return tr("Cause");
    case CaseQueueColumn::OrderNo: return tr("Order");
    case CaseQueueColumn::Detail: return tr("What happened");
    case CaseQueueColumn::Amount: return tr("At stake");
    case CaseQueueColumn::DueAt: return tr("Due");
    case CaseQueueColumn::OpenedAt: return tr("Opened");
    case CaseQueueColumn::Owner: return tr("Works on it");
    case CaseQueueColumn::Id: return tr("Id");
    case CaseQueueColumn::Count: break;
    }
    return {};
}

CaseId CaseQueueTable::caseAt(int row) const
{
    const PagedRowPtr value = row >= 0 && row < rowCount() ? rowAt(row) : nullptr;
    return value ? valueOf<CaseRow>(*value).item.id : CaseId();
}

bool CaseQueueTable::isMoney(int column) const
{
    return column == static_cast<int>(CaseQueueColumn::Amount);
}

Cell CaseQueueTable::cellOf(const PagedRow& row, int column) const
{
    const CaseRow& value = valueOf<CaseRow>(row);
    const InterventionCase& item = value.item;
    switch (static_cast<CaseQueueColumn>(column)) {
    case CaseQueueColumn::Severity: return Cell::named(toString(item.severity));
    case CaseQueueColumn::Kind: return Cell::plain(stateLabel(item.kind));
    case CaseQueueColumn::OrderNo: return Cell::id(value.orderNo);
    case CaseQueueColumn::Detail: return Cell::plain(item.detail);
    case CaseQueueColumn::Amount: return item.amount.isZero() ? Cell() : Cell::money(item.amount);
    case CaseQueueColumn::DueAt: return Cell::at(item.dueAt);
    case CaseQueueColumn::OpenedAt: return Cell::at(item.openedAt);
    case CaseQueueColumn::Owner: return Cell::plain(item.owner);
    case CaseQueueColumn::Id: return Cell::id(item.id.toText());
    case CaseQueueColumn::Count: break;
    }
    return {};
}

RowIdentity CaseQueueTable::identityOf(const PagedRow& row) const
{
    const InterventionCase& item = valueOf<CaseRow>(row).item;
    return {item.id.toText(), item.id.value(), item.order.value()};
}

} // namespace counterfoil
