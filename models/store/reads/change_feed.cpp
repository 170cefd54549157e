// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/change_feed.h"

#include "models/store/migrator.h"

#include <QFile>

#include <sys/stat.h>

namespace counterfoil {

namespace {

/// Differs as soon as the name stands for another file; empty if it stands for none, or is a URI that says more than a name.
QString identityOf(const QString& path)
{
    struct stat file {};
    return ::stat(QFile::encodeName(path).constData(), &file) == 0 ? QStringLiteral("%1:%2").arg(file.st_dev).arg(file.st_ino) : QString();
}

} // namespace

ChangeFeed::ChangeFeed(DatabaseUrl url, QObject* parent) : QObject(parent), m_url(std::move(url)), m_poll(this), m_quiet(this)
{
    m_poll.setSingleShot(true);
    m_quiet.setSingleShot(true);
    connect(&m_poll, &QTimer::timeout, this, &ChangeFeed::poll);
    connect(&m_quiet, &QTimer::timeout, this, [this] {
        if (std::exchange(m_pending, false)) {
            announce();
        }
    });
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
                         "(SELECT max(id) FROM gateway_callback), (SELECT max(id) FROM intervention_case))");
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
    m_poll.start(m_url.kind == DatabaseKind::Sqlite ? pollMs : slowPollMs);
}

void ChangeFeed::lose(const Error& error)
{
    m_connection.reset();
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
    m_quiet.start(quietMs);
    Q_EMIT changed();
}

} // namespace counterfoil
