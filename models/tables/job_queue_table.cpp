// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/job_queue_table.h"

#include "models/tables/format.h"

namespace counterfoil {

namespace {

constexpr int columns = static_cast<int>(JobQueueColumn::Count);

PageSource sourceOf(const JobFilter& filter)
{
    PageSource source;
    source.page = [filter](Connection& connection, const PageRequest& request) -> Result<std::vector<PagedRowPtr>> {
        CF_ASSIGN(auto rows, jobPage(connection, filter, request));
        return pagedRows(std::move(rows), [&](const JobRow& row) { return jobKey(row.job, filter); });
    };
    source.count = [filter](Connection& connection) { return jobCount(connection, filter); };
    source.countBefore = [filter](Connection& connection, RowKey key) { return jobCountBefore(connection, filter, key); };
    source.before = [newestFirst = filter.isHistory()](RowKey a, RowKey b) { return newestFirst ? a > b : a < b; };
    return source;
}

} // namespace

QString jobSubjectText(const Job& job)
{
    switch (job.kind) {
    case JobKind::OrderEvent:
    case JobKind::OrderTimer: return OrderId(job.subject).toText();
    case JobKind::TccDrive: return TccId(job.subject).toText();
    case JobKind::GatewaySend: return ExchangeId(job.subject).toText();
    case JobKind::GatewayPoll: return TransactionId(job.subject).toText();
    case JobKind::CallbackApply: return CallbackId(job.subject).toText();
    case JobKind::SettlementRelease:
    case JobKind::HoldExpiry: return HoldId(job.subject).toText();
    }
    return {};
}

QString jobErrorText(const Job& job)
{
    const QString kind = job.lastErrorClass == ErrorClass::None ? QString() : stateLabel(toString(job.lastErrorClass));
    return kind.isEmpty() || job.lastError.isEmpty() ? kind + job.lastError : QStringLiteral("%1 · %2").arg(kind, job.lastError);
}

JobQueueTable::JobQueueTable(ReadExecutor& executor, QObject* parent) : PagedTableModel(executor, columns, parent)
{
}

void JobQueueTable::setFilter(const JobFilter& filter)
{
    m_filter = filter;
    setSource(sourceOf(filter));
}

void JobQueueTable::setNow(UtcTime now)
{
    m_now = now;
    if (rowCount() > 0) {
        const int when = static_cast<int>(JobQueueColumn::When);
        Q_EMIT dataChanged(index(0, when), index(rowCount() - 1, when));
    }
}

QVariant JobQueueTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<JobQueueColumn>(section)) {
    case JobQueueColumn::DueAt: return tr("Due");
    case JobQueueColumn::When: return tr("When");
    case JobQueueColumn::Kind: return tr("What");
    case JobQueueColumn::OrderNo: return tr("Order");
    case JobQueueColumn::State: return tr("State");
    case JobQueueColumn::Attempts: return tr("Attempts");
    case JobQueueColumn::Error: return tr("Last error");
    case JobQueueColumn::Worker: return tr("Worker");
    case JobQueueColumn::CreatedAt: return tr("Created");
    case JobQueueColumn::Id: return tr("Id");
    case JobQueueColumn::Count: break;
    }
    return {};
}

JobId JobQueueTable::jobAt(int row) const
{
    const PagedRowPtr value = row >= 0 && row < rowCount() ? rowAt(row) : nullptr;
    return value ? valueOf<JobRow>(*value).job.id : JobId();
}

Cell JobQueueTable::cellOf(const PagedRow& row, int column) const
{
    const JobRow& value = valueOf<JobRow>(row);
    const Job& job = value.job;
    switch (static_cast<JobQueueColumn>(column)) {
    case JobQueueColumn::DueAt: return Cell::at(job.dueAt);
    case JobQueueColumn::When: return Cell::plain(formatDistance(job.dueAt, m_now));
    case JobQueueColumn::Kind: return Cell::named(toString(job.kind));
    case JobQueueColumn::OrderNo: return Cell::id(value.orderNo);
    case JobQueueColumn::State: return Cell::named(toString(job.state));
    case JobQueueColumn::Attempts: return Cell::count(job.attempt);
    case JobQueueColumn::Error: return Cell::plain(jobErrorText(job));
    case JobQueueColumn::Worker: return Cell::plain(job.leaseOwner);
    case JobQueueColumn::CreatedAt: return Cell::at(job.createdAt);
    case JobQueueColumn::Id: return Cell::id(job.id.toText());
    case JobQueueColumn::Count: break;
    }
    return {};
}

RowIdentity JobQueueTable::identityOf(const PagedRow& row) const
{
    const Job& job = valueOf<JobRow>(row).job;
    return {job.id.toText(), job.id.value(), job.order.value()};
}

} // namespace counterfoil
