// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QByteArray>

namespace counterfoil {

/// The environment variable that holds the gateway's secret key where no file is configured.
inline constexpr const char* gatewayKeyVariable = "COUNTERFOIL_GATEWAY_KEY";

/// Reads a secret from a file that nobody but its owner can read or write: a regular file, mode 0600 or less, owned by
/// this user or root, at most 4 KiB. Spaces and line ends around the secret are dropped; it must be printable ASCII without
/// spaces. No error's detail holds any of it.
/// Errors: FileUnreadable, ConfigurationInvalid (mode, owner, kind, size or content).
Result<QByteArray> readSecretFile(const QString& path);

/// The gateway's key: from the file if a path is given, else from COUNTERFOIL_GATEWAY_KEY.
/// Errors: as readSecretFile; ConfigurationInvalid if there is neither.
Result<QByteArray> loadGatewayKey(const QString& path);

} // namespace counterfoil
