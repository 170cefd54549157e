// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/funding_rule.h"

#include "models/base/json.h"
#include "workflows/services/import/order_json.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QtEndian>

namespace counterfoil {

namespace {

constexpr qint64 weightMax = 1'000'000;
constexpr qint64 tenThousand = 10'000;

} // namespace

Result<std::vector<FundingRule::Weighted>> FundingRule::parseWeights(const JsonReader& reader, const char* field)
{
    CF_ASSIGN(const QJsonArray choices, reader.array(field));
    std::vector<Weighted> weights;
    qint64 total = 0;
    for (qsizetype i = 0; i < choices.size(); ++i) {
        const JsonReader choice(choices.at(i).toObject(), QStringLiteral("%1[%2]").arg(reader.pathOf(field)).arg(i));
        CF_TRY(choice.onlyFields({"value", "weight"}));
        Weighted weighted;
        CF_ASSIGN(weighted.value, choice.text("value"));
        CF_ASSIGN(weighted.weight, choice.integer("weight"));
        if (weighted.weight < 0 || weighted.weight > weightMax) {
            return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 must be from 0 to %2").arg(choice.pathOf("weight")).arg(weightMax));
        }
        total += weighted.weight;
        weights.push_back(std::move(weighted));
    }
    if (total == 0) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 names nothing with a weight").arg(reader.pathOf(field)));
    }
    return weights;
}

Result<FundingRule> FundingRule::parse(const QJsonObject& json, const QString& path)
{
    const JsonReader reader(json, path);
    CF_TRY(reader.onlyFields({"shares", "payment_methods", "declined_per_ten_thousand", "declined_methods", "wallet_below"}));
    FundingRule rule;
    CF_ASSIGN(rule.m_shares, parseWeights(reader, "shares"));
    bool needsMethod = false;
    for (const Weighted& share : rule.m_shares) {
        CF_ASSIGN(const Funding funding, parseEnum<Funding>(share.value));
        needsMethod = needsMethod || (funding != Funding::Wallet && share.weight > 0);
    }
    if (needsMethod || reader.has("payment_methods")) {
        CF_ASSIGN(rule.m_methods, parseWeights(reader, "payment_methods"));
    }
    if (reader.has("declined_per_ten_thousand")) {
        CF_ASSIGN(rule.m_declinedPerTenThousand, reader.integer("declined_per_ten_thousand"));
        if (rule.m_declinedPerTenThousand < 0 || rule.m_declinedPerTenThousand > tenThousand) {
            return fail(ErrorCode::ConfigurationInvalid,
                        QStringLiteral("%1 must be from 0 to 10000").arg(reader.pathOf("declined_per_ten_thousand")));
        }
        CF_ASSIGN(rule.m_declinedMethods, parseWeights(reader, "declined_methods"));
    }
    if (reader.has("wallet_below")) {
        CF_ASSIGN(rule.m_walletBelow, readMoney(reader, "wallet_below"));
    }
    return rule;
}

const QString& FundingRule::choose(const std::vector<Weighted>& choices, quint64 hash)
{
    quint64 total = 0;
    for (const Weighted& choice : choices) {
        total += static_cast<quint64>(choice.weight);
    }
    require(total > 0, "a choice needs a weight");
    quint64 rest = hash % total;
    for (const Weighted& choice : choices) {
        if (rest < static_cast<quint64>(choice.weight)) {
            return choice.value;
        }
        rest -= static_cast<quint64>(choice.weight);
    }
    assertionFailed("the weights sum to their total");
}

void FundingRule::apply(NewOrder& order, const Money& total) const
{
    const QByteArray digest = QCryptographicHash::hash(order.orderNo.toUtf8(), QCryptographicHash::Sha256);
    const auto part = [&digest](qsizetype index) { return qFromBigEndian<quint64>(digest.constData() + index * 8); };
    const bool small = m_walletBelow && m_walletBelow->currency() == total.currency() && total.minor() < m_walletBelow->minor();
    order.funding = small ? Funding::Wallet : parseEnum<Funding>(choose(m_shares, part(0))).value();
    if (order.funding == Funding::Wallet) {
        order.paymentMethod.clear();
        return;
    }
    const bool declined = order.funding == Funding::Gateway
                          && part(2) % tenThousand < static_cast<quint64>(m_declinedPerTenThousand);
    order.paymentMethod = declined ? choose(m_declinedMethods, part(3)) : choose(m_methods, part(1));
}

} // namespace counterfoil
