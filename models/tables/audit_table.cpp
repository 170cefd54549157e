// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/audit_table.h"

#include "models/domain/order.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(AuditColumn::Count);

PageSource sourceOf(const AuditFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, auditPage(connection, filter, request));
        return pagedRows(std::move(rows), [](const AuditEvent& row) { return RowKey{row.id.value(), 0}; });
    };
    source.count = [filter](Connection& connection) { return auditCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return auditCountBefore(connection, filter, key); };
    source.anchors = [filter](Connection& connection, std::optional<RowKey> after, int stride, int strides) {
        return auditAnchors(connection, filter, after, stride, strides);
    };
    source.before = [](RowKey a, RowKey b) { return a > b; };
    // Append-only; only the oldest of the newest leave a list that looks no further back.
    source.rowsStay = true;
    return source;
}

} // namespace

AuditTable::AuditTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent)
{
}

void AuditTable::setFilter(const AuditFilter& filter)
{
    setSource(sourceOf(filter));
}

QVariant AuditTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<AuditColumn>(section)) {
    case AuditColumn::At: return tr("Time");
    case AuditColumn::Actor: return tr("By");
    case AuditColumn::Action: return tr("Action");
    case AuditColumn::Subject: return tr("Subject");
    case AuditColumn::Before: return tr("Before");
    case AuditColumn::After: return tr("After");
    case AuditColumn::Reason: return tr("Reason");
    case AuditColumn::Id: return tr("Id");
    case AuditColumn::Count: break;
    }
    return {};
}

Cell AuditTable::cellOf(const PagedRow& row, int column) const
{
    const AuditEvent& event = valueOf<AuditEvent>(row);
    switch (static_cast<AuditColumn>(column)) {
    case AuditColumn::At: return Cell::at(event.at);
    case AuditColumn::Actor: return Cell::plain(event.actor);
    case AuditColumn::Action: return Cell::plain(event.action);
    case AuditColumn::Subject: return Cell::id(event.subject);
    case AuditColumn::Before: return Cell::plain(event.before);
    case AuditColumn::After: return Cell::plain(event.after);
    case AuditColumn::Reason: return Cell::plain(event.reason);
    case AuditColumn::Id: return Cell::id(event.id.toText());
    case AuditColumn::Count: break;
    }
    return {};
}

RowIdentity AuditTable::identityOf(const PagedRow& row) const
{
    const AuditEvent& event = valueOf<AuditEvent>(row);
    const auto order = OrderId::parse(event.subject);
    return {event.id.toText(), event.id.value(), order ? order->value() : 0};
}

} // namespace counterfoil
