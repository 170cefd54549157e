// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/api_error.h"

#include "models/base/text.h"

#include <QRegularExpression>

namespace counterfoil {

namespace {

constexpr int messageLengthMax = 400;

QString messageOf(const Error& error)
{
    const int status = httpStatusOf(error.code);
    if (status == 503) {
        return QStringLiteral("The database can't take this at the moment and nothing was done; send the same request again.");
    }
    if (status >= 500) {
        return QStringLiteral("The request could not be carried out. What went wrong is in the worker's log.");
    }
    return visibleText(error.detail.isEmpty() ? toString(error.code) : error.detail, messageLengthMax);
}

} // namespace

int httpStatusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TooLarge:
        return 413;
    case ErrorCode::Unauthenticated:
        return 401;
    case ErrorCode::Forbidden:
        return 403;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::InProgress:
        return 409;
    case ErrorCode::SignatureInvalid:
    case ErrorCode::SignatureStale:
        return 400;
    case ErrorCode::ConstraintViolated:
        return 500;
    case ErrorCode::Cancelled:
        return 503;
    default:
        break;
    }
    // The codes stand in groups, see error.h.
    if (code < ErrorCode::Unauthenticated) {
        return 400;
    }
    if (code >= ErrorCode::AlreadyExistsDifferent && code <= ErrorCode::AmountConflict) {
        return 422;
    }
    return code >= ErrorCode::DatabaseUnavailable && code <= ErrorCode::LeaseLost ? 503 : 500;
}

QString fieldOf(const Error& error)
{
    static const QRegularExpression unknown(QStringLiteral("^(.+) is not a field here$"));
    static const QRegularExpression line(QStringLiteral("^line ([0-9]{1,3}): (sku|quantity)?"));
    static const QRegularExpression path(QStringLiteral(
        "^((?:order_no|amount|all|reason|buyer|currency|channel|placed_at|items|shipping|coupons|funding|wallet_part|payment_method|split_strategy)"
        "(?:\\[[0-9]+\\])?(?:\\.[a-z_]+)*)(?=[ :])"));
    if (const auto match = unknown.match(error.detail); error.code == ErrorCode::UnknownField && match.hasMatch()) {
        return match.captured(1);
    }
    if (const auto match = line.match(error.detail); match.hasMatch()) {
        const QString item = QStringLiteral("items[%1]").arg(match.captured(1).toInt() - 1);
        return match.captured(2).isEmpty() ? item : item + u'.' + match.captured(2);
    }
    return path.match(error.detail).captured(1);
}

QJsonObject errorDocument(const Error& error)
{
    QJsonObject body{{QStringLiteral("code"), toString(error.code)}, {QStringLiteral("message"), messageOf(error)}};
    if (const QString field = fieldOf(error); !field.isEmpty() && httpStatusOf(error.code) < 500) {
        body.insert(QStringLiteral("field"), field);
    }
    return {{QStringLiteral("error"), body}};
}

} // namespace counterfoil
