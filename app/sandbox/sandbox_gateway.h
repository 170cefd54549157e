// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_faults.h"

#include <QUrl>

#include <functional>
#include <memory>

namespace counterfoil {

/// How a sandbox is set up.
struct SandboxOptions {
    QString listenAddress = QStringLiteral("127.0.0.1");
    quint16 port = 0; ///< 0: any free one
    QString apiKey = QStringLiteral("sk_test_counterfoil");
    quint64 seed = 1;
    FaultScenario scenario;
    QString callbackUrl;    ///< an endpoint for every event, there from the start; empty: none
    QString callbackSecret; ///< its `whsec_…`
    QString stateFile;      ///< a journal that brings the objects back at the next start; empty: none
    std::function<void()> shutdownRequested; ///< called on a thread of the sandbox; must not stop it there
};

/// A payment gateway in memory that speaks Stripe's API (design, chapter 30, "The sandbox") in threads of its own, with
/// a control API under `/sandbox/` that needs no key. See README.md beside this file.
class SandboxGateway {
public:
    explicit SandboxGateway(SandboxOptions options);
    ~SandboxGateway();
    SandboxGateway(const SandboxGateway&) = delete;
    SandboxGateway& operator=(const SandboxGateway&) = delete;

    /// Gives the base address (`http://127.0.0.1:12111`). Errors: AddressInUse, ConfigurationInvalid (also a state
    /// file of another seed), FileNotWritable, MalformedInput. Starts once.
    Result<QUrl> start();
    void stop();
    /// What `GET /sandbox/stats` answers. From any thread.
    QJsonObject stats() const;
    /// What `PUT /sandbox/faults` does. From any thread.
    void setScenario(FaultScenario scenario);

    class Impl;

private:
    std::unique_ptr<Impl> m_impl;
};

/// Reads a scenario file. Errors: FileUnreadable, and those of FaultScenario::fromJson.
Result<FaultScenario> readScenario(const QString& fileName);

} // namespace counterfoil
