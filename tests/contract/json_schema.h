// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QStringList>

namespace counterfoil {

/// Checks values against the part of JSON Schema 2020-12 that openapi.json uses. A keyword it doesn't know is a violation, so that
/// nothing of a schema goes unchecked unnoticed.
class JsonSchema {
public:
    /// `document` is what `$ref: "#/…"` points into.
    explicit JsonSchema(QJsonObject document) : m_document(std::move(document)) {}

    /// What is wrong, each with the path of the value; empty if it fits.
    QStringList violations(const QJsonValue& value, const QJsonObject& schema, const QString& path = QStringLiteral("$")) const;

    /// Follows `$ref`s as long as there are any.
    QJsonObject resolved(QJsonObject schema) const;

private:
    QStringList check(const QString& keyword, const QJsonValue& value, const QJsonObject& schema, const QString& path) const;
    QStringList checkObject(const QString& keyword, const QJsonObject& object, const QJsonObject& schema, const QString& path) const;
    QStringList checkItems(const QJsonArray& array, const QJsonObject& schema, const QString& path) const;

    QJsonObject m_document;
};

} // namespace counterfoil
