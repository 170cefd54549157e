// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <utility>
#include <variant>
#include <vector>

namespace counterfoil {

/// What a guard can know about an order: a whole number (money in minor units), a text, or yes/no.
using FactValue = std::variant<qint64, QString, bool>;

/// The values a guard is evaluated with, by name. A name that is not set counts with its declared default.
/// A value type, meant for about a dozen names.
class Facts {
public:
    /// Sets or replaces one value.
    Facts& set(const QString& name, FactValue value);

    /// Null if the name is not set. Valid until the next change.
    const FactValue* find(QStringView name) const;

    const std::vector<std::pair<QString, FactValue>>& all() const { return m_values; }

    friend bool operator==(const Facts&, const Facts&) = default;

private:
    std::vector<std::pair<QString, FactValue>> m_values; // sorted by name
};

} // namespace counterfoil
