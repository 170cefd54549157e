// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/crash_lane.h"

namespace counterfoil {

struct LaneSetup {
    DatabaseKind kind = DatabaseKind::Sqlite;
    int workers = 1;
    LanePlan plan;
};

/// Lanes beside each other, and what must be true afterwards: every kill met requests under way, everything went on within ten seconds,
/// the gateway charged every payment once, `verify` is clean, and the books are those of a run in which nothing died.
/// Fails the current test where that isn't so.
class CrashRun {
public:
    explicit CrashRun(std::vector<LaneSetup> setups);
    ~CrashRun();

    void run();
    /// Orders that were refused while their database was away.
    qint64 refusals() const;
    /// Held at the kills, by the gateway's operation or else by kind.
    std::map<QString, qint64> held() const;

private:
    void prepare();
    void runLanes();
    void report();
    /// The same orders by one worker that lives, a gateway without faults, and SQLite.
    void runInPeace(int orders, Books& books);
    void finish(CrashStage& stage, int orders, Books& books);
    void agreeWithGateway(CrashStage& stage, const QJsonObject& statistics, const Books& books);

    const std::vector<LaneSetup> m_setups;
    std::vector<std::unique_ptr<CrashStage>> m_stages;
    std::vector<std::unique_ptr<CrashLane>> m_lanes;
};

} // namespace counterfoil
