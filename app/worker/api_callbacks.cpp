// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/api_callbacks.h"

#include "app/common/logging.h"
#include "app/worker/api_messages.h"

#include <QMutexLocker>

namespace counterfoil {

namespace {

constexpr int recordedPerMinuteMax = 100;

/// What the sender is told: the same for every body, so that nothing can be learnt by trying.
QString wordsFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::SignatureInvalid:
        return QStringLiteral("the signature does not fit the body");
    case ErrorCode::SignatureStale:
        return QStringLiteral("the signature's time is too far from now");
    default:
        return QStringLiteral("the callback can't be read");
    }
}

} // namespace

void ApiCallbacks::handle(const HttpRequest& request, const HttpRespond& respond)
{
    const auto header = singleHeader(request, "Stripe-Signature");
    if (!header) {
        refuse(header.error(), request, respond);
        return;
    }
    if (const auto verified = verifyCallback(*header, request.body, m_secrets, m_clock.now()); !verified) {
        refuse(verified.error(), request, respond);
        return;
    }
    auto event = parseCallback(request.body);
    if (!event) {
        refuse(event.error(), request, respond);
        return;
    }
    m_port.storeCallback(std::move(*event), request.body, [respond](const Result<bool>& stored) {
        // A duplicate is acknowledged like the first: the gateway needs to know that it arrived. It repeats after anything but 2xx.
        respond(stored ? jsonResponse(200, {{QStringLiteral("received"), true}}) : errorResponse(stored.error()));
    });
}

void ApiCallbacks::refuse(const Error& error, const HttpRequest& request, const HttpRespond& respond)
{
    if (mayRecord()) {
        logEvent(LogLevel::Info, "api", QStringLiteral("a callback was refused: %1").arg(error.text()),
                 {{QStringLiteral("peer"), request.peer}, {QStringLiteral("bytes"), request.body.size()}});
        m_port.recordRefusal(error.text(), request.body.size(), request.peer);
    } else {
        ++m_unrecorded;
    }
    respond(errorResponse({error.code, wordsFor(error.code)}, 400));
}

bool ApiCallbacks::mayRecord()
{
    const QMutexLocker lock(&m_mutex);
    const UtcTime now = m_clock.now();
    if (now - m_minute >= Duration::minutes(1) || now < m_minute) {
        m_minute = now;
        m_recorded = 0;
    }
    return ++m_recorded <= recordedPerMinuteMax;
}

} // namespace counterfoil
