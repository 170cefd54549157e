// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/command_reads.h"

#include "models/store/operator_tables.h"

namespace counterfoil {

namespace {

struct Selection {
    QString condition;
    QVariantList values;
};

Selection selectionOf(const CommandListing& listing)
{
    switch (listing.kind) {
    case CommandListing::Kind::WaitingForOthers:
        return {QStringLiteral("WHERE status = 'awaiting_approval' AND requested_by <> ? "
                               "AND NOT EXISTS (SELECT 1 FROM command_approval p WHERE p.command_id = operator_command.id AND p.approver = ?) ORDER BY filed_at, id LIMIT ?"),
                {listing.login, listing.login}};
    case CommandListing::Kind::MadeBy:
        return {QStringLiteral("WHERE requested_by = ? ORDER BY id DESC LIMIT ?"), {listing.login}};
    case CommandListing::Kind::OfOrder:
        return {QStringLiteral("WHERE order_id = ? ORDER BY id DESC LIMIT ?"), {bound(listing.order)}};
    case CommandListing::Kind::OfCase:
        return {QStringLiteral("WHERE case_id = ? ORDER BY id DESC LIMIT ?"), {bound(listing.intervention)}};
    }
    assertionFailed("a listing of no kind");
}

Result<QString> orderNumber(Connection& connection, OrderId order)
{
    QString number;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT order_no FROM orders WHERE id = ?"), {bound(order)}, [&number](const Row& row) -> Result<void> {
        number = row.text(0);
        return {};
    }));
    return number;
}

Result<QMap<QString, QString>> ownersOf(Connection& connection, const ChangeSet& changes)
{
    std::vector<qint64> ids;
    for (const RowChange& row : changes.rows) {
        if (row.table == u"account" && !row.isNew) {
            ids.push_back(row.key.toLongLong());
        }
    }
    QMap<QString, QString> owners;
    StatementBatch batch(connection);
    batch.queryOf(QStringLiteral("SELECT a.id, coalesce(c.name, m.name, '') FROM account a LEFT JOIN customer c ON a.owner_kind = 'customer' AND c.id = a.owner_id "
                                 "LEFT JOIN merchant m ON a.owner_kind = 'merchant' AND m.id = a.owner_id WHERE a.id {ids}"),
                  ids, [&owners](const Row& row) -> Result<void> {
                      owners.insert(QString::number(row.integer(0)), row.text(1));
                      return {};
                  });
    CF_TRY(batch.finish());
    return owners;
}

} // namespace

Result<CommandView> commandView(Connection& connection, CommandId id)
{
    CF_ASSIGN(std::vector<OperatorCommand> found, selectRows<OperatorCommand>(connection, QStringLiteral("WHERE id = ?"), {bound(id)}));
    if (found.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no command %1").arg(id.toText()));
    }
    CommandView view;
    view.command = std::move(found.front());
    CF_ASSIGN(view.approvals, selectRows<CommandApproval>(connection, QStringLiteral("WHERE command_id = ? ORDER BY level"), {bound(id)}));
    if (!view.command.order.isNone()) {
        CF_ASSIGN(view.orderNo, orderNumber(connection, view.command.order));
    }
    if (!view.command.preview.isEmpty()) {
        CF_ASSIGN(view.changes, parseChangeSet(view.command.preview));
        CF_ASSIGN(view.accountOwners, ownersOf(connection, view.changes));
    }
    return view;
}

Result<std::vector<CommandRow>> commandRows(Connection& connection, const CommandListing& listing, int limit)
{
    const Selection selection = selectionOf(listing);
    CF_ASSIGN(std::vector<OperatorCommand> found, selectRows<OperatorCommand>(connection, selection.condition, selection.values + QVariantList{bound(limit)}));
    std::vector<CommandRow> rows;
    for (OperatorCommand& command : found) {
        CommandRow& row = rows.emplace_back();
        row.command = std::move(command);
        row.command.preview.clear();
        if (!row.command.order.isNone()) {
            CF_ASSIGN(row.orderNo, orderNumber(connection, row.command.order));
        }
        CF_TRY(connection.queryAll(QStringLiteral("SELECT count(*) FROM command_approval WHERE command_id = ?"), {bound(row.command.id)}, [&row](const Row& count) -> Result<void> {
            row.approvals = static_cast<int>(count.integer(0));
            return {};
        }));
    }
    return rows;
}

} // namespace counterfoil
