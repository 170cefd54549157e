// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <array>
#include <utility>

namespace counterfoil {

/// The stable names of a persisted enum. Specialise with `static constexpr std::array names{std::pair{E::A, "a"}, …};`.
/// Names are what the database, JSON and logs hold; an unknown name is an error, never a default.
template<class E>
struct EnumNames;

template<class E>
concept NamedEnum = requires { EnumNames<E>::names; };

/// The stable name of a value.
template<NamedEnum E>
QString toString(E value)
{
    for (const auto& [known, name] : EnumNames<E>::names) {
        if (known == value) {
            return QString::fromLatin1(name);
        }
    }
    assertionFailed("an enum value without a name");
}

/// Errors: UnknownValue.
template<NamedEnum E>
Result<E> parseEnum(QStringView text)
{
    for (const auto& [value, name] : EnumNames<E>::names) {
        if (text == QLatin1String(name)) {
            return value;
        }
    }
    return fail(ErrorCode::UnknownValue, QStringLiteral("'%1' is not one of the known values").arg(text.left(32)));
}

/// Declares the names of an enum; at namespace counterfoil: `CF_ENUM_NAMES(Bucket, {Bucket::Available, "available"}, …)`.
#define CF_ENUM_NAMES(E, ...)                                                                                          \
    template<>                                                                                                         \
    struct EnumNames<E> {                                                                                              \
        static constexpr auto names = std::to_array<std::pair<E, const char*>>({__VA_ARGS__});                         \
    }

} // namespace counterfoil
