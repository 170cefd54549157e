// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/error.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace counterfoil {

namespace {

using Entry = std::pair<ErrorCode, const char*>;

constexpr std::array names{
    Entry{ErrorCode::MalformedInput, "malformed_input"},
    Entry{ErrorCode::TooLarge, "too_large"},
    Entry{ErrorCode::InvalidText, "invalid_text"},
    Entry{ErrorCode::UnknownField, "unknown_field"},
    Entry{ErrorCode::MissingField, "missing_field"},
    Entry{ErrorCode::InvalidId, "invalid_id"},
    Entry{ErrorCode::InvalidAmount, "invalid_amount"},
    Entry{ErrorCode::AmountOverflow, "amount_overflow"},
    Entry{ErrorCode::UnknownCurrency, "unknown_currency"},
    Entry{ErrorCode::CurrencyMismatch, "currency_mismatch"},
    Entry{ErrorCode::QuantityOutOfRange, "quantity_out_of_range"},
    Entry{ErrorCode::UnknownValue, "unknown_value"},
    Entry{ErrorCode::Unauthenticated, "unauthenticated"},
    Entry{ErrorCode::Forbidden, "forbidden"},
    Entry{ErrorCode::NotFound, "not_found"},
    Entry{ErrorCode::AlreadyExistsDifferent, "already_exists_different"},
    Entry{ErrorCode::IdempotencyKeyReused, "idempotency_key_reused"},
    Entry{ErrorCode::InProgress, "in_progress"},
    Entry{ErrorCode::PriceUnknown, "price_unknown"},
    Entry{ErrorCode::OutOfStock, "out_of_stock"},
    Entry{ErrorCode::InsufficientFunds, "insufficient_funds"},
    Entry{ErrorCode::CouponNotApplicable, "coupon_not_applicable"},
    Entry{ErrorCode::CouponExhausted, "coupon_exhausted"},
    Entry{ErrorCode::AccountClosed, "account_closed"},
    Entry{ErrorCode::HoldExceeded, "hold_exceeded"},
    Entry{ErrorCode::RefundExceeded, "refund_exceeded"},
    Entry{ErrorCode::DeadlinePassed, "deadline_passed"},
    Entry{ErrorCode::EventNotAccepted, "event_not_accepted"},
    Entry{ErrorCode::TryRefused, "try_refused"},
    Entry{ErrorCode::AmountConflict, "amount_conflict"},
    Entry{ErrorCode::Integrity, "integrity"},
    Entry{ErrorCode::GatewayRefused, "gateway_refused"},
    Entry{ErrorCode::GatewayNotSent, "gateway_not_sent"},
    Entry{ErrorCode::GatewayUnknown, "gateway_unknown"},
    Entry{ErrorCode::SignatureInvalid, "signature_invalid"},
    Entry{ErrorCode::SignatureStale, "signature_stale"},
    Entry{ErrorCode::WorkflowInvalid, "workflow_invalid"},
    Entry{ErrorCode::DatabaseUnavailable, "database_unavailable"},
    Entry{ErrorCode::DatabaseBusy, "database_busy"},
    Entry{ErrorCode::SerializationFailure, "serialization_failure"},
    Entry{ErrorCode::ConstraintViolated, "constraint_violated"},
    Entry{ErrorCode::DatabaseTooNew, "database_too_new"},
    Entry{ErrorCode::DatabaseTooOld, "database_too_old"},
    Entry{ErrorCode::DatabaseReadOnly, "database_read_only"},
    Entry{ErrorCode::DatabaseFull, "database_full"},
    Entry{ErrorCode::DatabaseCorrupt, "database_corrupt"},
    Entry{ErrorCode::DurabilityTooWeak, "durability_too_weak"},
    Entry{ErrorCode::DatabaseInUse, "database_in_use"},
    Entry{ErrorCode::VersionConflict, "version_conflict"},
    Entry{ErrorCode::LeaseLost, "lease_lost"},
    Entry{ErrorCode::FileUnreadable, "file_unreadable"},
    Entry{ErrorCode::FileNotWritable, "file_not_writable"},
    Entry{ErrorCode::ConfigurationInvalid, "configuration_invalid"},
    Entry{ErrorCode::AddressInUse, "address_in_use"},
    Entry{ErrorCode::Cancelled, "cancelled"},
    Entry{ErrorCode::Internal, "internal"},
};

constexpr auto codesInOrder = [] {
    std::array<ErrorCode, names.size()> codes{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        codes[i] = names[i].first;
    }
    return codes;
}();

} // namespace

QString toString(ErrorCode code)
{
    for (const auto& [known, name] : names) {
        if (known == code) {
            return QString::fromLatin1(name);
        }
    }
    assertionFailed("an error code without a name");
}

ErrorCode leadingErrorCode(QStringView text)
{
    const QStringView head = text.left(text.indexOf(u':') < 0 ? text.size() : text.indexOf(u':'));
    for (const auto& [code, name] : names) {
        if (head == QLatin1String(name)) {
            return code;
        }
    }
    return ErrorCode::Internal;
}

std::span<const ErrorCode> allErrorCodes()
{
    return codesInOrder;
}

QString Error::text() const
{
    return detail.isEmpty() ? toString(code) : toString(code) + QStringLiteral(": ") + detail;
}

void assertionFailed(const char* what, std::source_location where)
{
    std::fprintf(stderr, "counterfoil: assertion failed: %s (%s:%u, %s)\n", what, where.file_name(), where.line(),
                 where.function_name());
    std::abort();
}

} // namespace counterfoil
