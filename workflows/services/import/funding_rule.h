// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace counterfoil {

class JsonReader;

/// Decides who pays for an imported order, from the SHA-256 of its number, so that every run decides alike. The four 64-bit
/// parts of the hash (big-endian) choose: the funding, the payment method, whether the card is one that is declined, and
/// which of these.
///
///     { "shares": [{"value": "wallet", "weight": 34}, {"value": "gateway", "weight": 33}, {"value": "both", "weight": 33}],
///       "payment_methods": [{"value": "pm_card_visa", "weight": 1}],
///       "declined_per_ten_thousand": 200, "declined_methods": [{"value": "pm_card_chargeDeclined", "weight": 1}],
///       "wallet_below": {"amount": 100, "currency": "usd"} }
///
/// A part of the hash modulo the sum of the weights falls into one of them, in the order of the list. Declined cards are met only where the gateway pays everything. An order of less than `wallet_below`
/// is paid by the wallet whatever the hash says: card networks take nothing below about half a unit of a currency.
class FundingRule {
public:
    /// Errors, naming the path: UnknownField, MissingField, MalformedInput, UnknownValue, ConfigurationInvalid (weights that
    /// are negative or all zero, no payment method for what needs one).
    static Result<FundingRule> parse(const QJsonObject& json, const QString& path);

    /// Sets funding and payment method of an order whose number, currency and total are known.
    void apply(NewOrder& order, const Money& total) const;

private:
    struct Weighted {
        QString value;
        qint64 weight = 0;
    };
    static Result<std::vector<Weighted>> parseWeights(const JsonReader& reader, const char* field);
    static const QString& choose(const std::vector<Weighted>& choices, quint64 hash);

    std::vector<Weighted> m_shares;
    std::vector<Weighted> m_methods;
    std::vector<Weighted> m_declinedMethods;
    qint64 m_declinedPerTenThousand = 0;
    std::optional<Money> m_walletBelow;
};

} // namespace counterfoil
