// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/status_words.h"

#include "models/tables/format.h"

#include <QCoreApplication>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("StatusWords", text);
}

} // namespace

StatusWords workerWords(const SystemStatus& status, UtcTime now)
{
    if (status.workers.empty()) {
        return {tr("No worker has run yet"), tr("Payments wait until a worker runs."), Icon::Warning, Tone::Warning};
    }
    qint64 alive = 0;
    for (const WorkerStatus& worker : status.workers) {
        alive += worker.isAlive(now) ? 1 : 0;
    }
    if (status.databaseKind == DatabaseKind::Sqlite) {
        alive = std::min<qint64>(alive, 1); // it has one at a time; an earlier one has just ended
    }
    const WorkerStatus& newest = status.workers.front();
    const QString details = tr("%1, last heartbeat %2").arg(newest.worker, formatTime(newest.beatAt, now));
    if (alive == 0) {
        return {tr("No worker is running; last seen %1 ago").arg(formatAge(newest.age(now))), details, Icon::Warning, Tone::Danger};
    }
    const QString text = alive == 1 ? tr("Worker running") : tr("%1 workers running").arg(formatCount(alive));
    return {text, details, Icon::Check, Tone::Success};
}

StatusWords queueWords(const SystemStatus& status)
{
    const QueueDepth& queue = status.queue;
    const QString details = tr("%1 due now, %2 running, %3 later, %4 parked")
                                .arg(formatCount(queue.readyDue), formatCount(queue.leased), formatCount(queue.readyFuture), formatCount(queue.parked));
    if (queue.parked > 0) {
        return {tr("Queue %1 · %2 parked").arg(formatCount(queue.readyDue), formatCount(queue.parked)), details, Icon::Pause, Tone::Warning};
    }
    return {tr("Queue %1 due").arg(formatCount(queue.readyDue)), details, Icon::Clock, Tone::Neutral};
}

StatusWords caseWords(const SystemStatus& status)
{
    if (status.openCases == 0) {
        return {tr("No open cases"), {}, Icon::Flag, Tone::Neutral};
    }
    const QString text = status.openCases == 1 ? tr("1 open case") : tr("%1 open cases").arg(formatCount(status.openCases));
    const QString details = tr("%1 critical").arg(formatCount(status.criticalCases));
    return {text, details, Icon::Flag, status.criticalCases > 0 ? Tone::Danger : Tone::Warning};
}

} // namespace counterfoil
