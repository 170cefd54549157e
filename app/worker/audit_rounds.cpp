// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/audit_rounds.h"

#include "models/store/administration.h"
#include "models/store/audit_chain.h"
#include "workflows/services/audit_anchor.h"

#include <QLoggingCategory>

namespace counterfoil {

namespace {

Q_LOGGING_CATEGORY(logAudit, "counterfoil.audit")

constexpr int sealMs = 500;
/// With more to seal: long enough for everything else to go on in between.
constexpr int sealMoreMs = 20;
constexpr int minuteMs = 60'000;
constexpr int roundsAtEnd = 40;
constexpr Duration idleMax = Duration::minutes(5);

} // namespace

AuditRounds::AuditRounds(Parts parts) : m_parts(std::move(parts)), m_sealTimer(this), m_minuteTimer(this)
{
    m_sealTimer.setSingleShot(true);
    connect(&m_sealTimer, &QTimer::timeout, this, &AuditRounds::sealRound);
    connect(&m_minuteTimer, &QTimer::timeout, this, &AuditRounds::handleMinute);
}

Result<void> AuditRounds::start()
{
    if (!m_parts.anchorFile.isEmpty()) {
        CF_TRY(prepareAnchorFile(m_parts.anchorFile));
    }
    m_sealTimer.start(sealMs);
    m_minuteTimer.start(minuteMs);
    return {};
}

void AuditRounds::sealRound()
{
    bool isMore = false;
    if (Connection* const connection = m_parts.connection()) {
        const auto round = m_sealer.seal(*connection, m_parts.clock.now());
        if (round) {
            isMore = round->isMore;
        } else {
            m_parts.failed(round.error());
        }
    }
    m_sealTimer.start(isMore ? sealMoreMs : sealMs);
}

void AuditRounds::handleMinute()
{
    keepHead();
    Connection* const connection = m_parts.connection();
    if (!connection) {
        return;
    }
    const auto ended = endIdleSessions(*connection, idleMax);
    if (!ended) {
        m_parts.failed(ended.error());
    } else if (*ended > 0) {
        qCWarning(logAudit, "ended %d sessions that sat idle in a transaction", *ended);
    }
}

void AuditRounds::keepHead()
{
    Connection* const connection = m_parts.connection();
    if (!connection || m_parts.anchorFile.isEmpty()) {
        return;
    }
    const auto head = auditHead(*connection);
    if (!head) {
        m_parts.failed(head.error());
        return;
    }
    if (head->position == m_kept) {
        return;
    }
    if (const auto added = appendAnchor(m_parts.anchorFile, *head); !added) {
        qCWarning(logAudit, "the head of the audit chain was not kept: %s", qUtf8Printable(added.error().text()));
        return;
    }
    m_kept = head->position;
}

void AuditRounds::finish()
{
    m_sealTimer.stop();
    m_minuteTimer.stop();
    for (int i = 0; i < roundsAtEnd; ++i) {
        Connection* const connection = m_parts.connection();
        const auto round = connection ? m_sealer.seal(*connection, m_parts.clock.now()) : Result<AuditSealer::Round>();
        if (!round || !round->isMore) {
            break;
        }
    }
    keepHead();
}

} // namespace counterfoil
