// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/database_executor.h"
#include "workflows/services/watch.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace counterfoil {

/// Opens cases for what nobody would come upon by working: looks for stuck orders again and again, and now and then at every invariant. It
/// reads on a thread of its own, so that payments don't wait for it; what it finds is written on the worker's thread, on which it lives.
class WatchRounds : public QObject {
    Q_OBJECT

public:
    struct Parts {
        DatabaseUrl database;
        /// The writing connection and the source of ids, or none while the database is away.
        std::function<Connection*()> connection;
        std::function<IdSource*()> ids;
        /// Told when the database refused something.
        std::function<void(const Error&)> failed;
        const Clock& clock;
        /// Between two looks for stuck orders.
        Duration interval = Duration::minutes(1);
        /// Between two looks at everything, at least; more where a look takes longer than a hundredth of it.
        Duration everythingInterval = Duration::minutes(15);
    };

    explicit WatchRounds(Parts parts);

    void start();
    void finish();

private:
    void look();
    void handleFindings(const Result<WatchFindings>& findings, WatchDepth depth, UtcTime since);

    Parts m_parts;
    DatabaseExecutor m_reader;
    QTimer m_timer;
    UtcTime m_everythingDue;
};

} // namespace counterfoil
