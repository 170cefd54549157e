// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/audit_trail_reads.h"

#include "models/store/process_tables.h"
#include "models/store/reads/id_pages.h"

#include <algorithm>
#include <array>

namespace counterfoil {

namespace {

// The conditions of the indexes in 0006_page_indexes, word for word: without them in its text a statement isn't served.
const QString rareAction = QStringLiteral("action <> 'order.transition' AND action <> 'order.created' AND action <> 'settlement.released'");
const QString rareActor = QStringLiteral("actor <> 'worker' AND substr(actor, 1, 4) <> 'api:' AND substr(actor, 1, 7) <> 'import:'");

constexpr std::array frequentActions{u"order.created", u"order.transition", u"settlement.released"};

constexpr Duration clockSlack = Duration::hours(1);

bool isRareActor(const QString& actor)
{
    return actor != u"worker" && !actor.startsWith(u"api:") && !actor.startsWith(u"import:");
}

bool isRareAction(const QString& beginning)
{
    return std::ranges::none_of(frequentActions, [&beginning](const char16_t* action) { return QStringView(action).startsWith(beginning); });
}

/// The subject as it is stored: ids in the one spelling that is written, an order's number as its id.
Result<QString> subjectNamed(Connection& connection, const QString& typed)
{
    if (const QString prefix = idPrefix(typed); !prefix.isEmpty()) {
        const QByteArray name = prefix.toLatin1();
        if (const auto id = parseId(name.constData(), typed)) {
            return formatId(name.constData(), *id);
        }
    }
    CF_ASSIGN(const OrderId order, orderOfNumber(connection, typed));
    return order.isNone() ? typed : order.toText();
}

/// The smallest id of a row that is not before the moment: found by halving, since ids grow with time.
Result<qint64> firstIdSince(Connection& connection, UtcTime moment)
{
    CF_ASSIGN(const qint64 newest, integer(connection, QStringLiteral("SELECT max(id) FROM audit_event"), {}));
    qint64 low = 0;
    qint64 high = newest + 1;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        qint64 id = 0;
        UtcTime at;
        CF_TRY(connection.query(QStringLiteral("SELECT id, at FROM audit_event WHERE id >= ? ORDER BY id LIMIT 1"), {bound(middle)}, [&](const Row& row) -> Result<void> {
            id = row.integer(0);
            at = row.time(1);
            return {};
        }));
        if (id == 0 || at >= moment) {
            high = middle;
        } else {
            low = id + 1;
        }
    }
    return low;
}

Result<void> addTimes(Connection& connection, const AuditFilter& filter, Condition& condition)
{
    if (!filter.from.isNone()) {
        CF_ASSIGN(const qint64 first, firstIdSince(connection, filter.from - clockSlack));
        condition.add(QStringLiteral("id >= ?"), {bound(first)});
        condition.add(QStringLiteral("at >= ?"), {bound(filter.from)});
    }
    if (!filter.to.isNone()) {
        CF_ASSIGN(const qint64 end, firstIdSince(connection, filter.to + clockSlack));
        condition.add(QStringLiteral("id < ?"), {bound(end)});
        condition.add(QStringLiteral("at < ?"), {bound(filter.to)});
    }
    return {};
}

/// True if an index leaves few rows.
bool addActor(Connection& connection, const QString& actor, Condition& condition)
{
    if (actor.endsWith(u':')) {
        condition.add(prefixTerm(connection.kind(), QStringLiteral("actor")), prefixValues(connection.kind(), actor));
        return false;
    }
    condition.add(QStringLiteral("actor = ?"), {actor});
    if (!isRareActor(actor)) {
        return false;
    }
    condition.add(rareActor);
    return true;
}

bool addAction(Connection& connection, const QString& beginning, Condition& condition)
{
    condition.add(prefixTerm(connection.kind(), QStringLiteral("action")), prefixValues(connection.kind(), beginning));
    if (!isRareAction(beginning)) {
        return false;
    }
    condition.add(rareAction);
    return true;
}

Result<IdList> listOf(Connection& connection, const AuditFilter& filter)
{
    IdList list{QStringLiteral("audit_event"), {}};
    bool isNarrow = filter.isEmpty();
    if (const QString subject = filter.subject.trimmed(); !subject.isEmpty()) {
        CF_ASSIGN(const QString stored, subjectNamed(connection, subject));
        list.condition.add(QStringLiteral("subject = ?"), {stored});
        isNarrow = true;
    }
    if (!filter.from.isNone() || !filter.to.isNone()) {
        CF_TRY(addTimes(connection, filter, list.condition));
        isNarrow = true;
    }
    if (const QString actor = filter.actor.trimmed(); !actor.isEmpty()) {
        isNarrow = addActor(connection, actor, list.condition) || isNarrow;
    }
    if (const QString action = filter.action.trimmed(); !action.isEmpty()) {
        isNarrow = addAction(connection, action, list.condition) || isNarrow;
    }
    if (!isNarrow) {
        CF_TRY(keepNewest(connection, list));
    }
    return list;
}

} // namespace

Result<std::vector<AuditEvent>> auditPage(Connection& connection, const AuditFilter& filter, const PageRequest& request)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    const BoundText ids = idsOfPage(list, request);
    return selectRows<AuditEvent>(connection, joined({QStringLiteral("WHERE id IN ("), ids.text, QStringLiteral(") ORDER BY id DESC")}), ids.values);
}

Result<qint64> auditCount(Connection& connection, const AuditFilter& filter)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCount(connection, list);
}

Result<qint64> auditCountBefore(Connection& connection, const AuditFilter& filter, RowKey key)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idCountBefore(connection, list, key);
}

Result<std::vector<RowKey>> auditAnchors(Connection& connection, const AuditFilter& filter, std::optional<RowKey> after, int stride, int strides)
{
    CF_ASSIGN(const IdList list, listOf(connection, filter));
    return idAnchors(connection, list, after, stride, strides);
}

Result<AuditDetail> auditDetail(Connection& connection, AuditEventId id)
{
    CF_ASSIGN(const auto rows, selectRows<AuditEvent>(connection, QStringLiteral("WHERE id = ?"), {bound(id)}));
    if (rows.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no audit event %1").arg(id.toText()));
    }
    AuditDetail detail;
    detail.event = rows.front();
    CF_ASSIGN(const Landing landing, landingOf(connection, detail.event.subject));
    detail.order = landing.order;
    detail.account = landing.account;
    if (!detail.order.isNone()) {
        CF_TRY(connection.query(QStringLiteral("SELECT order_no FROM orders WHERE id = ?"), {bound(detail.order)}, [&detail](const Row& row) -> Result<void> {
            detail.orderNo = row.text(0);
            return {};
        }));
    }
    return detail;
}

} // namespace counterfoil
