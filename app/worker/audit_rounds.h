// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit_sealer.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace counterfoil {

/// What a worker does beside payments, at its own pace: seals the audit trail, keeps the chain's head outside, and ends sessions that sit idle
/// in a transaction. Lives on the worker's thread; each step is short.
class AuditRounds : public QObject {
    Q_OBJECT

public:
    struct Parts {
        /// The writing connection, or none while the database is away.
        std::function<Connection*()> connection;
        /// Told when the database refused something.
        std::function<void(const Error&)> failed;
        const Clock& clock;
        /// Where the head is added to; empty: nowhere.
        QString anchorFile;
    };

    explicit AuditRounds(Parts parts);

    /// Errors: FileNotWritable, for the anchors' file.
    Result<void> start();
    /// Seals what can be sealed quickly, and keeps the head: before the worker ends.
    void finish();

private:
    void sealRound();
    void handleMinute();
    void keepHead();

    Parts m_parts;
    AuditSealer m_sealer;
    QTimer m_sealTimer;
    QTimer m_minuteTimer;
    /// The position that was kept last.
    qint64 m_kept = 0;
};

} // namespace counterfoil
