// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/service_process.h"
#include "tests/support/test_database.h"

namespace counterfoil {

/// The real worker on a fresh database, with a gateway that the test names.
class WorkerStage {
public:
    static const QByteArray callbackSecret;
    static const QByteArray token;

    WorkerStage(DatabaseKind kind, const QString& gatewayUrl);

    /// Sets the database up and starts the program; what went wrong, or nothing.
    QString start();
    quint16 port() const { return m_port; }
    TestDatabase& database() { return *m_database; }
    ServiceProcess& process() { return *m_process; }
    /// The program's memory now (VmRSS), and its open files.
    qint64 residentKiB() const;
    qint64 openFiles() const;

private:
    QString writeFile(const QString& name, const QByteArray& content) const;

    std::unique_ptr<TestDatabase> m_database;
    QTemporaryDir m_folder;
    std::unique_ptr<ServiceProcess> m_process;
    quint16 m_port = 0;
};

} // namespace counterfoil
