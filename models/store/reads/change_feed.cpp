// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/change_feed.h"

#include "models/store/migrator.h"

#include <QFile>

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace counterfoil {

namespace {

/// Differs as soon as the name stands for another file; empty if it stands for none, or is a URI that says more than a name.
QString identityOf(const QString& path)
{
    struct stat file {};
    return ::stat(QFile::encodeName(path).constData(), &file) == 0 ? QStringLiteral("%1:%2").arg(file.st_dev).arg(file.st_ino) : QString();
}

} // namespace

ChangeFeed::ChangeFeed(DatabaseUrl url, QObject* parent) : QObject(parent), m_url(std::move(url)), m_poll(this), m_quiet(this), m_watcher(this)
{
    m_poll.setSingleShot(true);
    m_quiet.setSingleShot(true);
    connect(&m_poll, &QTimer::timeout, this, &ChangeFeed::poll);
    connect(&m_quiet, &QTimer::timeout, this, &ChangeFeed::handleQuiet);
    // Its rows count only after they are synced: looked at often from now on.
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] {
        m_written.start();
        if (m_connection && m_poll.remainingTime() > fastPollMs) {
            m_poll.start(fastPollMs);
        }
    });
    for (QTimer* timer : {&m_poll, &m_quiet}) {
        timer->setTimerType(Qt::PreciseTimer);
    }
}

ChangeFeed::~ChangeFeed() = default;

void ChangeFeed::start()
{
    poll();
}

Result<void> ChangeFeed::open()
{
    m_file = identityOf(m_url.path);
    CF_ASSIGN(m_connection, openCurrent(m_url, ConnectionRole::Reader, SystemClock()));
    CF_TRY(m_connection->listen(QStringLiteral("counterfoil_changed"), [this](const QString&) { announce(); }));
    CF_ASSIGN(m_seen, fingerprint());
    return {};
}

Result<void> ChangeFeed::checkFile()
{
    if (m_url.kind == DatabaseKind::Sqlite && identityOf(m_url.path) != m_file) {
        return fail(ErrorCode::DatabaseUnavailable, QStringLiteral("the file was moved, removed or replaced"));
    }
    return {};
}

Result<QString> ChangeFeed::fingerprint()
{
    CF_TRY(checkFile());
    // On PostgreSQL every change of money or state moves one of these; each is the end of an index.
    const QString sql = m_url.kind == DatabaseKind::Sqlite
        ? QStringLiteral("PRAGMA data_version")
        : QStringLiteral("SELECT concat_ws(' ', (SELECT max(updated_at) FROM orders), (SELECT max(id) FROM ledger_entry), (SELECT max(id) FROM order_event), "
                         "(SELECT max(id) FROM gateway_callback), (SELECT max(id) FROM intervention_case), (SELECT max(id) FROM audit_event))");
    QString text;
    CF_TRY(m_connection->query(sql, {}, [&](const Row& row) -> Result<void> {
        text = row.text(0);
        return {};
    }));
    return text;
}

void ChangeFeed::poll()
{
    if (!m_connection) {
        if (const auto opened = open(); !opened) {
            lose(opened.error());
            return;
        }
        if (std::exchange(m_lost, false)) {
            Q_EMIT connectionRestored();
            announce();
        }
    } else {
        const auto now = fingerprint();
        if (!now) {
            lose(now.error());
            return;
        }
        if (*now != m_seen) {
            m_seen = *now;
            announce();
        }
    }
    watchLog();
    m_poll.start(pollDelayMs());
}

/// SQLite's writers write here first. The file goes with the last connection and comes back with the next.
void ChangeFeed::watchLog()
{
    if (m_url.kind == DatabaseKind::Sqlite && m_watcher.files().isEmpty()) {
        if (const QString log = m_url.path + QStringLiteral("-wal"); QFile::exists(log)) {
            m_watcher.addPath(log);
        }
    }
}

int ChangeFeed::pollDelayMs() const
{
    if (m_url.kind != DatabaseKind::Sqlite) {
        return slowPollMs;
    }
    return m_written.isValid() && m_written.elapsed() < fastForMs ? fastPollMs : pollMs;
}

void ChangeFeed::lose(const Error& error)
{
    m_connection.reset();
    if (!m_watcher.files().isEmpty()) {
        m_watcher.removePaths(m_watcher.files());
    }
    m_poll.start(retryMs);
    if (!std::exchange(m_lost, true)) {
        Q_EMIT connectionLost(error.text());
    }
}

void ChangeFeed::announce()
{
    if (m_quiet.isActive()) {
        m_pending = true;
        return;
    }
    m_announced.start();
    m_quiet.start(quietMs);
    Q_EMIT changed();
}

void ChangeFeed::handleQuiet()
{
    // Late, because the reads that followed took this thread's time: they get as much of it again.
    const qint64 lateMs = m_announced.elapsed() - m_quiet.interval();
    if (m_quiet.interval() == quietMs && lateMs > quietMs) {
        m_quiet.start(static_cast<int>(std::min<qint64>(lateMs, quietMaxMs)));
        return;
    }
    if (std::exchange(m_pending, false)) {
        announce();
    }
}

} // namespace counterfoil
