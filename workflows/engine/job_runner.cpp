// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/job_runner.h"

#include "models/base/planted_bug.h"
#include "models/store/job_queue.h"
#include "workflows/engine/job_factory.h"

namespace counterfoil {

namespace {

constexpr int rerunsMax = 5;
constexpr int questionStepMax = 5;

/// At once, that is. A busy database has had its seconds already: the next round tries again, and leases are renewed before.
bool isWorthRerunning(ErrorCode code)
{
    return code == ErrorCode::SerializationFailure;
}

/// Another worker claimed a job of an order that we hold, between our look and our write.
bool wasOvertaken(ErrorCode code)
{
    return code == ErrorCode::VersionConflict;
}

/// The database itself is in trouble: no reason to run the jobs one by one.
bool isOutage(ErrorCode code)
{
    return code == ErrorCode::DatabaseUnavailable || code == ErrorCode::DatabaseFull || code == ErrorCode::DatabaseReadOnly || code == ErrorCode::DatabaseCorrupt
        || code == ErrorCode::DatabaseBusy || isWorthRerunning(code);
}

QString caseKey(JobId job)
{
    return QStringLiteral("job:%1").arg(job.value());
}

/// Apart from the case of a job that goes on trying: that one is less grave.
QString parkedKey(JobId job)
{
    return QStringLiteral("parked:%1").arg(job.value());
}

/// A job without a loaded order has its case all the same.
Result<void> loadJobCases(UnitOfWork& work, std::span<const Job> jobs)
{
    std::set<QString> keys{gatewayKeyCase};
    for (const Job& job : jobs) {
        keys.insert(caseKey(job.id));
        keys.insert(parkedKey(job.id));
    }
    return work.loadCases(keys);
}

/// Runs again with everything loaded (`deep`): one of the reasons is that a job came upon more than it usually needs.
template<class Function>
auto rerun(Function function) -> decltype(function(true))
{
    auto outcome = function(false);
    for (int i = 0; i < rerunsMax && !outcome && (isWorthRerunning(outcome.error().code) || wasOvertaken(outcome.error().code)); ++i) {
        outcome = function(true);
    }
    return outcome;
}

/// What came of one job is not its own failure if too little was loaded.
Result<void> lackOf(const UnitOfWork& work)
{
    return work.lacksDepth() ? fail(ErrorCode::SerializationFailure, QStringLiteral("more is needed than was loaded")) : Result<void>();
}

/// Behind a question that the gateway doesn't answer is money that it may have taken.
void openEscalated(UnitOfWork& work, const Job& job)
{
    const QString times = QStringLiteral("failed %1 times, at last with %2").arg(job.attempt).arg(job.lastError);
    if (job.kind == JobKind::GatewayPoll) {
        openCase(work, {QStringLiteral("gateway_silent"), CaseSeverity::Critical, job.order, caseKey(job.id),
                        QStringLiteral("The gateway doesn't say what became of it: the question has %1.").arg(times)});
    } else {
        openCase(work, {QStringLiteral("job_escalated"), CaseSeverity::Warning, job.order, caseKey(job.id), QStringLiteral("%1 has %2.").arg(toString(job.kind), times)});
    }
}

} // namespace

JobRunner::JobRunner(Connection& connection, const Clock& clock, IdSource& ids, const JobHandlers& handlers, Options options)
    : m_connection(connection), m_clock(clock), m_ids(ids), m_handlers(handlers), m_options(std::move(options)), m_random(m_options.seed)
{
}

Result<std::vector<Job>> JobRunner::claim(UnitOfWork& work, int remoteCapacity)
{
    CF_ASSIGN(std::vector<Job> jobs, findDueJobs(m_connection, work.now(), {.local = m_options.batch, .remote = std::min(remoteCapacity, m_options.batch)}));
    for (Job& job : jobs) {
        work.jobs.adopt(job);
        Job& row = work.jobs.edit(job.id);
        row.state = JobState::Leased;
        row.leaseOwner = m_options.owner;
        row.leaseUntil = work.now() + m_options.lease;
        ++row.epoch;
        job = row;
    }
    return jobs;
}

Result<JobRunner::Round> JobRunner::runDue(int remoteCapacity)
{
    // On PostgreSQL the claim is committed before anything else is locked, so that no claimed row is held while another is waited for.
    // SQLite has one writer: claim and work are one transaction.
    std::vector<Job> claimed;
    const bool apart = m_connection.kind() == DatabaseKind::Postgresql;
    if (apart) {
        const auto claimedNow = rerun([&](bool) -> Result<std::vector<Job>> {
            UnitOfWork work(m_connection, m_clock, m_ids);
            CF_TRY(work.begin());
            CF_ASSIGN(std::vector<Job> jobs, claim(work, remoteCapacity));
            CF_TRY(work.commit());
            return jobs;
        });
        CF_ASSIGN(claimed, claimedNow);
        if (claimed.empty()) {
            return Round{};
        }
    }
    auto round = rerun([&](bool deep) { return runTogether(apart ? &claimed : nullptr, remoteCapacity, deep); });
    if (round || isOutage(round.error().code)) {
        return round;
    }
    // One job's write spoils the batch: run them one by one, so that only that one fails.
    ++m_statistics.batchesSplit;
    if (!apart) {
        UnitOfWork look(m_connection, m_clock, m_ids);
        CF_TRY(look.begin());
        CF_ASSIGN(claimed, claim(look, remoteCapacity));
        CF_TRY(look.commit());
    }
    Round split;
    for (const Job& job : claimed) {
        const std::vector<Job> alone{job};
        auto one = rerun([&](bool deep) { return runTogether(&alone, remoteCapacity, deep); });
        if (one) {
            split.claimed += one->claimed;
            std::ranges::move(one->calls, std::back_inserter(split.calls));
            continue;
        }
        // What was committed as being sent has to be sent; the next round meets an outage itself.
        const Result<void> noted = isOutage(one.error().code) ? Result<void>(std::unexpected<Error>(one.error())) : failAlone(job, one.error());
        if (!noted) {
            return split.calls.empty() ? Result<Round>(std::unexpected<Error>(noted.error())) : Result<Round>(std::move(split));
        }
    }
    return split;
}

Result<void> JobRunner::failAlone(const Job& claimed, const Error& error)
{
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    const std::array ids{claimed.id};
    CF_ASSIGN(const std::vector<Job> rows, loadJobs(m_connection, ids));
    CF_TRY(work.loadCases({caseKey(claimed.id), parkedKey(claimed.id)}));
    if (!rows.empty() && rows.front().epoch == claimed.epoch && rows.front().state == JobState::Leased) {
        work.jobs.adopt(rows.front());
        fail(work, claimed.id, error);
    }
    return work.commit();
}

Result<JobRunner::Round> JobRunner::runTogether(const std::vector<Job>* claimed, int remoteCapacity, bool deep)
{
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    std::vector<Job> jobs;
    if (!claimed) {
        CF_ASSIGN(jobs, claim(work, remoteCapacity));
    } else {
        jobs = *claimed;
    }
    Round round;
    if (jobs.empty()) {
        return round;
    }
    std::vector<OrderDepth> depths;
    for (const Job& job : jobs) {
        depths.push_back(deep ? OrderDepth::Full : JobHandlers::usualDepth(job));
    }
    CF_TRY(m_handlers.load(work, jobs, depths));
    CF_TRY(loadJobCases(work, jobs));
    if (claimed) {
        // A job without an order didn't come with its order's jobs; what came in the meantime counts.
        std::vector<JobId> ids;
        for (const Job& job : jobs) {
            ids.push_back(job.id);
        }
        CF_ASSIGN(const std::vector<Job> rows, loadJobs(m_connection, ids));
        for (const Job& row : rows) {
            work.jobs.adopt(row);
        }
    }
    for (const Job& job : jobs) {
        const Job* row = work.jobs.find(job.id);
        const bool ours = row && row->epoch == job.epoch && row->state != JobState::Done && row->state != JobState::Cancelled;
        if (ours) {
            CF_TRY(runOne(work, job, round));
        }
    }
    CF_TRY(work.commit());
    round.claimed = static_cast<int>(jobs.size());
    ++m_statistics.batches;
    m_statistics.requestsPrepared += static_cast<qint64>(round.calls.size());
    return round;
}

Result<void> JobRunner::runOne(UnitOfWork& work, const Job& job, Round& round)
{
    work.mark();
    auto request = m_handlers.run(work, job);
    ++m_statistics.jobsRun;
    CF_TRY(lackOf(work));
    if (!request) {
        work.fallBack();
        fail(work, job.id, request.error());
        return {};
    }
    if (!*request) {
        finish(work, job);
        return {};
    }
    Job& row = work.jobs.edit(job.id);
    row.state = JobState::Leased;
    row.leaseOwner = m_options.owner;
    row.leaseUntil = work.now() + m_options.lease;
    ++row.attempt;
    round.calls.push_back({row, std::move(**request)});
    return {};
}

Result<void> JobRunner::applyAnswers(std::span<const RemoteAnswer> answers)
{
    if (answers.empty()) {
        return {};
    }
    const auto together = rerun([&](bool deep) { return applyTogether(answers, deep); });
    if (together || isOutage(together.error().code)) {
        return together;
    }
    ++m_statistics.batchesSplit;
    for (const RemoteAnswer& answer : answers) {
        const auto one = rerun([&](bool deep) { return applyTogether(std::span(&answer, 1), deep); });
        if (!one && isOutage(one.error().code)) {
            return one;
        }
        if (!one) {
            CF_TRY(failAlone(answer.call.job, one.error()));
        }
    }
    return {};
}

Result<void> JobRunner::applyTogether(std::span<const RemoteAnswer> answers, bool deep)
{
    UnitOfWork work(m_connection, m_clock, m_ids);
    CF_TRY(work.begin());
    std::vector<Job> jobs;
    std::vector<JobId> ids;
    std::vector<OrderDepth> depths;
    for (const RemoteAnswer& answer : answers) {
        jobs.push_back(answer.call.job);
        ids.push_back(answer.call.job.id);
        depths.push_back(deep ? OrderDepth::Full : JobHandlers::usualDepth(answer.call.request, answer.answer));
    }
    CF_TRY(m_handlers.load(work, jobs, depths));
    CF_TRY(loadJobCases(work, jobs));
    // With one writer what came with the orders is as it is; otherwise the rows are locked.
    if (m_connection.kind() == DatabaseKind::Sqlite) {
        std::erase_if(ids, [&work](JobId id) { return work.jobs.find(id) != nullptr; });
    }
    CF_ASSIGN(const std::vector<Job> rows, loadJobs(m_connection, ids));
    for (const Job& row : rows) {
        work.jobs.adopt(row);
    }
    for (const RemoteAnswer& answer : answers) {
        const Job* row = work.jobs.find(answer.call.job.id);
        const bool isOurs = row && row->state == JobState::Leased && row->epoch == answer.call.job.epoch;
        if (!isOurs && !(row && isPlanted(PlantedBug::NoFencing))) {
            ++m_statistics.answersDropped;
            continue;
        }
        CF_TRY(applyOne(work, answer));
        ++m_statistics.answersApplied;
    }
    return work.commit();
}

Result<void> JobRunner::applyOne(UnitOfWork& work, const RemoteAnswer& answer)
{
    const JobId id = answer.call.job.id;
    work.mark();
    const auto effect = m_handlers.answer(work, answer.call.job, answer.call.request, answer.answer);
    CF_TRY(lackOf(work));
    if (!effect) {
        work.fallBack();
        // What the gateway said is kept, whatever could not be made of it.
        GatewayDialogue::record(work, answer.call.request, answer.answer);
        fail(work, id, effect.error());
    } else if (effect->parked) {
        park(work, id, Error{effect->parkedFor, effect->error});
    } else if (effect->retry) {
        if (!effect->tried) {
            --work.jobs.edit(id).attempt;
        }
        retryLater(work, id, Error{ErrorCode::GatewayNotSent, effect->error}, effect->retryAfter);
    } else {
        finish(work, answer.call.job);
    }
    return {};
}

Result<void> JobRunner::renew(std::span<const JobId> jobs)
{
    if (jobs.empty()) {
        return {};
    }
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(m_connection));
    CF_TRY(renewLeases(m_connection, m_options.owner, jobs, m_clock.now() + m_options.lease));
    return transaction.commit();
}

void JobRunner::finish(UnitOfWork& work, const Job& claimed)
{
    Job& job = work.jobs.edit(claimed.id);
    job.leaseOwner.clear();
    job.leaseUntil = UtcTime();
    // Asked for again while it ran (see addJob): that moment may have passed already, so it is compared with the claimed one.
    job.state = job.dueAt != claimed.dueAt ? JobState::Ready : JobState::Done;
    job.attempt = 0;
    job.lastErrorClass = ErrorClass::None;
    job.lastError.clear();
    job.firstFailedAt = UtcTime();
}

void JobRunner::retryLater(UnitOfWork& work, JobId id, const Error& error, Duration atLeast)
{
    ++m_statistics.jobsFailed;
    Job& job = work.jobs.edit(id);
    job.state = JobState::Ready;
    job.leaseOwner.clear();
    job.leaseUntil = UtcTime();
    job.lastErrorClass = classify(error.code);
    job.lastError = error.text().left(500);
    if (job.firstFailedAt.isNone()) {
        job.firstFailedAt = work.now();
    }
    // To ask costs nothing and decides: questions don't wait for minutes.
    const int step = job.kind == JobKind::GatewayPoll ? std::min(job.attempt, questionStepMax) : job.attempt;
    job.dueAt = work.now() + std::max(atLeast, backoff(step, static_cast<quint32>(m_random())));
    if (hasEscalated(job, work.now(), m_options.escalateAfter)) {
        openEscalated(work, job);
    }
}

void JobRunner::park(UnitOfWork& work, JobId id, const Error& error)
{
    ++m_statistics.jobsParked;
    Job& job = work.jobs.edit(id);
    job.state = JobState::Parked;
    job.leaseOwner.clear();
    job.leaseUntil = UtcTime();
    job.lastErrorClass = classify(error.code);
    job.lastError = error.text().left(500);
    const bool integrity = job.lastErrorClass == ErrorClass::Integrity;
    openCase(work, {integrity ? QStringLiteral("integrity") : QStringLiteral("job_parked"), integrity ? CaseSeverity::Critical : CaseSeverity::Warning, job.order,
                    parkedKey(id), QStringLiteral("%1: %2").arg(toString(job.kind), job.lastError)});
}

void JobRunner::fail(UnitOfWork& work, JobId id, const Error& error)
{
    const ErrorClass errorClass = classify(error.code);
    if (errorClass == ErrorClass::Transient || errorClass == ErrorClass::Unknown) {
        ++work.jobs.edit(id).attempt;
        retryLater(work, id, error, {});
    } else {
        park(work, id, error);
    }
}

} // namespace counterfoil
