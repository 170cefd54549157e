// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/change_words.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

/// What is due within this time of its preview is due at once.
constexpr Duration soon = Duration::minutes(1);

QString tr(const char* text)
{
    return QCoreApplication::translate("ChangeWords", text);
}

Currency currencyOf(const RowChange& row)
{
    const ColumnChange* column = row.find(u"currency");
    return column ? Currency::parse(column->after).value_or(Currency()) : Currency();
}

QString wordAt(const RowChange& row, QStringView column)
{
    const ColumnChange* found = row.find(column);
    return found ? stateLabel(found->after) : QString();
}

/// A changed column as a line; nothing for one that stays.
void addColumn(ChangeWords& words, const RowChange& row, QStringView column, const QString& what)
{
    const ColumnChange* found = row.find(column);
    if (!found || (!row.isNew && found->before == found->after)) {
        return;
    }
    if (found->kind == ColumnChange::Kind::Money) {
        const Currency currency = currencyOf(row);
        const Money before(found->before.toLongLong(), currency);
        const Money after(found->after.toLongLong(), currency);
        if (row.isNew && after.isZero()) {
            return;
        }
        ChangeLine line{what, {}, {}};
        if (!row.isNew) {
            line.amountBefore = before;
        }
        line.amountAfter = after;
        if (const auto difference = after.minus(before)) {
            line.difference = *difference;
        }
        words.lines.push_back(line);
    } else if (found->kind == ColumnChange::Kind::Time) {
        words.lines.push_back({what, formatDateTime(UtcTime(found->before.toLongLong())), formatDateTime(UtcTime(found->after.toLongLong()))});
    } else {
        words.lines.push_back({what, row.isNew ? QString() : stateLabel(found->before), stateLabel(found->after)});
    }
}

void addAccount(ChangeWords& words, const CommandView& view, const RowChange& row)
{
    const QString owner = view.accountOwners.value(row.key);
    const QString name = owner.isEmpty() ? wordAt(row, u"kind") : QStringLiteral("%1 · %2").arg(owner, wordAt(row, u"kind"));
    addColumn(words, row, u"available", tr("%1: available").arg(name));
    addColumn(words, row, u"frozen", tr("%1: frozen").arg(name));
    addColumn(words, row, u"billed", tr("%1: billed").arg(name));
}

bool addRow(ChangeWords& words, const CommandView& view, const RowChange& row)
{
    if (row.table == u"account") {
        addAccount(words, view, row);
    } else if (row.table == u"orders") {
        addColumn(words, row, u"state", tr("Order"));
        addColumn(words, row, u"paid", tr("Order: paid"));
        addColumn(words, row, u"refunded", tr("Order: refunded"));
    } else if (row.table == u"payment_transaction") {
        addColumn(words, row, row.isNew ? u"amount" : u"status", row.isNew ? tr("New %1").arg(wordAt(row, u"kind").toLower()) : wordAt(row, u"kind"));
    } else if (row.table == u"hold") {
        const ColumnChange* reason = row.find(u"reason");
        const bool byHand = reason && reason->after == u"manual";
        addColumn(words, row, u"remaining", byHand ? tr("Held by hand") : tr("Held for %1").arg(wordAt(row, u"reason").toLower()));
    } else if (row.table == u"stock") {
        addColumn(words, row, u"on_hand", tr("Stock: on hand"));
        addColumn(words, row, u"frozen", tr("Stock: reserved"));
    } else if (row.table == u"gateway_exchange" && row.isNew) {
        addColumn(words, row, u"amount", tr("To be sent to the gateway: %1").arg(wordAt(row, u"operation").toLower()));
    } else if (row.table == u"job") {
        const QString kind = wordAt(row, u"kind");
        const ColumnChange* stored = row.find(u"kind");
        if (row.isNew && stored && stored->after == u"gateway_send") {
            // What is sent says it already.
            return false;
        }
        if (!row.isNew) {
            addColumn(words, row, u"due_at", tr("Due: %1").arg(kind.toLower()));
            return true;
        }
        const ColumnChange* due = row.find(u"due_at");
        const UtcTime at(due ? due->after.toLongLong() : 0);
        words.lines.push_back({tr("To be done: %1").arg(kind.toLower()), {}, at > view.command.previewedAt + soon ? formatDateTime(at) : tr("as soon as possible")});
    } else if (row.table == u"intervention_case") {
        addColumn(words, row, u"state", row.isNew ? tr("New case") : tr("Case"));
    } else if (row.table == u"gateway_callback") {
        addColumn(words, row, u"state", tr("Callback"));
    } else {
        return false;
    }
    return true;
}

} // namespace

ChangeWords wordsOf(const CommandView& view)
{
    ChangeWords words;
    // What people ask about first: balances, then the order, then the rest in the order in which it is written.
    const auto addTable = [&](QStringView table) {
        for (const RowChange& row : view.changes.rows) {
            if (row.table == table) {
                addRow(words, view, row);
            }
        }
    };
    addTable(u"account");
    addTable(u"orders");
    for (const RowChange& row : view.changes.rows) {
        if (row.table != u"account" && row.table != u"orders" && !addRow(words, view, row)) {
            ++words.bookkeeping;
        }
    }
    return words;
}

QString commandWords(const OperatorCommand& command)
{
    const QString kind = stateLabel(toString(command.kind));
    return command.amount.isZero() ? kind : QStringLiteral("%1 %2").arg(kind, formatMoneyWithCode(command.amount));
}

QString nextStepWords(const CommandView& view)
{
    const OperatorCommand& command = view.command;
    const int missing = command.approvalsNeeded - static_cast<int>(view.approvals.size());
    switch (command.status) {
    case CommandStatus::Requested: return tr("The worker works out what would happen. Nothing is changed yet.");
    case CommandStatus::Previewed:
        return command.approvalsNeeded == 0 ? tr("Nothing is changed yet. Filed, it is carried out at once; nobody has to approve it.")
                                            : command.approvalsNeeded == 1 ? tr("Nothing is changed yet. Filed, it waits until somebody else approves it.")
            : tr("Nothing is changed yet. Filed, it waits until %1 others approve it.").arg(command.approvalsNeeded);
    case CommandStatus::AwaitingApproval: return missing == 1 ? tr("Waits for one more approval. Nothing is changed yet.") : tr("Waits for %1 more approvals. Nothing is changed yet.").arg(missing);
    case CommandStatus::Queued: return tr("The worker carries it out next.");
    case CommandStatus::Refused: return tr("It can't be done, and nothing was changed: %1").arg(command.result);
    case CommandStatus::Done: return tr("Carried out %1.").arg(formatDateTime(command.finishedAt));
    case CommandStatus::Failed: return tr("It could not be carried out, and nothing was changed: %1").arg(command.result);
    case CommandStatus::Stale: return tr("Something has changed since the preview. Nothing was done; ask for it anew.");
    case CommandStatus::Rejected: return tr("%1 said no: %2").arg(command.decidedBy, command.decisionNote);
    case CommandStatus::Withdrawn: return tr("Taken back by who asked for it. Nothing was changed.");
    }
    assertionFailed("a command of no status");
}

ChangeTable::ChangeTable(QObject* parent) : ValueTable({tr("What"), tr("Before"), tr("After"), tr("Difference")}, parent) {}

Cell ChangeTable::cellOf(const ChangeLine& line, int column) const
{
    switch (column) {
    case 0: return Cell::plain(line.what);
    case 1: return line.amountBefore ? Cell::money(*line.amountBefore) : Cell::plain(line.before);
    case 2: return line.amountAfter ? Cell::money(*line.amountAfter) : Cell::plain(line.after);
    default: return line.difference ? Cell::money(*line.difference) : Cell();
    }
}

RowIdentity ChangeTable::identityOf(const ChangeLine& line) const
{
    return {line.what, 0, 0};
}

} // namespace counterfoil
