// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <set>

namespace counterfoil {

/// Which of these event ids of a gateway are stored already.
Result<std::set<QString>> knownCallbacks(Connection& connection, const QString& gateway, const QStringList& eventIds);

} // namespace counterfoil
