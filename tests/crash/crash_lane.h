// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/crash_stage.h"
#include "tests/crash/postgres_server.h"

#include <QElapsedTimer>
#include <QTimer>

#include <random>

namespace counterfoil {

/// What dies.
enum class Victim {
    /// One of the workers; it is started again at once.
    Worker,
    /// The first process of the database's server, or all of them; they are started again after a while.
    Postmaster,
    WholeServer,
    /// Nothing does, but the database lets nobody in for a while.
    Connections,
};

struct LanePlan {
    Victim victim = Victim::Worker;
    /// Kills that meet requests under way; others aren't counted.
    int kills = 0;
    quint64 seed = 1;
    /// For the victims that are one.
    PostgresServer* server = nullptr;

    /// Orders that are posted on the way; some more than the kills use.
    int orders() const;
};

struct KillRecord {
    QString victim;
    /// Requests to the gateway that were under way, and all jobs that were held.
    qint64 requests = 0;
    qint64 jobs = 0;
    /// From the restart until every job that was held is taken up again, until three orders that were sent right after the restart are
    /// accepted, and until the first of them is paid: the gateway's own faults keep one or the other waiting, whoever died.
    qint64 takenUpMs = 0;
    qint64 acceptedMs = 0;
    qint64 paidMs = 0;
    qint64 recoveredMs() const { return std::max({takenUpMs, acceptedMs, paidMs}); }
};

/// Kills on one stage, one after the other: some work, a kill at a random moment with requests under way, and the time that it takes until
/// all is going on as before. Driven by the event loop, so that several lanes run beside each other.
class CrashLane : public QObject {
    Q_OBJECT

public:
    /// The stage is prepared and its workers run.
    CrashLane(CrashStage& stage, const LanePlan& plan);

    bool isDone() const { return m_state == State::Done; }
    /// What ended the lane before its time; empty if nothing did.
    const QString& problem() const { return m_problem; }
    const std::vector<KillRecord>& kills() const { return m_kills; }
    /// Held at the kills, by the gateway's operation or else by kind.
    const std::map<QString, qint64>& held() const { return m_held; }
    /// Kills of workers that had just been started, besides.
    int killsWhileStarting() const { return m_killsWhileStarting; }
    /// Kills that met nothing under way, besides.
    int killsInVain() const { return m_killsInVain; }
    /// Orders that were refused while the database was away.
    qint64 refusals() const { return m_refusals; }

private:
    enum class State { Working, Down, Recovering, Done };

    void tick();
    void beginCycle();
    void postDue();
    void work();
    void strike();
    void bringBack();
    void watch();
    Result<void> measure();
    void recover();
    void finishCycle();
    void end(const QString& problem);
    bool killVictim();
    Result<std::vector<HeldJob>> held(ServiceProcess& worker);
    int random(int below) { return static_cast<int>(m_random() % static_cast<quint32>(below)); }

    CrashStage& m_stage;
    const LanePlan m_plan;
    std::mt19937 m_random;
    QTimer m_ticks;
    State m_state = State::Working;
    /// Since the cycle began, since the victim died, since it was started again.
    QElapsedTimer m_cycle;
    QElapsedTimer m_down;
    QElapsedTimer m_recovery;
    int m_victim = 0;
    int m_strikeMs = 0;
    int m_downMs = 0;
    int m_secondKillMs = -1;
    /// Orders of this cycle: the first ones are placed right after the restart.
    int m_firstOrder = 1;
    int m_posted = 0;
    qint64 m_repetitionsBefore = 0;
    std::vector<HeldJob> m_underWay;
    KillRecord m_record;
    std::vector<KillRecord> m_kills;
    std::map<QString, qint64> m_held;
    QString m_problem;
    int m_killsWhileStarting = 0;
    int m_killsInVain = 0;
    qint64 m_refusals = 0;
};

} // namespace counterfoil
