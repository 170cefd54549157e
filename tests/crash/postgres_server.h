// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace counterfoil {

/// A PostgreSQL cluster of the test's own that may be killed. It is as durable as a real one: fsync, synchronous_commit and
/// full_page_writes are on, and nothing was left out when it was made. Errors are texts for the log, empty if there are none.
class PostgresServer {
public:
    PostgresServer();
    /// Kills what runs and removes the cluster.
    ~PostgresServer();

    QString create();
    /// Starts it on the port that it had, and returns at once.
    void launch();
    /// Whether it has recovered and takes connections. Starts it again if it gave up, which it does while children of the last one
    /// hold its memory.
    bool comesUp();
    /// launch() and as many looks as it takes.
    QString start();
    /// SIGKILL for the first process only: its children find out by themselves.
    QString killPostmaster();
    /// SIGKILL for all of its processes, none of which gets to know of another's death.
    QString killAll();
    /// `postgresql://postgres@127.0.0.1:PORT/postgres`
    QString url() const;
    bool isRunning() const { return m_process && m_process->state() != QProcess::NotRunning; }
    /// Processes that were killed so far.
    int killed() const { return m_killed; }
    QByteArray lastWords() const;

private:
    QString program(const char* name) const;
    std::unique_ptr<QProcess> processOf(const char* name, const QStringList& arguments) const;
    std::vector<qint64> children() const;

    QString m_programs;
    QTemporaryDir m_folder;
    QString m_data;
    quint16 m_port = 0;
    std::unique_ptr<QProcess> m_process;
    int m_killed = 0;
};

} // namespace counterfoil
