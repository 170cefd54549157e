// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/embedded_services.h"
#include "app/console/console_options.h"
#include "views/desk/gateway_glance.h"

#include <atomic>
#include <thread>

namespace counterfoil {

/// What the console runs in its own process when it is the only program: worker, listener and, without a key for a real gateway, the
/// sandbox. The demonstration also imports its orders, on a thread of its own, so that the screens show them coming in.
class ConsoleServices {
public:
    explicit ConsoleServices(const ConsoleOptions& options) : m_options(options) {}
    ~ConsoleServices();

    /// Does nothing when a database was named, and when a worker has the database already: then this is one more client.
    /// Errors: those of EmbeddedServices::start().
    Result<void> start();

    /// What the console may look payments up with: the key that was named, else that of the worker in this process; none: no looking.
    /// Errors: those of readSecretFile().
    Result<GatewayAccess> gatewayAccess() const;

private:
    void importDemonstration();

    const ConsoleOptions m_options;
    std::unique_ptr<EmbeddedServices> m_services;
    std::thread m_import;
    std::atomic<bool> m_cancelled{false};
};

} // namespace counterfoil
