// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "app/worker/worker_host.h"

namespace counterfoil {

/// Secrets that callbacks are signed with, separated by white space, where no file is named.
inline constexpr const char* callbackSecretVariable = "COUNTERFOIL_CALLBACK_SECRET";

/// What `counterfoil-worker` is told on its command line and in its environment.
struct WorkerSettings {
    WorkerOptions worker;
    LogOptions log;
    QString listenAddress;
    quint16 listenPort = 0;
    QStringList trustedProxies;
    std::vector<QByteArray> callbackSecrets;
};

void addWorkerOptions(CommandLine& commandLine);

/// Errors: ConfigurationInvalid, FileUnreadable; the detail names the option and holds no secret.
Result<WorkerSettings> readWorkerSettings(CommandLine& commandLine);

} // namespace counterfoil
