// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/http_message.h"
#include "app/sandbox/sandbox_callbacks.h"
#include "app/sandbox/sandbox_gateway.h"
#include "app/sandbox/sandbox_idempotency.h"
#include "app/sandbox/sandbox_journal.h"
#include "app/sandbox/sandbox_router.h"

#include <mutex>

namespace counterfoil {

/// The sandbox without its sockets: answers requests, one at a time, from any thread. Private to app/sandbox.
class SandboxCore {
public:
    explicit SandboxCore(SandboxOptions options);

    /// Reads back the state file, if there is one. Errors: those of SandboxJournal::open.
    Result<void> open();
    void start() { m_callbacks.start(); }
    void stop() { m_callbacks.stop(); }
    void handle(HttpRequest request, const HttpRespond& respond);
    QJsonObject stats() const;
    void setScenario(FaultScenario scenario);

private:
    /// One admitted call on its way.
    struct Work {
        SandboxCall call;
        FaultDecision decision;
        QByteArray storeKey; ///< empty: nothing is stored
        QByteArray fingerprint;
        QByteArray version;
        bool isChange = false; ///< POST or DELETE
    };

    std::optional<HttpResponse> admit(const HttpRequest& request, Work& work);
    std::optional<HttpResponse> refuseKey(const HttpRequest& request, const Work& work) const;
    std::optional<HttpResponse> beforeEffect(Work& work);
    HttpResponse execute(const Work& work);
    HttpResponse answer(int status, const QByteArray& body, const Work& work) const;
    HttpResponse answer(const SandboxError& error, const Work& work) const;
    HttpResponse control(const HttpRequest& request);
    HttpResponse controlIntent(const HttpRequest& request, const QStringList& parts);
    HttpResponse runAndStore(const Work& work);
    void replay(const QJsonObject& entry);
    void journal(const char* kind, QJsonObject entry);
    void resetState(FaultScenario scenario);
    void dispatchEvent(const SandboxEvent& event, const QByteArray& json);
    QJsonObject statsLocked() const;

    const SandboxOptions m_options;
    mutable std::mutex m_mutex;
    SandboxClock m_clock;
    SandboxJournal m_journal;
    bool m_isReplaying = false;
    std::unique_ptr<SandboxState> m_state;
    std::unique_ptr<SandboxRouter> m_router;
    SandboxIdempotency m_idempotency;
    QHash<QString, qint64> m_operations;
    QHash<QString, qint64> m_faults;
    QHash<QString, qint64> m_callbackFaults;
    quint64 m_requests = 0;
    SandboxCallbacks m_callbacks{m_clock};
};

/// Charges per reference in the metadata, sums per currency: what shows whether anybody was charged twice.
QJsonObject chargeStatistics(const SandboxState& state);

} // namespace counterfoil
