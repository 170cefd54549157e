// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/watch_rounds.h"

#include <QLoggingCategory>

namespace counterfoil {

namespace {

Q_LOGGING_CATEGORY(logWatch, "counterfoil.watch")

/// A look at everything may take this part of the time at most.
constexpr qint64 pausePerLook = 100;

} // namespace

WatchRounds::WatchRounds(Parts parts) : m_parts(std::move(parts)), m_reader(m_parts.database, ConnectionRole::Reader), m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &WatchRounds::look);
}

void WatchRounds::start()
{
    m_everythingDue = m_parts.clock.now() + m_parts.everythingInterval;
    m_timer.start(static_cast<int>(m_parts.interval.milliseconds()));
}

void WatchRounds::finish()
{
    m_timer.stop();
}

void WatchRounds::look()
{
    const UtcTime since = m_parts.clock.now();
    const WatchDepth depth = since >= m_everythingDue ? WatchDepth::Everything : WatchDepth::StuckOrders;
    m_reader.call(
        this, [depth](Connection& connection) { return lookForTrouble(connection, depth); },
        [this, depth, since](const Result<WatchFindings>& findings) { handleFindings(findings, depth, since); });
}

void WatchRounds::handleFindings(const Result<WatchFindings>& findings, WatchDepth depth, UtcTime since)
{
    const UtcTime now = m_parts.clock.now();
    if (depth == WatchDepth::Everything) {
        m_everythingDue = now + std::max(m_parts.everythingInterval, Duration((now - since).micros() * pausePerLook));
    }
    m_timer.start(static_cast<int>(m_parts.interval.milliseconds()));
    if (!findings) {
        // The reader's own trouble: it opens another connection for the next look.
        qCWarning(logWatch, "nothing was looked at: %s", qUtf8Printable(findings.error().text()));
        return;
    }
    Connection* const connection = m_parts.connection();
    if (!connection || findings->isEmpty()) {
        return;
    }
    const auto opened = openWatchCases(*connection, m_parts.clock, *m_parts.ids(), *findings);
    if (opened && *opened > 0) {
        qCInfo(logWatch, "opened %d cases", *opened);
    } else if (!opened && opened.error().code != ErrorCode::ConstraintViolated) {
        // Another worker may have opened the same: it is looked at again.
        m_parts.failed(opened.error());
    }
}

} // namespace counterfoil
