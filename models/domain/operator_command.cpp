// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/operator_command.h"

#include "models/base/json.h"

#include <QJsonArray>
#include <QJsonObject>

namespace counterfoil {

bool isFinal(CommandStatus status)
{
    switch (status) {
    case CommandStatus::Requested:
    case CommandStatus::Previewed:
    case CommandStatus::AwaitingApproval:
    case CommandStatus::Queued:
        return false;
    case CommandStatus::Refused:
    case CommandStatus::Done:
    case CommandStatus::Failed:
    case CommandStatus::Stale:
    case CommandStatus::Rejected:
    case CommandStatus::Withdrawn:
        return true;
    }
    assertionFailed("a command of no status");
}

QString toJsonText(const CommandArguments& arguments)
{
    QJsonObject json;
    const auto put = [&json](const char* name, const QString& text) {
        if (!text.isEmpty()) {
            json.insert(QLatin1String(name), text);
        }
    };
    if (arguments.refund.amount) {
        put("refund_amount", QString::number(arguments.refund.amount->minor()));
    }
    QJsonArray lines;
    for (const RefundLine& line : arguments.refund.lines) {
        lines.append(QJsonObject{{QStringLiteral("line"), line.line}, {QStringLiteral("quantity"), line.quantity}});
    }
    if (!lines.isEmpty()) {
        json.insert(QStringLiteral("refund_lines"), lines);
    }
    put("counter_account", arguments.counterAccount);
    put("gateway_ref", arguments.gatewayRef);
    put("evidence", arguments.evidence);
    if (!arguments.until.isNone()) {
        put("until", QString::number(arguments.until.micros()));
    }
    return QString::fromUtf8(toJson(json));
}

Result<CommandArguments> parseCommandArguments(const QString& text, Currency currency)
{
    CF_ASSIGN(const QJsonObject object, parseJsonObject(text.toUtf8()));
    const JsonReader json(object);
    CF_TRY(json.onlyFields({"refund_amount", "refund_lines", "counter_account", "gateway_ref", "evidence", "until"}));
    CommandArguments arguments;
    if (json.has("refund_amount")) {
        CF_ASSIGN(arguments.refund.amount, json.money("refund_amount", currency));
    }
    if (json.has("refund_lines")) {
        CF_ASSIGN(const QJsonArray lines, json.array("refund_lines"));
        for (const QJsonValue& each : lines) {
            const JsonReader line(each.toObject(), QStringLiteral("refund_lines"));
            CF_ASSIGN(const qint64 number, line.integer("line"));
            CF_ASSIGN(const qint64 quantity, line.integer("quantity"));
            arguments.refund.lines.push_back({static_cast<int>(number), quantity});
        }
    }
    CF_ASSIGN(arguments.counterAccount, json.optionalText("counter_account"));
    CF_ASSIGN(arguments.gatewayRef, json.optionalText("gateway_ref"));
    CF_ASSIGN(arguments.evidence, json.optionalText("evidence", 2000));
    if (json.has("until")) {
        CF_ASSIGN(const QString until, json.text("until"));
        bool isNumber = false;
        arguments.until = UtcTime(until.toLongLong(&isNumber));
        if (!isNumber || arguments.until.isNone()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("until: no time"));
        }
    }
    return arguments;
}

QString OperatorCommand::subjectKey() const
{
    // Everything about one order, and else everything about one thing.
    return order.isNone() ? QString::number(subject) : order.toText();
}

int CommandPolicy::approvalsFor(const Money& amount) const
{
    const auto reaches = [&amount](const std::optional<qint64>& from) { return from && std::abs(amount.minor()) >= *from; };
    return reaches(twoFrom) ? 2 : reaches(oneFrom) ? 1 : 0;
}

} // namespace counterfoil
