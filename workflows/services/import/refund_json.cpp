// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/refund_json.h"

#include "models/base/json.h"
#include "workflows/services/import/order_json.h"

#include <QJsonArray>

#include <limits>

namespace counterfoil {

namespace {

constexpr int reasonLengthMax = 400;
constexpr qsizetype itemsMax = 200;

Result<std::vector<RefundLine>> readLines(const JsonReader& root)
{
    CF_ASSIGN(const QJsonArray array, root.array("items"));
    if (array.isEmpty() || array.size() > itemsMax) {
        return fail(array.isEmpty() ? ErrorCode::MissingField : ErrorCode::TooLarge, QStringLiteral("items must hold 1 to %1 lines").arg(itemsMax));
    }
    std::vector<RefundLine> lines;
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString path = QStringLiteral("items[%1]").arg(i);
        if (!array.at(i).isObject()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be an object").arg(path));
        }
        const JsonReader item(array.at(i).toObject(), path);
        CF_TRY(item.onlyFields({"line", "quantity"}));
        CF_ASSIGN(const qint64 line, item.integer("line"));
        CF_ASSIGN(const qint64 quantity, item.integer("quantity"));
        if (line < 1 || line > std::numeric_limits<int>::max()) {
            return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("%1 must be the number of a line, from 1").arg(item.pathOf("line")));
        }
        lines.push_back({static_cast<int>(line), quantity});
    }
    return lines;
}

} // namespace

Result<RefundDocument> parseRefundRequest(const QJsonObject& json)
{
    const JsonReader root(json);
    CF_TRY(root.onlyFields({"amount", "items", "all", "reason"}));
    const int named = (root.has("amount") ? 1 : 0) + (root.has("items") ? 1 : 0) + (root.has("all") ? 1 : 0);
    if (named != 1) {
        return fail(named == 0 ? ErrorCode::MissingField : ErrorCode::MalformedInput, QStringLiteral("a refund names one of amount, items and all"));
    }
    RefundDocument document;
    CF_ASSIGN(document.reason, root.optionalText("reason", reasonLengthMax));
    if (root.has("amount")) {
        CF_ASSIGN(document.wanted.amount, readMoney(root, "amount"));
    } else if (root.has("items")) {
        CF_ASSIGN(document.wanted.lines, readLines(root));
    } else {
        CF_ASSIGN(const bool all, root.boolean("all", false));
        if (!all) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("all can only be true"));
        }
    }
    CF_TRY(validate(document.wanted));
    return document;
}

} // namespace counterfoil
