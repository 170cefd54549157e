// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/database_error.h"

#include <array>

namespace counterfoil {

namespace {

/// What our own functions refuse with: class CF, numbered by the place in this list, which `refuse` in
/// resources/migrations/0008_roles.postgresql.sql has too.
constexpr std::array refusals{
    ErrorCode::MalformedInput, ErrorCode::TooLarge, ErrorCode::InvalidText, ErrorCode::MissingField, ErrorCode::InvalidId, ErrorCode::InvalidAmount, ErrorCode::UnknownCurrency, ErrorCode::UnknownValue,
    ErrorCode::Forbidden, ErrorCode::NotFound, ErrorCode::AlreadyExistsDifferent, ErrorCode::InProgress, ErrorCode::DeadlinePassed, ErrorCode::EventNotAccepted,
};

bool isRefusal(const QString& state)
{
    return state.startsWith(u"CF");
}

ErrorCode sqliteCode(int code)
{
    switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
        return ErrorCode::DatabaseBusy;
    case 8: // SQLITE_READONLY
        return ErrorCode::DatabaseReadOnly;
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
        return ErrorCode::DatabaseCorrupt;
    case 13: // SQLITE_FULL
        return ErrorCode::DatabaseFull;
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
        return ErrorCode::DatabaseUnavailable;
    case 19: // SQLITE_CONSTRAINT
        return ErrorCode::ConstraintViolated;
    default:
        return ErrorCode::Internal;
    }
}

ErrorCode postgresqlCode(const QString& state)
{
    if (isRefusal(state)) {
        const std::size_t number = state.mid(2).toUInt();
        return number >= 1 && number <= refusals.size() ? refusals[number - 1] : ErrorCode::Internal;
    }
    if (state == u"40001" || state == u"40P01") {
        return ErrorCode::SerializationFailure;
    }
    if (state == u"55P03" || state == u"57014") {
        return ErrorCode::DatabaseBusy;
    }
    if (state == u"22P05") {
        return ErrorCode::InvalidText;
    }
    if (state == u"53100") {
        return ErrorCode::DatabaseFull;
    }
    if (state == u"25006") {
        return ErrorCode::DatabaseReadOnly;
    }
    if (state == u"42501") {
        return ErrorCode::Forbidden;
    }
    if (state.startsWith(u"23")) {
        return ErrorCode::ConstraintViolated;
    }
    if (state.startsWith(u"08") || state.startsWith(u"57P") || state.startsWith(u"53") || state.isEmpty()) {
        return ErrorCode::DatabaseUnavailable;
    }
    if (state.startsWith(u"XX00") || state.startsWith(u"58")) {
        return ErrorCode::DatabaseCorrupt;
    }
    return ErrorCode::Internal;
}

} // namespace

std::unexpected<Error> sqliteError(int code, const QString& message, const QString& doing)
{
    return fail(sqliteCode(code), QStringLiteral("%1 [%2] while: %3").arg(message.simplified().left(300)).arg(code).arg(doing.simplified().left(160)));
}

std::unexpected<Error> postgresqlError(const QString& state, const QString& message, const QString& doing)
{
    if (isRefusal(state)) {
        return fail(postgresqlCode(state), message);
    }
    QString text = message.simplified();
    // PostgreSQL quotes the whole row, and with it what people wrote.
    if (const qsizetype at = text.indexOf(u"DETAIL: Failing row contains"); at >= 0) {
        text.truncate(at);
    }
    return fail(postgresqlCode(state), QStringLiteral("%1 [%2] while: %3").arg(text.left(300), state, doing.simplified().left(160)));
}

} // namespace counterfoil
