// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/currency.h"

#include <unicode/ucurr.h>

#include <mutex>
#include <unordered_map>

namespace counterfoil {

namespace {

/// −1 where ICU's list of real, circulating currencies has no such code. Asked once per code and process.
int minorDigitsOf(const std::array<char, 3>& code)
{
    static std::mutex mutex;
    static std::unordered_map<int, int> known;
    const int key = (code[0] << 16) | (code[1] << 8) | code[2];
    const std::scoped_lock lock(mutex);
    if (const auto it = known.find(key); it != known.end()) {
        return it->second;
    }
    const UChar wide[4] = {static_cast<UChar>(code[0]), static_cast<UChar>(code[1]), static_cast<UChar>(code[2]), 0};
    UErrorCode status = U_ZERO_ERROR;
    const bool listed = ucurr_isAvailable(wide, U_DATE_MIN, U_DATE_MAX, &status) && U_SUCCESS(status)
        && ucurr_getNumericCode(wide) > 0;
    status = U_ZERO_ERROR;
    const int digits = listed ? ucurr_getDefaultFractionDigits(wide, &status) : -1;
    known.emplace(key, U_SUCCESS(status) ? digits : -1);
    return known[key];
}

} // namespace

Result<Currency> Currency::parse(QStringView code)
{
    std::array<char, 3> letters{};
    bool ok = code.size() == 3;
    for (qsizetype i = 0; ok && i < 3; ++i) {
        const char16_t c = code[i].unicode();
        const char16_t upper = c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 32) : c;
        ok = upper >= u'A' && upper <= u'Z';
        letters[static_cast<std::size_t>(i)] = static_cast<char>(upper);
    }
    const int digits = ok ? minorDigitsOf(letters) : -1;
    if (digits < 0) {
        return fail(ErrorCode::UnknownCurrency, QStringLiteral("'%1' is not an ISO 4217 currency").arg(code.left(16)));
    }
    return Currency(letters, digits);
}

QString Currency::code() const
{
    return QString::fromLatin1(m_code.data(), 3);
}

} // namespace counterfoil
