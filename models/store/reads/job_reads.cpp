// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/job_reads.h"

#include "models/store/process_tables.h"
#include "models/store/reads/id_pages.h"

#include <algorithm>

namespace counterfoil {

namespace {

bool isOver(JobState state)
{
    return state == JobState::Done || state == JobState::Cancelled;
}

/// What the text names. True if it restricts the list to the jobs of one order or to one job.
Result<bool> addFreeText(Connection& connection, const QString& typed, Condition& condition)
{
    const QString text = typed.trimmed();
    if (text.isEmpty()) {
        return false;
    }
    if (const auto job = JobId::parse(text)) {
        condition.add(QStringLiteral("id = ?"), {bound(*job)});
        return true;
    }
    CF_ASSIGN(const Landing landing, landingOf(connection, text));
    OrderId order = landing.order;
    if (order.isNone()) {
        CF_ASSIGN(order, orderOfNumber(connection, text));
    }
    if (order.isNone()) {
        CF_ASSIGN(order, orderOfGatewayRef(connection, text));
    }
    // No order has the id 0.
    condition.add(QStringLiteral("order_id = ?"), {bound(order.value())});
    return true;
}

Result<IdList> historyOf(Connection& connection, const JobFilter& filter)
{
    IdList list{QStringLiteral("job"), {}};
    CF_ASSIGN(const bool isNarrow, addFreeText(connection, filter.freeText, list.condition));
    if (!isNarrow) {
        CF_TRY(keepNewest(connection, list));
    }
    list.condition.addOneOf(QStringLiteral("state"), namesOf(filter.states));
    list.condition.addOneOf(QStringLiteral("kind"), namesOf(filter.kinds));
    return list;
}

/// What is to come, one condition per state: each has an index of its own, which serves only a state that stands in the text.
Result<std::vector<Condition>> comingOf(Connection& connection, const JobFilter& filter)
{
    std::vector<Condition> parts;
    const auto addPart = [&](JobState state, const QString& term) -> Result<void> {
        if (!filter.states.isEmpty() && !filter.states.contains(state)) {
            return {};
        }
        Condition& part = parts.emplace_back();
        part.add(term);
        CF_TRY(addFreeText(connection, filter.freeText, part));
        part.addOneOf(QStringLiteral("kind"), namesOf(filter.kinds));
        return {};
    };
    CF_TRY(addPart(JobState::Ready, QStringLiteral("state = 'ready'")));
    CF_TRY(addPart(JobState::Leased, QStringLiteral("state = 'leased'")));
    CF_TRY(addPart(JobState::Parked, QStringLiteral("state = 'parked'")));
    return parts;
}

void addBeyond(Condition& part, const PageRequest& request)
{
    if (request.anchor) {
        const QStringList behind{QStringLiteral("(due_at, id) > (?, ?)"), QStringLiteral("(due_at, id) >= (?, ?)")};
        const QStringList ahead{QStringLiteral("(due_at, id) < (?, ?)"), QStringLiteral("(due_at, id) <= (?, ?)")};
        part.add((request.backward ? ahead : behind)[request.inclusive ? 1 : 0], {bound(request.anchor->first), bound(request.anchor->second)});
    }
}

/// The ids of a page of what is to come: the beginnings of the parts, merged.
BoundText idsOfComing(std::vector<Condition> parts, const PageRequest& request)
{
    const QString order = request.backward ? QStringLiteral("ORDER BY due_at DESC, id DESC") : QStringLiteral("ORDER BY due_at, id");
    QStringList selects;
    QVariantList values;
    for (Condition& part : parts) {
        addBeyond(part, request);
        selects << joined({QStringLiteral("SELECT id, due_at FROM (SELECT id, due_at FROM job"), part.where(), order, QStringLiteral("LIMIT ?) AS part")});
        values << part.values << bound(request.limit + request.skip);
    }
    return {joined({QStringLiteral("SELECT id FROM ("), selects.join(QStringLiteral(" UNION ALL ")), QStringLiteral(") AS merged"), order,
                    QStringLiteral("LIMIT ? OFFSET ?")}),
            values << bound(request.limit) << bound(request.skip)};
}

Result<qint64> countComing(Connection& connection, const std::vector<Condition>& parts)
{
    qint64 count = 0;
    for (const Condition& part : parts) {
        CF_ASSIGN(const qint64 some, integer(connection, joined({QStringLiteral("SELECT count(*) FROM job"), part.where()}), part.values));
        count += some;
    }
    return count;
}

Result<std::vector<JobRow>> jobRows(Connection& connection, const QString& tail, const QVariantList& values)
{
    QStringList columns;
    for (const QString& column : tableText<Job>().columns) {
        columns << QStringLiteral("j.") + column;
    }
    const QString sql = joined({QStringLiteral("SELECT"), columns.join(u','), QStringLiteral(", coalesce(o.order_no, '') FROM job j LEFT JOIN orders o ON o.id = j.order_id"), tail});
    std::vector<JobRow> rows;
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        JobRow& job = rows.emplace_back();
        detail::Read read{row};
        TableOf<Job>::visit(read, job.job);
        read("order_no", job.orderNo);
        return read.outcome;
    }));
    return rows;
}

} // namespace

bool JobFilter::isHistory() const
{
    return std::ranges::any_of(states, isOver);
}

RowKey jobKey(const Job& job, const JobFilter& filter)
{
    return filter.isHistory() ? RowKey{job.id.value(), 0} : RowKey{job.dueAt.micros(), job.id.value()};
}

Result<std::vector<JobRow>> jobPage(Connection& connection, const JobFilter& filter, const PageRequest& request)
{
    if (filter.isHistory()) {
        CF_ASSIGN(const IdList list, historyOf(connection, filter));
        const BoundText ids = idsOfPage(list, request);
        return jobRows(connection, joined({QStringLiteral("WHERE j.id IN ("), ids.text, QStringLiteral(") ORDER BY j.id DESC")}), ids.values);
    }
    CF_ASSIGN(const std::vector<Condition> parts, comingOf(connection, filter));
    const BoundText ids = idsOfComing(parts, request);
    return jobRows(connection, joined({QStringLiteral("WHERE j.id IN ("), ids.text, QStringLiteral(") ORDER BY j.due_at, j.id")}), ids.values);
}

Result<qint64> jobCount(Connection& connection, const JobFilter& filter)
{
    if (filter.isHistory()) {
        CF_ASSIGN(const IdList list, historyOf(connection, filter));
        return idCount(connection, list);
    }
    CF_ASSIGN(const std::vector<Condition> parts, comingOf(connection, filter));
    return countComing(connection, parts);
}

Result<qint64> jobCountBefore(Connection& connection, const JobFilter& filter, RowKey key)
{
    if (filter.isHistory()) {
        CF_ASSIGN(const IdList list, historyOf(connection, filter));
        return idCountBefore(connection, list, key);
    }
    CF_ASSIGN(std::vector<Condition> parts, comingOf(connection, filter));
    for (Condition& part : parts) {
        addBeyond(part, {.anchor = key, .backward = true});
    }
    return countComing(connection, parts);
}

Result<JobRow> jobDetail(Connection& connection, JobId id)
{
    CF_ASSIGN(const std::vector<JobRow> rows, jobRows(connection, QStringLiteral("WHERE j.id = ?"), {bound(id)}));
    if (rows.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no job %1").arg(id.toText()));
    }
    return rows.front();
}

Result<JobSummary> jobSummary(Connection& connection, UtcTime now)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    JobSummary summary;
    const auto count = [&](const QString& sql, const QVariantList& values = {}) { return integer(connection, sql, values); };
    CF_ASSIGN(summary.dueNow, count(QStringLiteral("SELECT count(*) FROM job WHERE state = 'ready' AND due_at <= ?"), {bound(now)}));
    CF_ASSIGN(summary.later, count(QStringLiteral("SELECT count(*) FROM job WHERE state = 'ready' AND due_at > ?"), {bound(now)}));
    CF_ASSIGN(summary.leased, count(QStringLiteral("SELECT count(*) FROM job WHERE state = 'leased'")));
    CF_ASSIGN(summary.parked, count(QStringLiteral("SELECT count(*) FROM job WHERE state = 'parked'")));
    const QString next = QStringLiteral("SELECT due_at FROM job WHERE state = 'ready' AND due_at > ? ORDER BY due_at LIMIT 1");
    CF_ASSIGN(const qint64 oldest, count(next, {bound(qint64{0})}));
    summary.oldestDue = summary.dueNow > 0 ? UtcTime(oldest) : UtcTime();
    CF_ASSIGN(const qint64 following, count(next, {bound(now)}));
    summary.nextDue = UtcTime(following);
    CF_TRY(view.commit());
    return summary;
}

} // namespace counterfoil
