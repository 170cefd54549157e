// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/database_executor.h"

namespace counterfoil {

class ChangeFeed;

/// Runs reads, and has a change feed of its own. Its signals arrive on the thread that made it. What takes long and is not looked at yet
/// (counts, sums, places in a list) goes aside, so that nothing on the screen waits for it.
class ReadExecutor : public DatabaseExecutor {
    Q_OBJECT

public:
    /// The feed opens its connection when the thread runs.
    explicit ReadExecutor(DatabaseUrl url, QObject* parent = nullptr);

    /// As call().
    template<class Work, class Then>
    void read(QObject* context, Work work, Then then)
    {
        call(context, std::move(work), std::move(then));
    }

    /// The same on another thread, with a connection of its own.
    template<class Work, class Then>
    void readAside(QObject* context, Work work, Then then)
    {
        aside().call(context, std::move(work), std::move(then));
    }

Q_SIGNALS:
    /// See ChangeFeed.
    void changed();
    void connectionLost(const QString& reason);
    void connectionRestored();

private:
    DatabaseExecutor& aside();

    std::unique_ptr<DatabaseExecutor> m_aside;
};

} // namespace counterfoil
