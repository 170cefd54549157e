// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"

#include <QJsonObject>

namespace counterfoil {

class JsonReader;

/// Reads an order as `POST /v1/orders` and NDJSON imports carry it, and validates it:
///
///     { "order_no": "…", "buyer": {"ref": "…", "name"?, "email"?, "segment"?}, "currency": "usd", "channel"?, "placed_at"?,
///       "items": [{"sku": "…", "quantity": 1, "specification"?, "warehouse"?}], "shipping"?: money, "coupons"?: ["…"],
///       "funding": "wallet|gateway|both", "wallet_part"?: money, "payment_method"?, "split_strategy"? }
///
/// Money is `{"amount": 1999, "currency": "usd"}` in whole minor units, as a number up to 2^53 or a string of digits. Times
/// are ISO 8601 with an offset (a date alone is its midnight in UTC). Only with `allowStated`, for imports of past orders:
/// `shipped_at`, `carrier`, and per item `"stated": {"product", "product_name", "category"?, "merchant", "merchant_name"?,
/// "unit_price": money, "amount": money, "discount"?: money}`. Give it what parseJsonObject() has read.
/// Errors, naming the path of the field: UnknownField, MissingField, MalformedInput, InvalidText, TooLarge, InvalidAmount,
/// UnknownCurrency, CurrencyMismatch, QuantityOutOfRange, UnknownValue.
Result<NewOrder> parseOrder(const QJsonObject& json, bool allowStated = false);

/// `{"amount": 1999, "currency": "usd"}`; beyond 2^53 the amount is a string, so that no reader rounds it.
QJsonObject moneyJson(const Money& money);

/// Reads what moneyJson() writes from a field; its currency must be `currency`.
/// Errors: MissingField, MalformedInput, UnknownField, InvalidAmount, UnknownCurrency, CurrencyMismatch.
Result<Money> readMoney(const JsonReader& reader, const char* field, Currency currency);

/// As readMoney(), in whichever currency the object names.
Result<Money> readMoney(const JsonReader& reader, const char* field);

} // namespace counterfoil
