// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit_sealer.h"

#include "models/base/id_source.h"
#include "models/store/audit_chain.h"
#include "models/store/process_tables.h"

#include <algorithm>
#include <limits>

namespace counterfoil {

namespace {

constexpr Duration freshAge = Duration::seconds(2);
constexpr Duration backAtStart = Duration::minutes(1);
constexpr Duration wholeEvery = Duration::hours(24);
/// The look that goes through the whole table again and again; the others go on from where the newest seals are.
constexpr std::size_t wholeLook = 2;

/// False if another sealer is at it. Given back with the transaction, so that one which hangs stops nobody for longer than that lives.
Result<bool> lockChain(Connection& connection)
{
    bool isOurs = true;
    if (connection.kind() == DatabaseKind::Postgresql) {
        // Any number that every version of this program agrees on.
        CF_TRY(connection.queryAll(QStringLiteral("SELECT pg_try_advisory_xact_lock(20240502)"), {}, [&isOurs](const Row& row) -> Result<void> {
            isOurs = row.integer(0) != 0;
            return {};
        }));
    }
    return isOurs;
}

} // namespace

Result<AuditSealer::Round> AuditSealer::seal(Connection& connection, UtcTime now)
{
    if (!m_isBegun) {
        CF_TRY(begin(connection, now));
    }
    // A clock that was set back leaves nothing behind it unseen.
    m_freshFrom = std::min(m_freshFrom, IdSource::leastAt(now - freshAge));
    for (Look& look : m_looks) {
        look.lookedUpTo = std::min(look.lookedUpTo, IdSource::leastAt(now - look.age));
    }
    CF_TRY(find(connection, now));
    Round round;
    const bool isFull = m_fresh >= m_limits.sealed;
    std::ranges::sort(m_found);
    m_found.erase(std::ranges::unique(m_found).begin(), m_found.end());
    const bool isCut = m_found.size() > static_cast<std::size_t>(m_limits.sealed);
    if (isCut) {
        m_found.resize(static_cast<std::size_t>(m_limits.sealed));
    }
    // What was left out is found again.
    const qint64 sealedUpTo = isCut ? m_found.back() : std::numeric_limits<qint64>::max();
    bool isOurs = true;
    if (!m_found.empty()) {
        CF_ASSIGN(isOurs, sealFound(connection, now, round));
    }
    if (isOurs) {
        advance(now, sealedUpTo);
        round.isMore = isFull || isCut;
    }
    return round;
}

Result<void> AuditSealer::begin(Connection& connection, UtcTime now)
{
    qint64 newest = 0;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT event_id FROM audit_seal ORDER BY event_id DESC LIMIT 1"), {}, [&newest](const Row& row) -> Result<void> {
        newest = row.integer(0);
        return {};
    }));
    const qint64 from = newest == 0 ? 0 : IdSource::leastAt(std::min(IdSource::timeOf(newest), now) - backAtStart);
    m_freshFrom = from;
    for (std::size_t i = 0; i < m_looks.size(); ++i) {
        m_looks[i].lookedUpTo = i == wholeLook ? 0 : from;
    }
    m_wholeBegan = now;
    m_isBegun = true;
    return {};
}

/// The look-ups are written so that no plan joins: whatever a statistic says, each row is looked up by the index of the seals.
Result<void> AuditSealer::find(Connection& connection, UtcTime now)
{
    m_found.clear();
    m_fresh = 0;
    StatementBatch batch(connection);
    batch.query(QStringLiteral("SELECT e.id FROM audit_event e WHERE e.id > ? AND (SELECT s.event_id FROM audit_seal s WHERE s.event_id = e.id) IS NULL ORDER BY e.id LIMIT ?"),
                {bound(m_freshFrom), bound(m_limits.sealed)}, [this](const Row& row) -> Result<void> {
                    m_lastFresh = row.integer(0);
                    m_found.push_back(m_lastFresh);
                    ++m_fresh;
                    return {};
                });
    for (std::size_t i = 0; i < m_looks.size(); ++i) {
        const qint64 upTo = IdSource::leastAt(now - m_looks[i].age);
        Seen& seen = m_seen[i] = {m_looks[i].lookedUpTo, 0};
        if (upTo <= m_looks[i].lookedUpTo) {
            continue;
        }
        batch.query(QStringLiteral("SELECT e.id, (SELECT s.event_id FROM audit_seal s WHERE s.event_id = e.id) FROM audit_event e WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?"),
                    {bound(m_looks[i].lookedUpTo), bound(upTo), bound(m_limits.lookedAt)}, [this, &seen](const Row& row) -> Result<void> {
                        seen.upTo = row.integer(0);
                        ++seen.rows;
                        if (row.isNull(1)) {
                            m_found.push_back(seen.upTo);
                        }
                        return {};
                    });
    }
    return batch.finish();
}

/// False if another sealer is at it, and nothing was done.
Result<bool> AuditSealer::sealFound(Connection& connection, UtcTime now, Round& round)
{
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(connection));
    CF_ASSIGN(const bool isOurs, lockChain(connection));
    if (!isOurs) {
        return false;
    }
    // Behind the lock: what another sealer has committed since is seen.
    AuditSeal head;
    std::vector<AuditSeal> seals;
    StatementBatch reading(connection);
    reading.query(QStringLiteral("SELECT position, chain_sha256 FROM audit_seal ORDER BY position DESC LIMIT 1"), {}, [&head](const Row& row) -> Result<void> {
        head.position = row.integer(0);
        head.chainSha256 = row.text(1);
        return {};
    });
    reading.queryOf(tableText<AuditEvent>().select + QStringLiteral("WHERE id {ids} AND (SELECT s.event_id FROM audit_seal s WHERE s.event_id = audit_event.id) IS NULL ORDER BY id"), m_found,
                    [&seals](const Row& row) -> Result<void> {
                        AuditSeal& seal = seals.emplace_back();
                        seal.event = row.id<AuditEventId>(0);
                        seal.rowSha256 = QString::fromLatin1(auditRowSha256(row, 0));
                        return {};
                    });
    CF_TRY(reading.finish());
    std::vector<const AuditSeal*> rows;
    for (AuditSeal& seal : seals) {
        seal.position = head.position + 1;
        seal.sealedAt = now;
        seal.chainSha256 = chainSha256(head.chainSha256, seal);
        head = seal;
        rows.push_back(&seal);
    }
    if (!rows.empty()) {
        StatementBatch writing(connection);
        insertRows<AuditSeal>(writing, rows);
        CF_TRY(writing.finish());
        CF_TRY(transaction.commit());
    }
    round.sealed = static_cast<int>(rows.size());
    return true;
}

/// From here on only what is behind `sealedUpTo` may still be open of what was found.
void AuditSealer::advance(UtcTime now, qint64 sealedUpTo)
{
    const qint64 fresh = IdSource::leastAt(now - freshAge);
    m_freshFrom = std::max(m_freshFrom, std::min({fresh, sealedUpTo, m_fresh >= m_limits.sealed ? m_lastFresh : fresh}));
    for (std::size_t i = 0; i < m_looks.size(); ++i) {
        const bool isThrough = m_seen[i].rows < m_limits.lookedAt && sealedUpTo == std::numeric_limits<qint64>::max();
        const qint64 upTo = isThrough ? IdSource::leastAt(now - m_looks[i].age) : std::min(m_seen[i].upTo, sealedUpTo);
        m_looks[i].lookedUpTo = std::max(m_looks[i].lookedUpTo, upTo);
        if (i == wholeLook && isThrough && now - m_wholeBegan >= wholeEvery) {
            m_looks[i].lookedUpTo = 0;
            m_wholeBegan = now;
        }
    }
}

} // namespace counterfoil
