// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_router.h"

#include "app/sandbox/sandbox_list.h"

namespace counterfoil {

namespace {

using Operation = SandboxResult<QJsonObject> (*)(SandboxIntents&, SandboxBalance&, SandboxEndpoints&, const SandboxCall&);

const QHash<QString, Operation>& operations()
{
    using I = SandboxIntents&;
    using B = SandboxBalance&;
    using E = SandboxEndpoints&;
    using C = const SandboxCall&;
    static const QHash<QString, Operation> table{
        {"payment_intents.create", [](I i, B, E, C c) { return i.create(c); }},
        {"payment_intents.retrieve", [](I i, B, E, C c) { return i.retrieve(c); }},
        {"payment_intents.update", [](I i, B, E, C c) { return i.update(c); }},
        {"payment_intents.confirm", [](I i, B, E, C c) { return i.confirm(c); }},
        {"payment_intents.capture", [](I i, B, E, C c) { return i.capture(c); }},
        {"payment_intents.cancel", [](I i, B, E, C c) { return i.cancel(c); }},
        {"charges.retrieve", [](I, B b, E, C c) { return b.retrieveCharge(c); }},
        {"refunds.create", [](I, B b, E, C c) { return b.createRefund(c); }},
        {"refunds.retrieve", [](I, B b, E, C c) { return b.retrieveRefund(c); }},
        {"payouts.create", [](I, B b, E, C c) { return b.createPayout(c); }},
        {"payouts.retrieve", [](I, B b, E, C c) { return b.retrievePayout(c); }},
        {"balance.list", [](I, B b, E, C c) { return b.balance(c); }},
        {"webhook_endpoints.create", [](I, B, E e, C c) { return e.create(c); }},
        {"webhook_endpoints.retrieve", [](I, B, E e, C c) { return e.retrieve(c); }},
        {"webhook_endpoints.update", [](I, B, E e, C c) { return e.update(c); }},
        {"webhook_endpoints.delete", [](I, B, E e, C c) { return e.remove(c); }},
        {"webhook_endpoints.list", [](I, B, E e, C c) { return e.list(c); }},
    };
    return table;
}

/// Run by SandboxRouter itself, which knows the tables.
const QStringList& tableOperations()
{
    static const QStringList names{"payment_intents.list", "refunds.list",   "events.list",
                                   "balance_transactions.list", "payouts.list", "charges.list",
                                   "events.retrieve"};
    return names;
}

bool matchesText(const QString& wanted, const QString& value)
{
    return wanted.isEmpty() || wanted == value;
}

} // namespace

bool SandboxRouter::route(const std::string& method, const QString& path, SandboxCall& call)
{
    const QStringList parts = path.split(u'/');
    // "", "v1", collection, id, action
    if (parts.size() < 3 || parts.size() > 5 || parts.at(1) != QLatin1StringView("v1")) {
        return false;
    }
    const bool isPost = method == "POST";
    QString verb;
    if (parts.size() == 3) {
        verb = isPost ? QStringLiteral("create") : method == "GET" ? QStringLiteral("list") : QString();
    } else if (parts.size() == 4) {
        verb = isPost ? QStringLiteral("update") : method == "GET" ? QStringLiteral("retrieve") : QString();
        verb = method == "DELETE" ? QStringLiteral("delete") : verb;
    } else {
        static const QStringList actions{"confirm", "capture", "cancel"};
        verb = isPost && actions.contains(parts.at(4)) ? parts.at(4) : QString();
    }
    call.id = parts.size() > 3 ? parts.at(3) : QString();
    call.operation = parts.at(2) + u'.' + verb;
    return operations().contains(call.operation) || tableOperations().contains(call.operation);
}

SandboxResult<QJsonObject> SandboxRouter::run(const SandboxCall& call)
{
    if (const auto found = operations().constFind(call.operation); found != operations().cend()) {
        return (*found)(m_intents, m_balance, m_endpoints, call);
    }
    return list(call);
}

SandboxResult<QJsonObject> SandboxRouter::list(const SandboxCall& call)
{
    const SandboxParams& params = call.params;
    if (call.operation == QLatin1StringView("events.retrieve")) {
        const SandboxEvent* event = m_state.events.find(call.id);
        return event == nullptr ? SandboxResult<QJsonObject>(noSuch("event", call.id, QStringLiteral("id"), 404)) : toJson(*event);
    }
    SANDBOX_TRY(params.only({"limit", "starting_after", "ending_before", "created", "payment_intent", "charge", "payout", "type",
                             "types", "source", "delivery_success"}));
    SANDBOX_ASSIGN(const SandboxPage page, readPage(params));
    SANDBOX_ASSIGN(const QString intent, params.text("payment_intent"));
    SANDBOX_ASSIGN(const QString charge, params.text("charge"));
    SANDBOX_ASSIGN(const QString payout, params.text("payout"));
    SANDBOX_ASSIGN(const QString type, params.text("type"));
    SANDBOX_ASSIGN(const QString source, params.text("source"));
    const auto plain = [](const auto& row) { return toJson(row); };
    if (call.operation == QLatin1StringView("payment_intents.list")) {
        return listPage(
            m_state.intents, page, QStringLiteral("/v1/payment_intents"), [](const SandboxIntent&) { return true; },
            [&](const SandboxIntent& row) { return m_state.expanded(row, call); });
    }
    if (call.operation == QLatin1StringView("refunds.list")) {
        return listPage(
            m_state.refunds, page, QStringLiteral("/v1/refunds"),
            [&](const SandboxRefund& row) { return matchesText(intent, row.intent) && matchesText(charge, row.charge); }, plain);
    }
    if (call.operation == QLatin1StringView("charges.list")) {
        return listPage(
            m_state.charges, page, QStringLiteral("/v1/charges"),
            [&](const SandboxCharge& row) { return matchesText(intent, row.intent); }, plain);
    }
    if (call.operation == QLatin1StringView("balance_transactions.list")) {
        return listPage(
            m_state.balanceTransactions, page, QStringLiteral("/v1/balance_transactions"),
            [&](const SandboxBalanceTransaction& row) {
                return matchesText(payout, row.payout) && matchesText(type, row.type) && matchesText(source, row.source);
            },
            plain);
    }
    if (call.operation == QLatin1StringView("payouts.list")) {
        return listPage(
            m_state.payouts, page, QStringLiteral("/v1/payouts"), [](const SandboxPayout&) { return true; }, plain);
    }
    const QStringList types = params.has("types") ? params.list("types") : QStringList();
    return listPage(
        m_state.events, page, QStringLiteral("/v1/events"),
        [&](const SandboxEvent& row) { return matchesText(type, row.type) && (types.isEmpty() || types.contains(row.type)); }, plain);
}

} // namespace counterfoil
