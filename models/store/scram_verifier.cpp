// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/scram_verifier.h"

#include <libpq-fe.h>

#include <memory>

namespace counterfoil {

Result<QString> scramVerifier(const QString& password)
{
    // It needs a connection for its words about an error only, and this one leads nowhere.
    const std::unique_ptr<PGconn, void (*)(PGconn*)> nowhere(PQconnectStart("host=/nowhere"), PQfinish);
    const std::unique_ptr<char, void (*)(void*)> verifier(PQencryptPasswordConn(nowhere.get(), password.toUtf8().constData(), "", "scram-sha-256"), PQfreemem);
    return verifier ? Result<QString>(QString::fromLatin1(verifier.get())) : fail(ErrorCode::Internal, QStringLiteral("the password's verifier can't be made"));
}

} // namespace counterfoil
