// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QProcess>

namespace counterfoil {

/// One of our programs as a process of its own, which may be killed and started again. All it says is kept.
/// It waits by running the calling thread's event loop.
class ServiceProcess {
public:
    ServiceProcess(QString name, QString program, QStringList arguments);
    ~ServiceProcess();

    /// Starts the process and returns at once.
    void launch();
    /// It has said that it is ready; false when it ended or took longer than 20 s.
    bool awaitReady();
    bool start()
    {
        launch();
        return awaitReady();
    }
    bool isRunning() const { return m_process && m_process->state() != QProcess::NotRunning; }
    /// SIGKILL; returns when the process is gone. False: it wasn't there to be killed.
    bool kill();
    /// SIGTERM; true when it ends with 0 within 20 s.
    bool stop();

    /// 0 if it doesn't run.
    qint64 processId() const { return m_process ? m_process->processId() : 0; }
    UtcTime launchedAt() const { return m_launchedAt; }
    const QString& name() const { return m_name; }
    /// The last lines of everything it ever said.
    QByteArray lastWords(int lines) const;
    /// How often a text occurs in what it said.
    qsizetype said(const QByteArray& text) const { return m_output.count(text); }

private:
    void collect();

    const QString m_name;
    const QString m_program;
    const QStringList m_arguments;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_output;
    /// Where what the present process says begins.
    qsizetype m_begin = 0;
    UtcTime m_launchedAt;
};

} // namespace counterfoil
