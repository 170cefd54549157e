// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/order_poster.h"
#include "tests/crash/service_process.h"
#include "tests/support/books.h"
#include "tests/support/server_logins.h"
#include "tests/support/test_database.h"

#include <QJsonObject>

namespace counterfoil {

struct StageOptions {
    DatabaseKind kind = DatabaseKind::Sqlite;
    /// Orders imported before a worker runs.
    int importedOrders = 0;
    int workers = 1;
    /// A file; empty: the gateway makes no faults.
    QString scenario;
    quint64 seed = 1;
    /// PostgreSQL: another server than the one that all tests share.
    QString server;
};

/// A job that a worker has claimed.
struct HeldJob {
    qint64 id = 0;
    qint64 epoch = 0;
    /// The gateway's operation that is under way, or else the job's kind.
    QString what;
    /// Something was sent to the gateway, or is about to be.
    bool isRequest = false;
};

/// A database, a gateway and workers as an administrator sets them up, each a process of its own. Errors are texts for the log.
class CrashStage {
public:
    explicit CrashStage(StageOptions options);
    ~CrashStage();

    /// Makes the database with `counterfoilctl`, imports the orders and starts the gateway, but no worker. Returns what went wrong.
    QString prepare();
    std::vector<std::unique_ptr<ServiceProcess>>& workers() { return m_workers; }
    OrderPoster& poster() { return *m_poster; }
    Connection& reader() { return m_database->reader(); }

    /// Jobs that a worker holds, or held in its last life.
    Result<std::vector<HeldJob>> heldBy(const ServiceProcess& worker);
    /// Jobs that workers hold and have to renew in the future.
    Result<std::vector<HeldJob>> heldByAnybody();
    /// Somebody has claimed each of these jobs again, or done with it.
    Result<bool> areTakenUp(const std::vector<HeldJob>& jobs);
    Result<bool> isPaid(const QString& orderNo);
    Result<qint64> callbacksStored();
    /// Jobs due within the hour.
    Result<qint64> jobsLeft();
    /// These jobs by kind and state, with attempts, errors and how long they wait yet.
    QByteArray describeJobs();
    /// Nothing is left to do, and the gateway has told all it had to tell; false after `waitMs`.
    bool settle(int waitMs);
    /// PostgreSQL: cuts everybody but the test off from the database, and lets nobody in again until it is told to.
    Result<void> setReachable(bool reachable);
    /// The test's own connections are opened anew.
    void reconnect() { m_database->reconnect(); }
    /// What the gateway counted; empty if it doesn't answer.
    QJsonObject gatewayStatistics();
    /// `counterfoilctl` with the database; its output, and whether it ended with 0.
    std::pair<bool, QByteArray> control(const QStringList& arguments) const;
    /// What the log should hold when something is wrong.
    QByteArray lastWords() const;

private:
    Result<std::vector<HeldJob>> held(const QString& condition, const QVariantList& values);
    QString makeDatabase();
    QString makePrice();
    QString makeWorkerLogin();
    QString writeFiles();
    QString startGateway();
    void makeWorkers();

    const StageOptions m_options;
    std::unique_ptr<TestDatabase> m_database;
    /// On PostgreSQL workers have a login that may do what a worker has to, and nothing else.
    DatabaseUrl m_workerUrl;
    std::unique_ptr<ServerLogins> m_logins;
    QTemporaryDir m_folder;
    QByteArray m_token;
    std::vector<quint16> m_ports;
    quint16 m_gatewayPort = 0;
    std::unique_ptr<ServiceProcess> m_gateway;
    std::vector<std::unique_ptr<ServiceProcess>> m_workers;
    std::unique_ptr<OrderPoster> m_poster;
};

} // namespace counterfoil
