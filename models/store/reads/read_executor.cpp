// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/read_executor.h"

#include "models/store/reads/change_feed.h"

namespace counterfoil {

ReadExecutor::ReadExecutor(DatabaseUrl url, QObject* parent) : DatabaseExecutor(url, ConnectionRole::Reader, parent)
{
    auto* const feed = new ChangeFeed(std::move(url));
    feed->moveToThread(&thread());
    connect(&thread(), &QThread::finished, feed, &QObject::deleteLater);
    connect(feed, &ChangeFeed::changed, this, &ReadExecutor::changed);
    connect(feed, &ChangeFeed::connectionLost, this, &ReadExecutor::connectionLost);
    connect(feed, &ChangeFeed::connectionRestored, this, &ReadExecutor::connectionRestored);
    // An open SQLite file can still be read when its name is gone: nobody else writes there any more.
    connect(feed, &ChangeFeed::connectionLost, onThread(), [this] { dropConnection(); });
    QMetaObject::invokeMethod(feed, &ChangeFeed::start, Qt::QueuedConnection);
}

DatabaseExecutor& ReadExecutor::aside()
{
    if (!m_aside) {
        m_aside = std::make_unique<DatabaseExecutor>(url(), ConnectionRole::Reader);
        connect(this, &ReadExecutor::connectionLost, m_aside.get(), &DatabaseExecutor::forgetConnection);
    }
    return *m_aside;
}

} // namespace counterfoil
