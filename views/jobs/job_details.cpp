// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/job_details.h"

#include "models/tables/format.h"
#include "models/tables/job_queue_table.h"
#include "views/widgets/words.h"

#include <QCoreApplication>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("JobDetails", text);
}

/// A job that is due waits this long at most while a worker runs; what waits longer is worth a look.
constexpr Duration slack = Duration::minutes(1);

/// What a timer or an event asks of its order, in words: the payload begins with a version (timers) and names an event.
QString occasion(const Job& job)
{
    if (job.kind == JobKind::OrderTimer) {
        return eventWords(job.payload.section(QLatin1Char(' '), 1, 1).section(QLatin1Char('\n'), 0, 0));
    }
    return job.kind == JobKind::OrderEvent ? eventWords(job.payload.section(QLatin1Char('\n'), 0, 0)) : QString();
}

} // namespace

QList<Fact> jobFacts(const JobRow& row, UtcTime now)
{
    const Job& job = row.job;
    const bool failed = job.lastErrorClass != ErrorClass::None || !job.lastError.isEmpty();
    const QString attempts = job.attempt == 0 ? tr("none yet") : formatCount(job.attempt);
    return {
        {tr("Due"), formatTime(job.dueAt, now)},
        {tr("Occasion"), occasion(job)},
        {tr("Order"), row.orderNo, true},
        {tr("About"), jobSubjectText(job), true},
        {tr("Attempts"), attempts},
        {tr("Failing since"), formatTime(job.firstFailedAt, now)},
        {tr("Error class"), failed ? stateLabel(toString(job.lastErrorClass)) : QString()},
        {tr("Last error"), job.lastError, false, Ink::Danger},
        {tr("Worker"), job.leaseOwner},
        {tr("Lease until"), job.state == JobState::Leased ? formatTime(job.leaseUntil, now) : QString()},
        {tr("Created"), formatTime(job.createdAt, now)},
        {tr("Payload"), job.payload},
        {tr("Claims"), formatCount(job.epoch)},
        {tr("Key"), job.dedupeKey, true},
        {tr("Id"), job.id.toText(), true},
    };
}

QueueLine queueLine(const JobSummary& summary, UtcTime now)
{
    QStringList parts;
    const bool late = !summary.oldestDue.isNone() && now - summary.oldestDue > slack;
    if (summary.dueNow == 0) {
        parts << tr("Nothing is due now");
    } else {
        parts << tr("%1 due now, the oldest since %2").arg(formatCount(summary.dueNow), formatAge(now - summary.oldestDue));
    }
    if (summary.leased > 0) {
        parts << tr("%1 running").arg(formatCount(summary.leased));
    }
    if (summary.later > 0) {
        parts << tr("%1 later, the next %2").arg(formatCount(summary.later), formatDistance(summary.nextDue, now));
    }
    return {parts.join(QStringLiteral("  ·  ")), late, summary.parked > 0 ? tr("%1 parked").arg(formatCount(summary.parked)) : QString()};
}

} // namespace counterfoil
