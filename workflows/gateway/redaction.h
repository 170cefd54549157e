// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

namespace counterfoil {

/// Takes out of any text what may reach neither the database nor a log (30-gateway): the Authorization header and bearer
/// tokens, client secrets, `sk_`/`rk_`/`whsec_` keys, the values of card fields (number, cvc, cvv, exp…) in JSON or form
/// spelling, and every run of 13 to 19 digits that passes the Luhn check, with single spaces or hyphens between them or
/// not. Works on whole, cut off and malformed texts; the rest stays as it is. Redacting twice changes nothing more.
QString redact(const QString& text);

/// The same for JSON that could be parsed: values are dropped by the names of their fields, and escapes hide nothing.
QJsonObject redact(const QJsonObject& object);

/// An HTTP body made fit for storing: indented JSON where it is a JSON object, text otherwise; redacted first, then cut at
/// `lengthMax` characters with a note that says so.
QString redactedBody(const QByteArray& body, int lengthMax = 64 * 1024);

} // namespace counterfoil
