// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_lane.h"

namespace counterfoil {

namespace {

constexpr int tickMs = 20;
constexpr int ordersPerCycle = 20;
/// The first of them, which are sent right after the restart.
constexpr int probes = 3;
constexpr int betweenOrdersMs = 90;
constexpr int strikeMsMin = 200;
constexpr int strikeMsMax = 1'800;
/// Nothing comes under way any more.
constexpr int strikePatienceMs = 5'000;
constexpr int downMsMin = 300;
constexpr int downMsMax = 2'000;
/// Of four restarts one is met by another kill before the worker is ready.
constexpr int kindsOfRestart = 4;
constexpr int startingMsMax = 150;
constexpr int giveUpMs = 60'000;

} // namespace

int LanePlan::orders() const
{
    return (kills + kills / 4 + 1) * ordersPerCycle;
}

CrashLane::CrashLane(CrashStage& stage, const LanePlan& plan) : m_stage(stage), m_plan(plan), m_random(static_cast<quint32>(plan.seed))
{
    connect(&m_ticks, &QTimer::timeout, this, &CrashLane::tick);
    m_ticks.start(tickMs);
    beginCycle();
}

void CrashLane::beginCycle()
{
    m_state = State::Working;
    m_posted = probes;
    m_record = KillRecord();
    m_victim = random(static_cast<int>(m_stage.workers().size()));
    m_strikeMs = strikeMsMin + random(strikeMsMax - strikeMsMin);
    m_secondKillMs = -1;
    m_cycle.start();
}

void CrashLane::tick()
{
    switch (m_state) {
    case State::Working:
        postDue();
        work();
        break;
    case State::Down:
        postDue();
        bringBack();
        break;
    case State::Recovering:
        postDue();
        watch();
        break;
    case State::Done:
        break;
    }
}

void CrashLane::postDue()
{
    while (m_posted < ordersPerCycle && m_cycle.elapsed() >= m_posted * betweenOrdersMs) {
        const int number = m_firstOrder + m_posted++;
        m_stage.poster().post(number, number);
    }
}

Result<std::vector<HeldJob>> CrashLane::held(ServiceProcess& worker)
{
    return m_plan.victim == Victim::Worker ? m_stage.heldBy(worker) : m_stage.heldByAnybody();
}

void CrashLane::work()
{
    if (m_cycle.elapsed() < m_strikeMs) {
        return;
    }
    ServiceProcess& worker = *m_stage.workers()[static_cast<std::size_t>(m_victim)];
    const auto jobs = held(worker);
    if (!jobs) {
        end(jobs.error().text());
        return;
    }
    const bool met = std::ranges::any_of(*jobs, [](const HeldJob& job) { return job.isRequest; });
    if (met || m_cycle.elapsed() > m_strikeMs + strikePatienceMs) {
        m_underWay = *jobs;
        strike();
    }
}

bool CrashLane::killVictim()
{
    switch (m_plan.victim) {
    case Victim::Worker:
        return m_stage.workers()[static_cast<std::size_t>(m_victim)]->kill();
    case Victim::Postmaster:
        return m_plan.server->killPostmaster().isEmpty();
    case Victim::WholeServer:
        return m_plan.server->killAll().isEmpty();
    case Victim::Connections:
        return m_stage.setReachable(false).has_value();
    }
    return false;
}

void CrashLane::strike()
{
    ServiceProcess& worker = *m_stage.workers()[static_cast<std::size_t>(m_victim)];
    m_repetitionsBefore = m_stage.poster().repetitions();
    if (!killVictim()) {
        end(QStringLiteral("there was nothing to be killed"));
        return;
    }
    m_down.start();
    if (m_plan.victim == Victim::Worker) {
        // What the dead really held; a dead server can't be asked.
        const auto jobs = m_stage.heldBy(worker);
        if (!jobs) {
            end(jobs.error().text());
            return;
        }
        m_underWay = *jobs;
        m_record.victim = worker.name();
        m_secondKillMs = random(kindsOfRestart) == 0 ? random(startingMsMax) : -1;
        worker.launch();
        recover();
        return;
    }
    m_record.victim = QStringLiteral("the database");
    m_downMs = downMsMin + random(downMsMax - downMsMin);
    m_state = State::Down;
}

void CrashLane::bringBack()
{
    if (m_down.elapsed() < m_downMs) {
        return;
    }
    if (m_plan.victim == Victim::Connections) {
        if (const auto reachable = m_stage.setReachable(true); !reachable) {
            end(reachable.error().text());
            return;
        }
    } else if (!m_plan.server->comesUp()) {
        if (m_down.elapsed() > giveUpMs) {
            end(QStringLiteral("the server doesn't come back: ") + QString::fromUtf8(m_plan.server->lastWords()));
        }
        return;
    }
    m_stage.reconnect();
    m_refusals += m_stage.poster().repetitions() - m_repetitionsBefore;
    recover();
}

void CrashLane::recover()
{
    m_record.jobs = static_cast<qint64>(m_underWay.size());
    for (const HeldJob& job : m_underWay) {
        m_record.requests += job.isRequest ? 1 : 0;
        ++m_held[job.what];
    }
    m_recovery.start();
    m_state = State::Recovering;
    for (int i = 0; i < probes; ++i) {
        m_stage.poster().postTo(m_victim, m_firstOrder + i);
    }
}

void CrashLane::watch()
{
    ServiceProcess& worker = *m_stage.workers()[static_cast<std::size_t>(m_victim)];
    if (m_secondKillMs >= 0 && m_recovery.elapsed() >= m_secondKillMs) {
        m_secondKillMs = -1;
        ++m_killsWhileStarting;
        if (!worker.kill()) {
            end(QStringLiteral("the worker didn't live as long as it was to"));
            return;
        }
        worker.launch();
    }
    if (const auto measured = measure(); !measured) {
        end(measured.error().text());
    } else if (m_record.takenUpMs > 0 && m_record.acceptedMs > 0 && m_record.paidMs > 0) {
        finishCycle();
    } else if (m_recovery.elapsed() > giveUpMs) {
        end(QStringLiteral("not over the death of %1: taken up after %2 ms, accepted after %3, paid after %4\n%5").arg(m_record.victim).arg(m_record.takenUpMs).arg(m_record.acceptedMs)
                .arg(m_record.paidMs).arg(QString::fromUtf8(m_stage.describeJobs())));
    }
}

Result<void> CrashLane::measure()
{
    bool accepted = true;
    bool paid = false;
    for (int number = m_firstOrder; number < m_firstOrder + probes; ++number) {
        accepted = accepted && m_stage.poster().ids().contains(OrderPoster::numberOf(number));
        CF_ASSIGN(const bool isPaid, m_stage.isPaid(OrderPoster::numberOf(number)));
        paid = paid || isPaid;
    }
    CF_ASSIGN(const bool takenUp, m_stage.areTakenUp(m_underWay));
    const qint64 nowMs = std::max<qint64>(1, m_recovery.elapsed());
    m_record.takenUpMs = m_record.takenUpMs == 0 && takenUp ? nowMs : m_record.takenUpMs;
    m_record.acceptedMs = m_record.acceptedMs == 0 && accepted ? nowMs : m_record.acceptedMs;
    m_record.paidMs = m_record.paidMs == 0 && paid ? nowMs : m_record.paidMs;
    return {};
}

void CrashLane::finishCycle()
{
    if (m_record.requests > 0) {
        m_kills.push_back(m_record);
    } else {
        ++m_killsInVain;
    }
    m_firstOrder += ordersPerCycle;
    if (m_posted < ordersPerCycle) {
        m_stage.poster().post(m_firstOrder - ordersPerCycle + m_posted, m_firstOrder - 1);
    }
    const bool isEnough = static_cast<int>(m_kills.size()) >= m_plan.kills;
    const bool isOut = m_firstOrder > m_plan.orders();
    if (!isEnough && !isOut) {
        beginCycle();
        return;
    }
    m_stage.poster().post(m_firstOrder, m_plan.orders());
    end(isEnough ? QString() : QStringLiteral("%1 kills met nothing under way").arg(m_killsInVain));
}

void CrashLane::end(const QString& problem)
{
    m_problem = problem;
    m_state = State::Done;
    m_ticks.stop();
}

} // namespace counterfoil
