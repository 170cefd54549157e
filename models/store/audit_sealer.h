// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/audit_seal.h"
#include "models/store/connection.h"

#include <array>
#include <vector>

namespace counterfoil {

/// Seals audit rows into the chain (audit_chain.h), a bounded batch a round; one at a time: on PostgreSQL another sealer's round is skipped, and
/// no lock is taken that anybody else needs. Whatever is committed gets sealed, in the order of ids within a batch, also a row that comes late
/// with an older id than others which are sealed. A round looks
///
/// - at everything from two seconds ago on, by the ids' time: that is where new rows are;
/// - at each row once more when it is half a minute old (long before `verify` misses its seal), and once more when it is an hour old;
/// - at the whole table, in steps, after the start and then once a day.
///
/// So an idle round reads next to nothing, however long the chain is. What it remembers are hints only: a new one begins with rows from a
/// minute before the newest sealed one. Used with connections of one database.
class AuditSealer {
public:
    struct Limits {
        /// Rows sealed in one round.
        int sealed = 128;
        /// Rows that one of the second looks goes through in a round.
        int lookedAt = 250;
    };

    AuditSealer() = default;
    explicit AuditSealer(Limits limits) : m_limits(limits) {}

    struct Round {
        int sealed = 0;
        /// There may be more to seal at once.
        bool isMore = false;
    };
    /// Errors: those of Connection; then nothing of this round was sealed.
    Result<Round> seal(Connection& connection, UtcTime now);

private:
    /// Goes through all rows once they are of an age.
    struct Look {
        Duration age;
        qint64 lookedUpTo = 0;
    };
    /// What a look has seen in this round.
    struct Seen {
        qint64 upTo = 0;
        int rows = 0;
    };

    Result<void> begin(Connection& connection, UtcTime now);
    Result<void> find(Connection& connection, UtcTime now);
    Result<bool> sealFound(Connection& connection, UtcTime now, Round& round);
    void advance(UtcTime now, qint64 sealedUpTo);

    Limits m_limits;
    bool m_isBegun = false;
    /// Everything up to here was sealed when it was last looked at.
    qint64 m_freshFrom = 0;
    std::array<Look, 3> m_looks{Look{Duration::seconds(30)}, Look{Duration::hours(1)}, Look{Duration::seconds(30)}};
    std::array<Seen, 3> m_seen;
    UtcTime m_wholeBegan;
    /// Of this round: what isn't sealed, and how many of them are fresh.
    std::vector<qint64> m_found;
    int m_fresh = 0;
    qint64 m_lastFresh = 0;
};

} // namespace counterfoil
