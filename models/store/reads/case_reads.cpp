// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/case_reads.h"

#include "models/store/ledger_tables.h"
#include "models/store/order_tables.h"
#include "models/store/process_tables.h"
#include "models/store/reads/lookups.h"

#include <algorithm>
#include <map>

namespace counterfoil {

namespace {

constexpr int similarMax = 10;
constexpr int commandsMax = 50;

Condition conditionOf(const CaseFilter& filter)
{
    Condition condition;
    if (filter.view == CaseFilter::View::Resolved) {
        condition.add(QStringLiteral("state = 'resolved'"));
        return condition;
    }
    condition.add(QStringLiteral("state = 'open'"));
    if (filter.view == CaseFilter::View::Resting) {
        condition.add(QStringLiteral("snoozed_until > ?"), {bound(filter.now)});
        return condition;
    }
    condition.add(QStringLiteral("(snoozed_until IS NULL OR snoozed_until <= ?)"), {bound(filter.now)});
    if (filter.view == CaseFilter::View::Todo) {
        condition.add(QStringLiteral("owner IN ('', ?)"), {filter.login});
    } else if (filter.view == CaseFilter::View::Mine) {
        condition.add(QStringLiteral("owner = ?"), {filter.login});
    }
    return condition;
}

Result<std::vector<CaseRow>> withOrders(Connection& connection, std::vector<InterventionCase> items)
{
    std::vector<qint64> ids;
    for (const InterventionCase& item : items) {
        if (!item.order.isNone()) {
            ids.push_back(item.order.value());
        }
    }
    std::map<qint64, QString> numbers;
    StatementBatch batch(connection);
    batch.queryOf(QStringLiteral("SELECT id, order_no FROM orders WHERE id {ids}"), ids, [&numbers](const Row& row) -> Result<void> {
        numbers.emplace(row.integer(0), row.text(1));
        return {};
    });
    CF_TRY(batch.finish());
    std::vector<CaseRow> rows;
    for (InterventionCase& item : items) {
        const auto number = numbers.find(item.order.value());
        rows.push_back({std::move(item), number == numbers.end() ? QString() : number->second});
    }
    return rows;
}

} // namespace

Result<std::vector<CaseRow>> openCases(Connection& connection, int limit)
{
    // Each severity by the index: a rank in the ORDER BY would sort them all.
    std::vector<InterventionCase> items;
    for (const CaseSeverity severity : {CaseSeverity::Critical, CaseSeverity::Warning, CaseSeverity::Info}) {
        const qint64 missing = limit - static_cast<qint64>(items.size());
        const QString condition = QStringLiteral("WHERE state = 'open' AND severity = ? ORDER BY opened_at, id LIMIT ?");
        CF_ASSIGN(std::vector<InterventionCase> some, selectRows<InterventionCase>(connection, condition, {toString(severity), bound(missing)}));
        std::ranges::move(some, std::back_inserter(items));
    }
    return withOrders(connection, std::move(items));
}

Result<NewCases> newCriticalCases(Connection& connection, std::optional<CaseId> since, int limit)
{
    NewCases found;
    CF_ASSIGN(const qint64 newest, integer(connection, QStringLiteral("SELECT coalesce(max(id), 0) FROM intervention_case"), {}));
    found.newest = CaseId(newest);
    if (since) {
        const QString condition = QStringLiteral("WHERE id > ? AND state = 'open' AND severity = 'critical' ORDER BY id DESC LIMIT ?");
        CF_ASSIGN(std::vector<InterventionCase> items, selectRows<InterventionCase>(connection, condition, {bound(since->value()), bound(limit)}));
        CF_ASSIGN(found.critical, withOrders(connection, std::move(items)));
    }
    return found;
}

RowKey caseKey(const InterventionCase& item)
{
    return {item.dueAt.micros(), item.id.value()};
}

Result<std::vector<CaseRow>> casePage(Connection& connection, const CaseFilter& filter, const PageRequest& request)
{
    Condition condition = conditionOf(filter);
    if (request.anchor) {
        const QStringList ahead{QStringLiteral("(due_at, id) > (?, ?)"), QStringLiteral("(due_at, id) >= (?, ?)")};
        const QStringList behind{QStringLiteral("(due_at, id) < (?, ?)"), QStringLiteral("(due_at, id) <= (?, ?)")};
        condition.add((request.backward ? behind : ahead)[request.inclusive ? 1 : 0], {bound(request.anchor->first), bound(request.anchor->second)});
    }
    const QString order = request.backward ? QStringLiteral("ORDER BY due_at DESC, id DESC LIMIT ? OFFSET ?") : QStringLiteral("ORDER BY due_at, id LIMIT ? OFFSET ?");
    CF_ASSIGN(std::vector<InterventionCase> items,
              selectRows<InterventionCase>(connection, joined({condition.where(), order}), condition.values << bound(request.limit) << bound(request.skip)));
    if (request.backward) {
        std::ranges::reverse(items);
    }
    return withOrders(connection, std::move(items));
}

Result<qint64> caseCount(Connection& connection, const CaseFilter& filter)
{
    const Condition condition = conditionOf(filter);
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM intervention_case"), condition.where()}), condition.values);
}

Result<qint64> caseCountBefore(Connection& connection, const CaseFilter& filter, RowKey key)
{
    Condition condition = conditionOf(filter);
    condition.add(QStringLiteral("(due_at, id) < (?, ?)"), {bound(key.first), bound(key.second)});
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM intervention_case"), condition.where()}), condition.values);
}

Result<CaseDetail> caseDetail(Connection& connection, CaseId id)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    CF_ASSIGN(std::vector<InterventionCase> found, selectRows<InterventionCase>(connection, QStringLiteral("WHERE id = ?"), {bound(id)}));
    if (found.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no case %1").arg(id.toText()));
    }
    CaseDetail detail;
    detail.item = std::move(found.front());
    CF_ASSIGN(detail.notes, selectRows<CaseNote>(connection, QStringLiteral("WHERE case_id = ? ORDER BY id"), {bound(id)}));
    if (const OrderId order = detail.item.order; !order.isNone()) {
        CF_ASSIGN(std::vector<Order> orders, selectRows<Order>(connection, QStringLiteral("WHERE id = ?"), {bound(order)}));
        if (!orders.empty()) {
            detail.order = std::move(orders.front());
        }
        CF_ASSIGN(detail.transactions, selectRows<PaymentTransaction>(connection, QStringLiteral("WHERE order_id = ? ORDER BY id"), {bound(order)}));
        CF_ASSIGN(detail.jobs, selectRows<Job>(connection, QStringLiteral("WHERE order_id = ? AND state NOT IN ('done', 'cancelled') ORDER BY due_at, id"), {bound(order)}));
        CF_ASSIGN(detail.commands, commandRows(connection, {CommandListing::Kind::OfOrder, {}, order, {}}, commandsMax));
    } else {
        CF_ASSIGN(detail.commands, commandRows(connection, {CommandListing::Kind::OfCase, {}, {}, id}, commandsMax));
    }
    CF_ASSIGN(detail.similar, selectRows<InterventionCase>(connection, QStringLiteral("WHERE kind = ? AND state = 'resolved' AND id <> ? ORDER BY id DESC LIMIT ?"), {detail.item.kind, bound(id), bound(similarMax)}));
    return detail;
}

} // namespace counterfoil
