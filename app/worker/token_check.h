// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/api_port.h"
#include "models/base/clock.h"

#include <QHash>
#include <QMutex>

namespace counterfoil {

/// Looks bearer tokens up and remembers good ones for five seconds, so that a revocation takes effect within that time.
/// From any thread; kept by a shared_ptr, since answers of the port may outlast a request.
class TokenCheck : public std::enable_shared_from_this<TokenCheck> {
public:
    TokenCheck(ApiPort& port, const Clock& clock) : m_port(port), m_clock(clock) {}

    /// The token's label, or none if it is unknown, revoked or of another scope. Errors: the database's.
    void find(const QByteArray& token, std::function<void(Result<std::optional<QString>>)> done);

private:
    struct Known {
        QString label;
        UtcTime until;
    };
    void remember(const QString& sha256, const QString& label);

    ApiPort& m_port;
    const Clock& m_clock;
    QMutex m_mutex;
    QHash<QString, Known> m_known;
};

} // namespace counterfoil
