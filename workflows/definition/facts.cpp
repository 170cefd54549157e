// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/facts.h"

#include <algorithm>

namespace counterfoil {

namespace {

template<class Values>
auto placeOf(Values& values, QStringView name)
{
    return std::lower_bound(values.begin(), values.end(), name,
                            [](const auto& entry, QStringView wanted) { return QStringView(entry.first) < wanted; });
}

} // namespace

Facts& Facts::set(const QString& name, FactValue value)
{
    const auto place = placeOf(m_values, name);
    if (place != m_values.end() && place->first == name) {
        place->second = std::move(value);
    } else {
        m_values.emplace(place, name, std::move(value));
    }
    return *this;
}

const FactValue* Facts::find(QStringView name) const
{
    const auto place = placeOf(m_values, name);
    return place != m_values.end() && place->first == name ? &place->second : nullptr;
}

} // namespace counterfoil
