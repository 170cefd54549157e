// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <array>

namespace counterfoil {

/// An ISO 4217 currency: three upper-case letters and its number of minor digits (JPY 0, USD 2, KWD 3).
/// Cannot exist with a code that ISO 4217 doesn't list; the digits come from ICU's table.
class Currency {
public:
    /// USD, so that values holding a currency are default-constructible; never a substitute for parse().
    constexpr Currency() = default;

    /// Accepts upper or lower case. Errors: UnknownCurrency.
    static Result<Currency> parse(QStringView code);

    /// The code in upper case, as ISO 4217 and the database write it.
    QString code() const;
    /// The code in lower case, as the gateway and our JSON write it.
    QString lowerCode() const { return code().toLower(); }
    constexpr int minorDigits() const { return m_minorDigits; }

    friend constexpr bool operator==(const Currency&, const Currency&) = default;
    friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

private:
    constexpr Currency(std::array<char, 3> code, int minorDigits) : m_code(code), m_minorDigits(static_cast<signed char>(minorDigits)) {}

    std::array<char, 3> m_code{'U', 'S', 'D'};
    signed char m_minorDigits = 2;
};

} // namespace counterfoil
