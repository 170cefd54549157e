// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"

#include <memory>

namespace counterfoil {

/// The right to be the one worker of a SQLite file (20-engine, One writer): held as long as this object lives, and never longer
/// than its process. The file PATH.lock stays; while the lock is held it says whose it is (process id, host, program). It
/// belongs to the file itself: a relative path or a symbolic link leads to the same lock. PostgreSQL and databases in memory need
/// no lock; theirs does nothing. Any thread may hold it.
class WriterLock {
public:
    /// Errors: DatabaseInUse (naming the owner), FileNotWritable (there can be no lock file).
    static Result<std::unique_ptr<WriterLock>> acquire(const DatabaseUrl& url);
    ~WriterLock();
    Q_DISABLE_COPY_MOVE(WriterLock)

private:
    explicit WriterLock(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace counterfoil
