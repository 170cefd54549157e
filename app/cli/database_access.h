// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/command_line.h"
#include "models/store/connection.h"
#include "models/store/writer_lock.h"

namespace counterfoil {

/// A database as the subcommands use it: the connection, and the right to write to it.
struct DatabaseAccess {
    /// Declared first: it is given back last.
    std::unique_ptr<WriterLock> lock;
    std::unique_ptr<Connection> connection;
};

enum class AccessMode {
    Read,
    /// As the one writer: takes the writer's lock.
    Write,
    /// A single row beside a running worker: without the lock.
    WriteBesideWorker,
};

/// The part of ids that tells this program from workers, where nobody says another.
inline constexpr int cliNode = 1000;

/// Opens the database of `--database` if it is of this program's version, and makes sure that it can be written to where it has to be.
/// Errors: those of CommandLine::database(), WriterLock::acquire() and openCurrent(); DatabaseReadOnly.
Result<DatabaseAccess> openDatabase(const CommandLine& line, AccessMode mode, const Clock& clock);

/// Says that the database can't be used. Gives 2: nothing was begun.
int unusable(const CommandLine& line, const Error& error, const QString& notDone);

/// Says that what was begun did not succeed. Gives 1.
int failed(const CommandLine& line, const Error& error, const QString& notDone);

/// Says what is wrong with the arguments. Gives 2.
int misused(const CommandLine& line, const QString& wrong);

} // namespace counterfoil
