// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/postings_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(PostingColumn::Count);

PageSource sourceOf(const PostingFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, postingPage(connection, filter, request));
        return pagedRows(std::move(rows), [](const PostingRow& row) { return RowKey{row.posting.entry.value(), row.posting.line}; });
    };
    source.count = [filter](Connection& connection) { return postingCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return postingCountBefore(connection, filter, key); };
    source.before = [](RowKey a, RowKey b) { return a > b; };
    source.rowsStay = true;
    return source;
}

} // namespace

PostingsTable::PostingsTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent)
{
}

void PostingsTable::setFilter(const PostingFilter& filter)
{
    setSource(sourceOf(filter));
}

QVariant PostingsTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<PostingColumn>(section)) {
    case PostingColumn::At: return tr("Time");
    case PostingColumn::Kind: return tr("Entry");
    case PostingColumn::OrderNo: return tr("Order");
    case PostingColumn::Bucket: return tr("Bucket");
    case PostingColumn::Amount: return tr("Amount");
    case PostingColumn::BalanceAfter: return tr("Balance");
    case PostingColumn::Entry: return tr("Entry id");
    case PostingColumn::Count: break;
    }
    return {};
}

bool PostingsTable::isMoney(int column) const
{
    return column == static_cast<int>(PostingColumn::Amount) || column == static_cast<int>(PostingColumn::BalanceAfter);
}

Cell PostingsTable::cellOf(const PagedRow& row, int column) const
{
    const PostingRow& value = valueOf<PostingRow>(row);
    switch (static_cast<PostingColumn>(column)) {
    case PostingColumn::At: return Cell::at(value.at);
    case PostingColumn::Kind: return Cell::named(toString(value.kind));
    case PostingColumn::OrderNo: return Cell::id(value.orderNo);
    case PostingColumn::Bucket: return Cell::named(toString(value.posting.bucket));
    case PostingColumn::Amount: return Cell::money(value.posting.amount);
    case PostingColumn::BalanceAfter: return Cell::money(value.posting.balanceAfter);
    case PostingColumn::Entry: return Cell::id(value.posting.entry.toText());
    case PostingColumn::Count: break;
    }
    return {};
}

RowIdentity PostingsTable::identityOf(const PagedRow& row) const
{
    const PostingRow& value = valueOf<PostingRow>(row);
    return {value.posting.entry.toText(), value.posting.entry.value(), value.order.value()};
}

} // namespace counterfoil
