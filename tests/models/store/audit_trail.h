// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/audit_check.h"
#include "models/store/audit_sealer.h"
#include "models/store/process_tables.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <algorithm>

namespace counterfoil {

/// Audit rows of a test and their seals. What the database refuses aborts the program.
class AuditTrail {
public:
    explicit AuditTrail(Connection& connection) : m_connection(connection) {}

    /// The id of a row of this moment; `node` tells those of one millisecond apart.
    static AuditEventId idAt(UtcTime at, int node = 1) { return AuditEventId(IdSource::leastAt(at) + (qint64{node} << 12)); }

    static AuditEvent row(AuditEventId id, UtcTime at)
    {
        return {id, at, QStringLiteral("worker"), QStringLiteral("order.transition"), QStringLiteral("ord_%1").arg(id.value()), QStringLiteral("paying"), QStringLiteral("paid"), QStringLiteral("payment.confirmed")};
    }

    void add(AuditEventId id, UtcTime at) { check(insertRow(m_connection, row(id, at))); }
    AuditEventId addAt(UtcTime at, int node = 1)
    {
        const AuditEventId id = idAt(at, node);
        add(id, at);
        return id;
    }

    /// Rows that are this far apart.
    void addMany(int count, UtcTime first, Duration apart)
    {
        constexpr int together = 5'000;
        for (int from = 0; from < count; from += together) {
            auto transaction = DatabaseTransaction::begin(m_connection);
            check(transaction);
            std::vector<AuditEvent> rows;
            for (int i = from; i < std::min(count, from + together); ++i) {
                const UtcTime at = first + Duration(apart.micros() * i);
                rows.push_back(row(idAt(at, i % 1000), at));
            }
            std::vector<const AuditEvent*> all;
            std::ranges::transform(rows, std::back_inserter(all), [](const AuditEvent& each) { return &each; });
            StatementBatch batch(m_connection);
            insertRows<AuditEvent>(batch, all);
            check(batch.finish());
            check(transaction->commit());
        }
    }

    int seal(AuditSealer& sealer, UtcTime now)
    {
        const auto round = sealer.seal(m_connection, now);
        check(round);
        return round->sealed;
    }

    /// Seals everything, in batches that no worker would make.
    void sealAll(UtcTime now)
    {
        AuditSealer sealer({5'000, 5'000});
        while (seal(sealer, now) > 0) {
        }
    }

    std::vector<AuditSeal> seals()
    {
        auto found = selectRows<AuditSeal>(m_connection, QStringLiteral("ORDER BY position"), {});
        check(found);
        return std::move(*found);
    }
    std::vector<AuditEventId> sealed()
    {
        std::vector<AuditEventId> ids;
        for (const AuditSeal& seal : seals()) {
            ids.push_back(seal.event);
        }
        return ids;
    }

    /// What the owner of the tables can do: whatever they refuse is refused no more.
    void liftTriggers()
    {
        if (m_connection.kind() == DatabaseKind::Sqlite) {
            for (const char* trigger : {"audit_event_no_update", "audit_event_no_delete", "audit_seal_no_update", "audit_seal_no_delete"}) {
                check(m_connection.executeScript(QStringLiteral("DROP TRIGGER ") + QString::fromLatin1(trigger)));
            }
            return;
        }
        check(m_connection.executeScript(QStringLiteral("ALTER TABLE audit_event DISABLE TRIGGER ALL")));
        check(m_connection.executeScript(QStringLiteral("ALTER TABLE audit_seal DISABLE TRIGGER ALL")));
    }

    Verification verified(std::vector<AuditHead> anchors = {})
    {
        Verification verification;
        check(checkAuditChain(m_connection, std::move(anchors), verification));
        return verification;
    }

    /// `invariant id detail` of the first violation, or empty.
    static QString firstBroken(const Verification& verification)
    {
        for (const InvariantOutcome& outcome : verification.outcomes) {
            if (!outcome.holds()) {
                return QStringList{outcome.name, outcome.violations.front().id, outcome.violations.front().detail}.join(u' ');
            }
        }
        return {};
    }

private:
    template<class T>
    static void check(const Result<T>& result)
    {
        if (!result) {
            qFatal("%s", qPrintable(result.error().text()));
        }
    }

    Connection& m_connection;
};

} // namespace counterfoil
