// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/database_access.h"
#include "app/common/order_document.h"
#include "models/base/json.h"
#include "models/base/text.h"

#include <QTextStream>

namespace counterfoil {

namespace {

QString shown(const QString& text)
{
    return visibleText(text, 120);
}

void printHead(QTextStream& out, const OrderDetail& detail)
{
    const Order& order = detail.order;
    out << order.id.toText() << "  " << shown(order.orderNo) << "  " << shown(order.state) << " since " << order.stateSince.toIso() << '\n';
    out << "buyer     " << shown(detail.customer.name) << " (" << shown(detail.customer.externalRef) << ")\n";
    out << "placed    " << order.placedAt.toIso() << (order.channel.isEmpty() ? QString() : QStringLiteral(" by ") + shown(order.channel)) << '\n';
    out << "payable   " << order.payable.toText() << " = goods " << order.goods.toDecimal() << " - discount " << order.discount.toDecimal() << " + shipping " << order.shipping.toDecimal()
        << '\n';
    out << "paid      " << order.paid.toText() << "; wallet part " << order.walletPart.toDecimal() << ", gateway part " << order.gatewayPart.toDecimal() << ", refunded "
        << order.refunded.toDecimal() << '\n';
    out << "held      " << detail.held().toText() << '\n';
}

void printParts(QTextStream& out, const OrderDetail& detail)
{
    for (const OrderItem& item : detail.items) {
        out << "item      " << item.quantity << " x " << shown(item.skuCode) << "  " << shown(item.productName) << "  " << item.amount.toText() << '\n';
    }
    for (const TransactionView& view : detail.transactions) {
        const PaymentTransaction& transaction = view.transaction;
        out << toString(transaction.kind).leftJustified(10) << transaction.id.toText() << "  " << toString(transaction.status) << "  " << transaction.amount.toText()
            << (transaction.gatewayRef.isEmpty() ? QString() : QStringLiteral("  ") + shown(transaction.gatewayRef));
        if (transaction.kind == TransactionKind::Refund) {
            out << "  wallet part " << transaction.walletPart.toDecimal() << ", gateway part " << transaction.gatewayPart.toDecimal();
        }
        out << '\n';
    }
    for (const TccView& view : detail.tcc) {
        out << "tcc       " << view.transaction.gid.toText() << "  " << toString(view.transaction.decision) << '\n';
    }
    for (const OrderEvent& event : detail.events) {
        out << "event     " << event.at.toIso() << "  " << shown(event.event) << "  " << (event.fromState.isEmpty() ? QStringLiteral("-") : shown(event.fromState)) << " -> "
            << shown(event.toState) << (event.outcome == EventOutcome::NotAccepted ? " (not accepted)" : "") << "  by " << shown(event.actor) << '\n';
    }
    for (const Job& job : detail.jobs) {
        if (job.state != JobState::Done && job.state != JobState::Cancelled) {
            out << "job       " << toString(job.kind) << "  " << toString(job.state) << "  due " << job.dueAt.toIso() << (job.lastError.isEmpty() ? QString() : QStringLiteral("  ") + shown(job.lastError))
                << '\n';
        }
    }
    for (const InterventionCase& open : detail.cases) {
        out << "case      " << open.id.toText() << "  " << shown(open.kind) << "  " << toString(open.state) << "  " << shown(open.detail) << '\n';
    }
}

} // namespace

int runOrderShow(const QStringList& arguments)
{
    CommandLine line(QStringLiteral("counterfoilctl order show"), QStringLiteral("Shows everything about one order."));
    line.addDatabaseOption();
    line.parser().addOption({QStringLiteral("json"), QStringLiteral("Prints it as one JSON object, as the HTTP interface gives it.")});
    line.parser().addPositionalArgument(QStringLiteral("ORDER"), QStringLiteral("Its id (ord_...) or its number."));
    if (const auto end = line.read(arguments, true)) {
        return static_cast<int>(*end);
    }
    const QStringList given = line.parser().positionalArguments();
    if (given.size() != 1) {
        return misused(line, QStringLiteral("one ORDER is needed"));
    }
    const QString notDone = QStringLiteral("nothing was shown");
    const auto access = openDatabase(line, AccessMode::Read, SystemClock());
    if (!access) {
        return unusable(line, access.error(), notDone);
    }
    const auto detail = orderByReference(*access->connection, given.first());
    if (!detail) {
        return failed(line, detail.error(), notDone);
    }
    QTextStream out(stdout);
    if (line.isSet("json")) {
        out << QString::fromUtf8(toJson(orderDocument(*detail))) << '\n';
    } else {
        printHead(out, *detail);
        printParts(out, *detail);
    }
    return static_cast<int>(ExitCode::Done);
}

} // namespace counterfoil
