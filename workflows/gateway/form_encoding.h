// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <utility>

namespace counterfoil {

/// The fields of an application/x-www-form-urlencoded body or of a query, in the order they were added.
class FormFields {
public:
    void add(const QString& name, const QString& value);
    void add(const QString& name, qint64 value) { add(name, QString::number(value)); }
    /// `name[key]=value`, as `metadata[order]`.
    void addNested(const QString& name, const QString& key, const QString& value);
    /// `name[]=value`, once per element.
    void addElement(const QString& name, const QString& value);

    bool isEmpty() const { return m_fields.isEmpty(); }
    const QList<std::pair<QString, QString>>& fields() const { return m_fields; }

    /// The URL Standard's serialiser: UTF-8, everything but letters, digits and `*-._` as %XX, a space as `+`.
    QByteArray encoded() const;
    /// One `name=value` per line, not encoded, control characters made visible. For people; not redacted.
    QString readable() const;

private:
    QList<std::pair<QString, QString>> m_fields;
};

} // namespace counterfoil
