// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/gateway.h"

#include <QJsonObject>

namespace counterfoil {

/// Reads a PaymentIntent. Strict in everything that money or identity hangs on (object, id, status, currency, the three
/// amounts, metadata.transaction); card brand, last four digits and decline code are hints and stay empty where unreadable.
/// The card is known when latest_charge is expanded, or from last_payment_error.
/// Errors: MissingField, MalformedInput, InvalidAmount, UnknownCurrency, UnknownValue (a status that isn't known), InvalidId, InvalidText.
Result<IntentSnapshot> parseIntent(const QJsonObject& object);

/// Reads a Refund; payment_intent may be an id or the expanded object. Errors: as parseIntent.
Result<RefundSnapshot> parseRefund(const QJsonObject& object);

/// True for what may stand in a path as a gateway's id: 1 to 255 of `A–Z a–z 0–9 _ -`.
bool isGatewayId(QStringView text);

} // namespace counterfoil
