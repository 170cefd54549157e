// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/accounts_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(AccountColumn::Count);

PageSource sourceOf(const AccountFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, accountPage(connection, filter, request));
        return pagedRows(std::move(rows), [](const AccountRow& row) { return RowKey{row.account.id.value(), 0}; });
    };
    source.count = [filter](Connection& connection) { return accountCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return accountCountBefore(connection, filter, key); };
    source.before = [](RowKey a, RowKey b) { return a < b; };
    source.rowsStay = true;
    return source;
}

} // namespace

AccountsTable::AccountsTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent)
{
}

void AccountsTable::setFilter(const AccountFilter& filter)
{
    m_filter = filter;
    setSource(sourceOf(filter));
}

QVariant AccountsTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<AccountColumn>(section)) {
    case AccountColumn::Owner: return tr("Owner");
    case AccountColumn::Kind: return tr("Kind");
    case AccountColumn::Available: return tr("Available");
    case AccountColumn::Frozen: return tr("Frozen");
    case AccountColumn::Total: return tr("Total");
    case AccountColumn::Billed: return tr("Billed");
    case AccountColumn::Currency: return tr("Currency");
    case AccountColumn::Status: return tr("Status");
    case AccountColumn::Id: return tr("Id");
    case AccountColumn::Count: break;
    }
    return {};
}

AccountId AccountsTable::accountAt(int row) const
{
    const PagedRowPtr value = row >= 0 && row < rowCount() ? rowAt(row) : nullptr;
    return value ? valueOf<AccountRow>(*value).account.id : AccountId();
}

bool AccountsTable::isMoney(int column) const
{
    return column == static_cast<int>(AccountColumn::Available) || column == static_cast<int>(AccountColumn::Frozen) || column == static_cast<int>(AccountColumn::Total) || column == static_cast<int>(AccountColumn::Billed);
}

Cell AccountsTable::cellOf(const PagedRow& row, int column) const
{
    const AccountRow& value = valueOf<AccountRow>(row);
    const Account& account = value.account;
    switch (static_cast<AccountColumn>(column)) {
    case AccountColumn::Owner: return Cell::plain(account.ownerKind == OwnerKind::System ? tr("Platform") : value.ownerName);
    case AccountColumn::Kind: return Cell::named(toString(account.kind));
    case AccountColumn::Available: return Cell::money(account.available);
    case AccountColumn::Frozen: return Cell::money(account.frozen);
    case AccountColumn::Total: return Cell::money(value.total());
    case AccountColumn::Billed: return Cell::money(account.billed);
    case AccountColumn::Currency: return Cell::plain(account.currency.code());
    case AccountColumn::Status: return Cell::named(toString(account.status));
    case AccountColumn::Id: return Cell::id(account.id.toText());
    case AccountColumn::Count: break;
    }
    return {};
}

RowIdentity AccountsTable::identityOf(const PagedRow& row) const
{
    const AccountId id = valueOf<AccountRow>(row).account.id;
    return {id.toText(), id.value(), 0};
}

} // namespace counterfoil
