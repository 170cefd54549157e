// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"

#include <QStringList>

namespace counterfoil {

/// What a process of its own shows, from its start to the first painting of it, after which it ends.
enum class StartKind { EmptyWindow, Console };

/// Runs this program as a child that shows it; milliseconds from the start of the process to the painting. Negative if it failed.
double startMs(StartKind kind, const DatabaseUrl& database);

/// In the child: its arguments are not for the benchmark. Returns the exit code.
bool isStartChild(const QStringList& arguments);
int runStartChild(const QStringList& arguments);

} // namespace counterfoil
