// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/refund.h"

#include "models/base/text.h"

#include <QStringList>

#include <set>

namespace counterfoil {

Result<void> validate(const RefundRequest& request)
{
    if (request.amount && !request.lines.empty()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("a refund names an amount or lines, not both"));
    }
    if (request.amount && !request.amount->isPositive()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a refund of %1").arg(request.amount->toText()));
    }
    std::set<int> met;
    for (const RefundLine& line : request.lines) {
        if (line.quantity <= 0) {
            return fail(ErrorCode::QuantityOutOfRange, QStringLiteral("line %1: %2 of it").arg(line.line).arg(line.quantity));
        }
        if (!met.insert(line.line).second) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("line %1 is named twice").arg(line.line));
        }
    }
    return {};
}

QString contentHash(OrderId order, const RefundRequest& request, const QString& reason)
{
    QStringList parts{order.toText(), request.amount ? request.amount->toText() : QStringLiteral("-")};
    for (const RefundLine& line : request.lines) {
        parts << QStringLiteral("%1x%2").arg(line.quantity).arg(line.line);
    }
    // Last, since it may hold anything.
    parts << reason;
    return sha256Hex(parts.join(u'\n').toUtf8());
}

} // namespace counterfoil
