// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QFile>
#include <QJsonObject>

#include <functional>

namespace counterfoil {

/// The machine's clock, except while a journal is read back, when it shows what the journal says.
class SandboxClock final : public Clock {
public:
    UtcTime now() const override { return m_shown.isNone() ? m_system.now() : m_shown; }
    /// UtcTime() goes back to the machine's.
    void show(UtcTime time) { m_shown = time; }

private:
    SystemClock m_system;
    UtcTime m_shown;
};

/// Every call that may change something, one JSON object a line, written before it is run: since ids and outcomes depend
/// on the seed and the calls only, running them again gives the same objects. Survives the end of the process, not of the
/// machine. Without a file every function does nothing.
class SandboxJournal {
public:
    /// Reads the file, handing each entry to `replay`, then keeps it open for append(). A last line that was cut off is
    /// dropped. Errors: FileNotWritable, MalformedInput (line), ConfigurationInvalid (made with another seed).
    Result<void> open(const QString& fileName, quint64 seed, const std::function<void(const QJsonObject&)>& replay);
    void append(const QJsonObject& entry);
    /// Empties the file.
    void clear();

private:
    void writeHeader();

    QFile m_file;
    quint64 m_seed = 0;
};

} // namespace counterfoil
