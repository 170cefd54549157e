// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <expected>
#include <source_location>
#include <span>

namespace counterfoil {

/// Every expected failure of the program. The order is the order of precedence: where several apply, the first is
/// reported. Each has a section in resources/docs/errors.md (meaning, may it be retried, what an operator does).
/// Values are stored and shown by name (see toString), never by number.
enum class ErrorCode {
    // What was given
    MalformedInput,
    TooLarge,
    InvalidText,
    UnknownField,
    MissingField,
    InvalidId,
    InvalidAmount,
    AmountOverflow,
    UnknownCurrency,
    CurrencyMismatch,
    QuantityOutOfRange,
    UnknownValue,
    // Who asks
    Unauthenticated,
    Forbidden,
    // What it is about
    NotFound,
    AlreadyExistsDifferent,
    IdempotencyKeyReused,
    InProgress,
    // Rules of the business
    PriceUnknown,
    OutOfStock,
    InsufficientFunds,
    CouponNotApplicable,
    CouponExhausted,
    AccountClosed,
    HoldExceeded,
    RefundExceeded,
    DeadlinePassed,
    EventNotAccepted,
    TryRefused,
    AmountConflict,
    // A thing that cannot be
    Integrity,
    // The gateway
    GatewayRefused,
    GatewayNotSent,
    GatewayUnknown,
    SignatureInvalid,
    SignatureStale,
    // The workflow definition
    WorkflowInvalid,
    // The database
    DatabaseUnavailable,
    DatabaseBusy,
    SerializationFailure,
    ConstraintViolated,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseReadOnly,
    DatabaseFull,
    DatabaseCorrupt,
    DurabilityTooWeak,
    DatabaseInUse,
    VersionConflict,
    LeaseLost,
    // Files and the machine
    FileUnreadable,
    FileNotWritable,
    ConfigurationInvalid,
    AddressInUse,
    Cancelled,
    Internal,
};

/// The stable name, in lower snake case: `insufficient_funds`.
QString toString(ErrorCode code);

/// The code whose name a text made by Error::text() begins with, or Internal.
ErrorCode leadingErrorCode(QStringView text);

/// All codes, for tests and documentation checks.
std::span<const ErrorCode> allErrorCodes();

/// One failure. `detail` is for logs and reports: English, may hold identifiers, never a secret. The words that a person
/// reads on a screen are chosen by `code` in views. `where` is the file and line that made it.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString detail;
    std::source_location where = std::source_location::current();

    /// `code: detail`, for logs and command-line output.
    QString text() const;
};

template<class T>
using Result = std::expected<T, Error>;

/// Makes an unexpected value: `return fail(ErrorCode::NotFound, "order %1".arg…)`.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, QString detail = {},
                                                 std::source_location where = std::source_location::current())
{
    return std::unexpected<Error>(Error{code, std::move(detail), where});
}

/// Hands on the error of another result.
template<class T>
[[nodiscard]] std::unexpected<Error> passOn(const Result<T>& failed)
{
    return std::unexpected<Error>(failed.error());
}

/// A programmer's error: stays on in release builds, prints where, and aborts.
[[noreturn]] void assertionFailed(const char* what, std::source_location where = std::source_location::current());

inline void require(bool condition, const char* what, std::source_location where = std::source_location::current())
{
    if (!condition) [[unlikely]] {
        assertionFailed(what, where);
    }
}

} // namespace counterfoil

/// Evaluates a Result<void>-like expression and returns its error, if any, from the enclosing function.
#define CF_TRY(expression) CF_TRY_INNER(expression, CF_JOIN(cfResult, __COUNTER__))
#define CF_TRY_INNER(expression, temporary)                                                                            \
    do {                                                                                                               \
        if (auto temporary = (expression); !temporary) [[unlikely]] {                                                  \
            return std::unexpected<counterfoil::Error>(temporary.error());                                             \
        }                                                                                                              \
    } while (false)

/// Declares `variable` from a Result, or returns its error: `CF_ASSIGN(auto order, store.load(id));`
#define CF_JOIN_INNER(a, b) a##b
#define CF_JOIN(a, b) CF_JOIN_INNER(a, b)
#define CF_ASSIGN(variable, expression) CF_ASSIGN_INNER(variable, expression, CF_JOIN(cfValue, __COUNTER__))
#define CF_ASSIGN_INNER(variable, expression, temporary)                                                               \
    auto temporary = (expression);                                                                                     \
    if (!temporary) [[unlikely]] {                                                                                     \
        return std::unexpected<counterfoil::Error>(temporary.error());                                                 \
    }                                                                                                                  \
    variable = std::move(*temporary)
