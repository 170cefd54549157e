// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/power_loss_disk.h"

#include <QString>

namespace counterfoil {

/// Lets SQLite keep its files on a disk that loses power, for as long as this lives. It asks for syncs where SQLite's own file system
/// for Unix does: of the folder with the first sync of a journal or log. The memory that connections share (-shm) dies with the power,
/// as theirs does: the first to open it empties it. Locks work between the connections of one thread.
class PowerLossVfs {
public:
    explicit PowerLossVfs(PowerLossDisk& disk);
    ~PowerLossVfs();
    PowerLossVfs(const PowerLossVfs&) = delete;
    PowerLossVfs& operator=(const PowerLossVfs&) = delete;

    /// The address of a file on the disk, for Connection::open: `file:/NAME?vfs=…`.
    QString uri(const char* name) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace counterfoil
