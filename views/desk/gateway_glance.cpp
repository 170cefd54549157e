// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/gateway_glance.h"

#include <QPointer>

namespace counterfoil {

namespace {

/// The gateway's clock may be behind ours.
constexpr Duration searchMargin = Duration::minutes(5);
constexpr Duration deadline = Duration::seconds(10);
constexpr int lookPagesMax = 20;

} // namespace

GatewayGlance::GatewayGlance(GatewayAccess access, const Clock& clock, QObject* parent) : QObject(parent), m_access(std::move(access)), m_clock(clock) {}

GatewayGlance::~GatewayGlance() = default;

Result<void> GatewayGlance::start()
{
    if (m_thread) {
        return {};
    }
    if (!isPossible()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the console has no key for the gateway"));
    }
    StripeOptions options;
    options.baseUrl = m_access.url;
    options.secretKey = m_access.key;
    options.deadline = deadline;
    options.findPagesMax = lookPagesMax;
    CF_ASSIGN(m_thread, GatewayThread::start(options, m_clock));
    return {};
}

void GatewayGlance::look(const PaymentTransaction& payment, QObject* context, std::function<void(const Result<GatewayAnswer>&)> then)
{
    if (const auto started = start(); !started) {
        then(passOn(started));
        return;
    }
    GatewayRequest request;
    request.operation = payment.gatewayRef.isEmpty() ? GatewayOperation::FindIntent : GatewayOperation::FetchIntent;
    request.objectId = payment.gatewayRef;
    request.amount = payment.gatewayPart;
    request.transactionRef = payment.id.toText();
    request.createdSince = payment.createdAt - searchMargin;
    const auto handOver = [guard = QPointer(context), then = std::move(then)](const GatewayAnswer& answer) {
        if (guard) {
            then(answer);
        }
    };
    m_thread->send(request, [this, handOver](GatewayAnswer answer) {
        QMetaObject::invokeMethod(this, [handOver, answer = std::move(answer)] { handOver(answer); }, Qt::QueuedConnection);
    });
}

} // namespace counterfoil
