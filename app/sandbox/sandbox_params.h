// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_error.h"

#include <optional>

namespace counterfoil {

/// Reads the parameters of one call and refuses with Stripe's codes and words: parameter_missing,
/// parameter_invalid_integer, parameter_invalid_empty, parameter_unknown.
class SandboxParams {
public:
    explicit SandboxParams(QJsonObject params) : m_params(std::move(params)) {}

    const QJsonObject& json() const { return m_params; }
    bool has(const char* name) const { return m_params.contains(QLatin1StringView(name)); }
    /// Empty if it isn't there.
    SandboxResult<QString> text(const char* name, qsizetype lengthMax = 5000) const;
    SandboxResult<QString> requiredText(const char* name) const;
    SandboxResult<QString> oneOf(const char* name, const QStringList& allowed, const QString& fallback) const;
    SandboxResult<bool> flag(const char* name) const;
    /// A whole number of at least `minimum`.
    SandboxResult<std::optional<qint64>> integer(const char* name, qint64 minimum) const;
    /// A currency the sandbox knows, in lower case.
    SandboxResult<QString> currency() const;
    /// `old` with the given keys set, or removed where the value is empty.
    SandboxResult<QJsonObject> metadata(const QJsonObject& old) const;
    QStringList list(const char* name) const;
    QJsonObject object(const char* name) const { return m_params.value(QLatin1StringView(name)).toObject(); }

    /// `expand` is always allowed.
    SandboxResult<void> only(std::initializer_list<const char*> known) const;

private:
    QJsonObject m_params;
};

} // namespace counterfoil
