// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QJsonObject>

namespace counterfoil {

/// Reads `application/x-www-form-urlencoded` text with nested keys as Stripe's clients send it: `metadata[order_id]=7` is
/// an object in an object, `expand[]=a` and `expand[0]=a` an object with the key "0". Every value is text. A repeated key
/// takes its last value. Errors: MalformedInput (brackets, more than 1,000 fields or 6 levels, a name that is both a text
/// and an object), InvalidText.
Result<QJsonObject> parseForm(QByteArrayView text);

/// The values of a list written as `name[]=…` or `name[0]=…`, in their order; also of a single text.
QStringList listOf(const QJsonValue& value);

} // namespace counterfoil
