// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/migrator.h"
#include "resources/resources.h"
#include "tests/views/sample_shop.h"
#include "workflows/operators/people.h"

#include <QCoreApplication>

#include <cstdio>

namespace {
constexpr int sampleNode = 1001;
}

/// Writes the sample shop into a new SQLite file, with people of all roles, for looking at the console by hand: `make_sample_shop FILE [ORDERS]`.
/// With fewer than 0 orders the database is left empty.
int main(int argc, char* argv[])
{
    using namespace counterfoil;
    const QCoreApplication application(argc, argv);
    initResources();
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        std::fputs("make_sample_shop FILE [ORDERS]\n", stderr);
        return 2;
    }
    const SystemClock clock;
    DatabaseUrl url;
    url.path = arguments[1];
    const auto made = [&]() -> Result<void> {
        CF_ASSIGN(const auto connection, Connection::open(url, ConnectionRole::Writer));
        CF_TRY(Migrator(*connection, clock).migrate());
        const int orders = arguments.size() > 2 ? arguments[2].toInt() : 400;
        if (orders < 0) {
            return {};
        }
        CF_TRY(fillSampleShop(*connection, orders, clock.now()));
        IdSource ids(clock, sampleNode);
        return addDemonstrationPeople(*connection, clock, ids);
    }();
    if (!made) {
        std::fputs(qPrintable(made.error().text()), stderr);
        return 1;
    }
    return 0;
}
