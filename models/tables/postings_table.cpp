// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/postings_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(PostingColumn::Count);

/// The three reads of postings by what they are asked with.
template<class Question>
PageSource sourceOf(const Question& question, Result<std::vector<PostingRow>> (*page)(Connection&, const Question&, const PageRequest&), Result<qint64> (*count)(Connection&, const Question&),
                    Result<qint64> (*countBefore)(Connection&, const Question&, RowKey))
{
    PageSource source;
    source.page = [question, page](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, page(connection, question, request));
        return pagedRows(std::move(rows), [](const PostingRow& row) { return RowKey{row.posting.entry.value(), row.posting.line}; });
    };
    source.count = [question, count](Connection& connection) { return count(connection, question); };
    source.countBefore = [question, countBefore](Connection& connection, RowKey key) { return countBefore(connection, question, key); };
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
    m_explains = false;
    setSource(sourceOf(filter, postingPage, postingCount, postingCountBefore));
}

void PostingsTable::explain(const BalanceSlice& slice)
{
    m_explains = true;
    setSource(sourceOf(slice, balancePage, balanceCount, balanceCountBefore));
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
    case PostingColumn::BalanceAfter: return m_explains ? tr("Sum so far") : tr("Balance");
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
