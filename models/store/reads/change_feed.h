// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace counterfoil {

/// Tells that something in the database was committed by somebody, so that what is visible can be read again. Lives in a thread
/// with an event loop; its connection is made there by start(). SQLite: asks `PRAGMA data_version` every 400 ms, and every 5 ms for a
/// while after something was written beside the file; it also sees that the file was taken away or replaced, which an open connection does not. PostgreSQL: LISTENs on `counterfoil_changed`, and looks every 5 s in case a notification was lost.
class ChangeFeed : public QObject {
    Q_OBJECT

public:
    static constexpr int pollMs = 400;
    static constexpr int slowPollMs = 5000;
    static constexpr int fastPollMs = 5;
    static constexpr int fastForMs = 300;
    /// Between two announcements; the upper one when what is read after them keeps this thread busy.
    static constexpr int quietMs = 8;
    static constexpr int quietMaxMs = 150;
    static constexpr int retryMs = 1000;

    explicit ChangeFeed(DatabaseUrl url, QObject* parent = nullptr);
    ~ChangeFeed() override;

    /// Opens the connection and begins; while the database is away it tries again every second.
    void start();

Q_SIGNALS:
    /// At most once in 15 ms, less often when the reads that follow take longer, and always once after the last change.
    void changed();
    /// Once per loss. `reason` is for logs.
    void connectionLost(const QString& reason);
    void connectionRestored();

private:
    void poll();
    Result<void> open();
    Result<QString> fingerprint();
    Result<void> checkFile();
    void lose(const Error& error);
    void announce();
    void handleQuiet();
    void watchLog();
    int pollDelayMs() const;

    DatabaseUrl m_url;
    std::unique_ptr<Connection> m_connection;
    QString m_seen;
    QString m_file;
    QTimer m_poll;
    QTimer m_quiet;
    QFileSystemWatcher m_watcher;
    /// Since something was last written.
    QElapsedTimer m_written;
    QElapsedTimer m_announced;
    bool m_pending = false;
    bool m_lost = false;
};

} // namespace counterfoil
