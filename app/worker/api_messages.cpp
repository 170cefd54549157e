// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/api_messages.h"

#include "app/common/api_error.h"
#include "app/common/logging.h"
#include "models/base/json.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qsizetype keyLengthMax = 255;
constexpr qsizetype tokenLengthMax = 512;

bool isTokenCharacter(char c)
{
    // token68 of RFC 9110, 11.2.
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || QByteArrayView("-._~+/=").contains(c);
}

} // namespace

HttpResponse jsonResponse(int status, const QJsonObject& body)
{
    HttpResponse response;
    response.status = status;
    response.body = toJson(body);
    // Answers hold what only the caller may see, and change.
    response.headers.emplace_back("Cache-Control", "no-store");
    if (status == 503) {
        response.headers.emplace_back("Retry-After", "5");
    }
    return response;
}

HttpResponse errorResponse(const Error& error, std::optional<int> status)
{
    HttpResponse response = jsonResponse(status.value_or(httpStatusOf(error.code)), errorDocument(error));
    if (response.status >= 500) {
        // The answer doesn't tell. A database that is away fails every request, and the worker says so itself.
        logEvent(response.status == 503 ? LogLevel::Debug : LogLevel::Error, "api", error.text(),
                 {{QStringLiteral("where"), QString::fromLatin1(error.where.file_name())}, {QStringLiteral("line"), static_cast<int>(error.where.line())}});
    }
    return response;
}

HttpResponse unauthenticatedResponse(bool wasGiven)
{
    HttpResponse response = errorResponse({ErrorCode::Unauthenticated, wasGiven ? QStringLiteral("the bearer token is unknown or revoked")
                                                                                : QStringLiteral("a bearer token is needed")});
    response.headers.emplace_back("WWW-Authenticate",
                                  wasGiven ? R"(Bearer realm="counterfoil", error="invalid_token")" : R"(Bearer realm="counterfoil")");
    return response;
}

Result<QByteArray> singleHeader(const HttpRequest& request, const char* name)
{
    const auto isNamed = [name](const auto& header) { return header.first.compare(name, Qt::CaseInsensitive) == 0; };
    const auto count = std::ranges::count_if(request.headers, isNamed);
    if (count == 0) {
        return fail(ErrorCode::MissingField, QStringLiteral("the header %1 is missing").arg(QLatin1String(name)));
    }
    if (count > 1) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the header %1 is given more than once").arg(QLatin1String(name)));
    }
    return std::ranges::find_if(request.headers, isNamed)->second;
}

std::optional<QByteArray> bearerToken(const HttpRequest& request)
{
    const auto header = singleHeader(request, "Authorization");
    constexpr QByteArrayView scheme("Bearer ");
    if (!header || header->left(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0) {
        return std::nullopt;
    }
    QByteArray token = header->mid(scheme.size()).trimmed();
    if (token.isEmpty() || token.size() > tokenLengthMax || !std::ranges::all_of(token, isTokenCharacter)) {
        return std::nullopt;
    }
    return token;
}

Result<QString> idempotencyKey(const HttpRequest& request)
{
    CF_ASSIGN(const QByteArray key, singleHeader(request, "Idempotency-Key"));
    if (key.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("the header Idempotency-Key is empty"));
    }
    if (key.size() > keyLengthMax) {
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("the header Idempotency-Key has %1 characters, at most %2 are allowed").arg(key.size()).arg(keyLengthMax));
    }
    if (!std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; })) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the header Idempotency-Key holds more than printable ASCII"));
    }
    return QString::fromLatin1(key);
}

bool isJson(const HttpRequest& request)
{
    const auto header = singleHeader(request, "Content-Type");
    if (!header) {
        return false;
    }
    const QByteArray type = header->toLower().replace(' ', "").replace('\t', "");
    return type == "application/json" || type == "application/json;charset=utf-8" || type == R"(application/json;charset="utf-8")";
}

} // namespace counterfoil
