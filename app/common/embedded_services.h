// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/worker_host.h"

#include <QJsonObject>

namespace counterfoil {

struct EmbeddedOptions {
    DatabaseUrl database;
    /// The sandbox gateway runs in this process, and everything is paid there.
    bool withSandbox = true;
    /// Scenario of the sandbox: a built-in name (`none`, `faulty`) or a file.
    QString scenario = QStringLiteral("none");
    quint64 seed = 1;
    /// Where the sandbox keeps its objects; empty: in memory.
    QString sandboxState;
    /// Without the sandbox: the real gateway, with its key.
    QUrl gatewayUrl;
    QByteArray gatewayKey;
    /// See WorkerOptions. With the sandbox a minute at most: nobody waits longer for a gateway of one's own.
    Duration escalateAfter = Duration::minutes(15);
    Duration watchInterval = Duration::minutes(1);
};

/// A worker, its listener and (for a demonstration) the sandbox gateway on threads of this process: one user needs nothing else.
/// Made, started and stopped by one thread.
class EmbeddedServices {
public:
    explicit EmbeddedServices(EmbeddedOptions options);
    ~EmbeddedServices();

    /// Sets the database up and starts everything. Errors: DatabaseInUse (a worker runs on it already), and those of WorkerHost::start(),
    /// setUpDatabase() and the sandbox.
    Result<void> start();
    void stop();

    WorkerHost& worker();
    /// The gateway that is paid at, and the key for it.
    QUrl gatewayUrl() const;
    QByteArray gatewayKey() const;
    /// What the sandbox counted; empty without one.
    QJsonObject sandboxStatistics() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace counterfoil
