// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QJsonObject>

#include <expected>

namespace counterfoil {

/// An error as Stripe answers it: `{"error": {"type", "code", "message", "param", …}}`.
struct SandboxError {
    int status = 400;
    QJsonObject error;
    /// Execution had begun, so that the answer is kept under the idempotency key; validation failures aren't.
    bool isStored = false;

    QJsonObject toJson() const { return QJsonObject{{QStringLiteral("error"), error}}; }
};

template<class T>
using SandboxResult = std::expected<T, SandboxError>;

inline std::unexpected<SandboxError> refuse(const char* code, const QString& message, const QString& param = {})
{
    QJsonObject error{{QStringLiteral("type"), QStringLiteral("invalid_request_error")}, {QStringLiteral("message"), message}};
    if (*code != '\0') {
        error.insert(QStringLiteral("code"), QLatin1StringView(code));
    }
    if (!param.isEmpty()) {
        error.insert(QStringLiteral("param"), param);
    }
    return std::unexpected(SandboxError{400, error, false});
}

/// No such object: 404 if it was named by the path, 400 if by a parameter.
inline std::unexpected<SandboxError> noSuch(const char* kind, const QString& id, const QString& param, int status)
{
    auto result = refuse("resource_missing", QStringLiteral("No such %1: '%2'").arg(QLatin1StringView(kind), id), param);
    result.error().status = status;
    return result;
}

} // namespace counterfoil

/// As CF_ASSIGN and CF_TRY, for SandboxResult.
#define SANDBOX_ASSIGN(variable, expression)                                                                           \
    auto CF_JOIN(given, __LINE__) = (expression);                                                                      \
    if (!CF_JOIN(given, __LINE__)) {                                                                                   \
        return std::unexpected(CF_JOIN(given, __LINE__).error());                                                      \
    }                                                                                                                  \
    variable = std::move(*CF_JOIN(given, __LINE__))
#define SANDBOX_TRY(expression)                                                                                        \
    if (auto given = (expression); !given) {                                                                           \
        return std::unexpected(given.error());                                                                         \
    }
