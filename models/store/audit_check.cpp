// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit_check.h"

#include "models/base/id_source.h"
#include "models/store/audit_chain.h"
#include "models/store/process_tables.h"

#include <algorithm>

namespace counterfoil {

namespace {

/// As long may a row wait for its seal.
constexpr Duration sealedWithin = Duration::minutes(1);
/// A row that comes so much later than its own time says is shown.
constexpr Duration lateness = Duration::hours(1);

InvariantOutcome makeOutcome(const char* name, const char* promise)
{
    return {QString::fromLatin1(name), QString::fromLatin1(promise), {}, 0};
}

void add(InvariantOutcome& outcome, const QString& id, const QString& detail)
{
    ++outcome.count;
    if (outcome.violations.size() < violationsShownMax) {
        outcome.violations.push_back({id, detail});
    }
}

QString sealName(qint64 position)
{
    return QStringLiteral("seal %1").arg(position);
}

QString positions(qint64 first, qint64 last)
{
    return first == last ? QStringLiteral("seal %1 is").arg(first) : QStringLiteral("seals %1 to %2 are").arg(first).arg(last);
}

/// Follows the chain from seal to seal.
class ChainWalk {
public:
    explicit ChainWalk(std::vector<AuditHead> anchors) : m_anchors(std::move(anchors)) { std::ranges::stable_sort(m_anchors, {}, &AuditHead::position); }

    /// A seal, and behind it the columns of its row.
    void step(const AuditSeal& seal, const Row& row, int rowFrom)
    {
        if (seal.position != m_last.position + 1) {
            add(chain, sealName(m_last.position + 1), positions(m_last.position + 1, seal.position - 1) + QStringLiteral(" missing"));
        } else if (chainSha256(m_last.chainSha256, seal) != seal.chainSha256) {
            add(chain, seal.event.toText(), QStringLiteral("seal %1 of it was changed, or doesn't follow from the one before").arg(seal.position));
        }
        if (row.isNull(rowFrom)) {
            add(chain, seal.event.toText(), QStringLiteral("seal %1: the row is gone").arg(seal.position));
        } else {
            if (seal.rowSha256 != QLatin1String(auditRowSha256(row, rowFrom))) {
                add(chain, seal.event.toText(), QStringLiteral("seal %1: the row isn't the one that was sealed at %2").arg(seal.position).arg(seal.sealedAt.toIso()));
            }
            noteTime(seal, row.time(rowFrom + 1));
        }
        compareAnchors(seal);
        m_last = seal;
        m_newestEvent = std::max(m_newestEvent, seal.event.value());
    }

    void end(qint64 sealed)
    {
        for (; m_anchor < m_anchors.size(); ++m_anchor) {
            missing(m_anchors[m_anchor]);
        }
        summary.sealed = sealed;
        summary.position = m_last.position;
        summary.headSha256 = m_last.chainSha256;
    }

    const AuditSeal& last() const { return m_last; }
    qint64 newestEvent() const { return m_newestEvent; }

    InvariantOutcome chain = makeOutcome("audit_chain", "Every sealed audit row is as it was when it was sealed, and every seal follows from the one before.");
    InvariantOutcome anchor = makeOutcome("audit_anchor", "The audit chain holds every head that was kept outside.");
    AuditSummary summary;

private:
    void noteTime(const AuditSeal& seal, UtcTime at)
    {
        if (at + lateness < m_latest && summary.late++ == 0) {
            summary.firstLate = seal.event;
        }
        m_latest = std::max(m_latest, at);
    }

    void compareAnchors(const AuditSeal& seal)
    {
        for (; m_anchor < m_anchors.size() && m_anchors[m_anchor].position <= seal.position; ++m_anchor) {
            const AuditHead& kept = m_anchors[m_anchor];
            if (kept.position > 0 && kept.position < seal.position) {
                missing(kept);
            } else if (kept.position > 0 && kept.chainSha256 != seal.chainSha256) {
                add(anchor, sealName(kept.position), QStringLiteral("the head of %1 was another: the chain up to here was made anew").arg(kept.sealedAt.toIso()));
            }
        }
    }

    void missing(const AuditHead& kept)
    {
        if (kept.position > m_last.position) {
            add(anchor, sealName(m_last.position + 1), positions(m_last.position + 1, kept.position) + QStringLiteral(" missing that the head of %1 has").arg(kept.sealedAt.toIso()));
        }
    }

    std::vector<AuditHead> m_anchors;
    std::size_t m_anchor = 0;
    AuditSeal m_last;
    qint64 m_newestEvent = 0;
    UtcTime m_latest;
};

Result<void> walk(Connection& connection, ChainWalk& chain)
{
    // The columns behind the seal's are those of TableOf<AuditEvent>, in its order.
    const QString sql = QStringLiteral("SELECT s.position, s.event_id, s.row_sha256, s.chain_sha256, s.sealed_at, e.* FROM audit_seal s LEFT JOIN (") + tableText<AuditEvent>().select
        + QStringLiteral(") e ON e.id = s.event_id ORDER BY s.position");
    qint64 sealed = 0;
    CF_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<void> {
        ++sealed;
        chain.step({row.integer(0), row.id<AuditEventId>(1), row.text(2), row.text(3), row.time(4)}, row, 5);
        return {};
    }));
    chain.end(sealed);
    return {};
}

/// Until when a worker that seals was certainly at work, without having sealed anything that came within the minute before; none if
/// there was no such worker.
Result<UtcTime> idleWorkerSince(Connection& connection, UtcTime lastSeal)
{
    UtcTime until;
    CF_TRY(connection.query(QStringLiteral("SELECT started_at, beat_at FROM worker_heartbeat"), {}, [&](const Row& row) -> Result<void> {
        const UtcTime beat = row.time(1);
        if (beat - std::max(row.time(0), lastSeal) > sealedWithin) {
            until = std::max(until, beat);
        }
        return {};
    }));
    return until;
}

Result<InvariantOutcome> findUnsealed(Connection& connection, ChainWalk& chain)
{
    InvariantOutcome outcome = makeOutcome("audit_sealed", "Every audit row is sealed within a minute, while a worker runs.");
    CF_ASSIGN(const UtcTime idleUntil, idleWorkerSince(connection, chain.last().sealedAt));
    const qint64 passed = chain.newestEvent() == 0 ? 0 : IdSource::leastAt(IdSource::timeOf(chain.newestEvent()) - sealedWithin);
    CF_TRY(connection.query(QStringLiteral("SELECT e.id, e.at FROM audit_event e LEFT JOIN audit_seal s ON s.event_id = e.id WHERE s.event_id IS NULL ORDER BY e.id"), {},
                            [&](const Row& row) -> Result<void> {
                                const auto id = row.id<AuditEventId>(0);
                                const UtcTime at = row.time(1);
                                AuditSummary& summary = chain.summary;
                                summary.oldestUnsealed = summary.unsealed++ == 0 ? at : std::min(summary.oldestUnsealed, at);
                                // A worker whose clock is ahead makes ids that pass all others: whoever waits at the moment isn't passed yet.
                                if (id.value() < passed && chain.last().sealedAt - IdSource::timeOf(id.value()) > sealedWithin) {
                                    add(outcome, id.toText(), QStringLiteral("has no seal, and rows that came more than a minute later have theirs: inserted afterwards, or its seal was taken away"));
                                } else if (idleUntil - at > sealedWithin) {
                                    add(outcome, id.toText(), QStringLiteral("is of %1 and waits for its seal, though a worker runs").arg(at.toIso()));
                                }
                                return {};
                            }));
    return outcome;
}

} // namespace

QStringList auditInvariantNames()
{
    return {QStringLiteral("audit_chain"), QStringLiteral("audit_sealed")};
}

Result<void> checkAuditChain(Connection& connection, std::vector<AuditHead> anchors, Verification& verification)
{
    const bool hasAnchors = !anchors.empty();
    ChainWalk chain(std::move(anchors));
    CF_TRY(walk(connection, chain));
    CF_ASSIGN(InvariantOutcome sealed, findUnsealed(connection, chain));
    verification.outcomes.push_back(std::move(chain.chain));
    verification.outcomes.push_back(std::move(sealed));
    if (hasAnchors) {
        verification.outcomes.push_back(std::move(chain.anchor));
    }
    verification.audit = chain.summary;
    return {};
}

} // namespace counterfoil
