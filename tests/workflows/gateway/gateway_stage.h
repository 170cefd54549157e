// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/workflows/gateway/scripted_server.h"
#include "workflows/gateway/stripe_gateway.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>
#include <memory>

namespace counterfoil {

using Operation = GatewayOperation;

inline const QByteArray testKey = "sk_test_veryVerySecret42";

inline Money usd(qint64 minor)
{
    return {minor, *Currency::parse(u"USD")};
}

/// A request about pi_1 (re_1) over 10.00 USD.
inline GatewayRequest requestFor(GatewayOperation operation)
{
    GatewayRequest request;
    request.operation = operation;
    request.idempotencyKey = QStringLiteral("key-1");
    request.objectId = operation == GatewayOperation::FetchRefund ? QStringLiteral("re_1") : QStringLiteral("pi_1");
    request.amount = usd(1000);
    request.orderRef = QStringLiteral("ord_1");
    request.transactionRef = QStringLiteral("txn_1");
    request.createdSince = UtcTime(1'700'000'000'000'000);
    return request;
}

inline QByteArray refundJson(const QByteArray& id, const QByteArray& reference)
{
    return R"({"object":"refund","id":")" + id + R"(","payment_intent":"pi_1","status":"pending","amount":250,"currency":"usd","metadata":{"transaction":")" + reference + R"("}})";
}

/// A server and a gateway that talks to it.
struct Stage {
    explicit Stage(const std::function<void(StripeOptions&)>& adjust = {})
    {
        StripeOptions options;
        options.baseUrl = QUrl(server.url());
        options.secretKey = testKey;
        options.deadline = Duration::seconds(5);
        options.breaker.failuresToOpen = 1000;
        if (adjust) {
            adjust(options);
        }
        auto made = StripeGateway::create(options, clock);
        require(made.has_value(), "the test's options are good");
        gateway = std::move(*made);
    }

    /// Sends and waits for the one answer.
    GatewayAnswer ask(const GatewayRequest& request)
    {
        QEventLoop loop;
        int calls = 0;
        GatewayAnswer got;
        gateway->send(request, [&](const GatewayAnswer& answer) {
            ++calls;
            got = answer;
            loop.quit();
        });
        require(calls == 0, "the answer must come later");
        QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
        loop.exec();
        require(calls == 1, "one answer must come");
        return got;
    }
    GatewayAnswer ask(GatewayOperation operation) { return ask(requestFor(operation)); }

    /// Everything that a repeated request could still do has happened when a later one was answered.
    void barrier()
    {
        server.answer(200, intentJson());
        require(ask(GatewayOperation::FetchIntent).outcome == GatewayOutcome::Succeeded, "the barrier request succeeds");
    }

    ManualClock clock{UtcTime(1'700'000'000'000'000)};
    ScriptedServer server;
    std::unique_ptr<StripeGateway> gateway;
};

} // namespace counterfoil
