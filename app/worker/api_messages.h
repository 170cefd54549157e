// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_message.h"
#include "models/base/error.h"

#include <QJsonObject>

#include <optional>

namespace counterfoil {

HttpResponse jsonResponse(int status, const QJsonObject& body);

/// The error object with the status that belongs to its code, or another.
HttpResponse errorResponse(const Error& error, std::optional<int> status = std::nullopt);

/// 401. `wasGiven` tells a wrong token from none (RFC 6750, 3).
HttpResponse unauthenticatedResponse(bool wasGiven);

/// A header that must be there exactly once. Errors: MissingField, MalformedInput (repeated).
Result<QByteArray> singleHeader(const HttpRequest& request, const char* name);

/// The token of `Authorization: Bearer …`; none if there is none or it could be read in two ways.
std::optional<QByteArray> bearerToken(const HttpRequest& request);

/// `Idempotency-Key`: 1 to 255 printable ASCII characters. Errors: MissingField, MalformedInput, TooLarge.
Result<QString> idempotencyKey(const HttpRequest& request);

/// True for `application/json`, alone or with `charset=utf-8`.
bool isJson(const HttpRequest& request);

} // namespace counterfoil
