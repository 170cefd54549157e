// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QStringList>
#include <QXmlStreamAttributes>

#include <optional>

namespace counterfoil {

inline constexpr const char* scxmlNamespace = "http://www.w3.org/2005/07/scxml";
inline constexpr const char* workflowNamespace = "urn:counterfoil:workflow:1";

/// The attributes of one element, taken one by one; what is left at the end is refused, unless it is of a foreign namespace.
/// All errors: WorkflowInvalid, without a line (the reader adds it).
class ScxmlAttributes {
public:
    explicit ScxmlAttributes(QXmlStreamAttributes attributes);

    /// An attribute without a namespace.
    std::optional<QString> take(const char* name);
    /// An attribute of the workflow namespace (`cf:`).
    std::optional<QString> takeOurs(const char* name);
    /// As take(), but it must be there and not be empty.
    Result<QString> need(const char* name);
    /// As take(), but it must be there with exactly this value; `reason` tells why.
    Result<void> needValue(const char* name, QLatin1String value, const char* reason);

    /// Refuses an attribute that is known, but outside the profile.
    Result<void> refuse(const char* name, const char* reason) const;
    /// Refuses whatever was not taken.
    Result<void> finish() const;

private:
    std::optional<QString> take(QLatin1String uri, const char* name);
    QXmlStreamAttributes m_attributes;
};

/// `900s` or `1500ms`: whole numbers only, at most ten years. In milliseconds. Errors: WorkflowInvalid.
Result<qint64> parseDelay(const QString& text);

/// `true` or `false`. Errors: WorkflowInvalid.
Result<bool> parseYesNo(const QString& text);

/// A count from 1 to a million. Errors: WorkflowInvalid.
Result<int> parseCount(const QString& text);

/// `#rrggbb`. Errors: WorkflowInvalid.
Result<QString> parseColour(const QString& text);

/// Names separated by spaces, none twice. Errors: WorkflowInvalid.
Result<QStringList> parseNames(const QString& text);

} // namespace counterfoil
