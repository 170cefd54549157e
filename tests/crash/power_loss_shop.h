// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/crash/power_loss_vfs.h"
#include "tests/crash/shop_trade.h"

namespace counterfoil {

/// What one power loss left.
struct Loss {
    /// What was under way, by the disk's words.
    QByteArray met;
    /// Told, and not in the database any more.
    QStringList missing;
    /// The database can't be opened, is corrupt, or breaks an invariant.
    QStringList damage;
};

/// The real engine on a disk that loses power at random moments, beside a gateway and buyers that outlive it. The same seed does the same.
class PowerLossShop {
public:
    /// `normal`: as if the program opened its connection with synchronous=NORMAL, which it never does.
    struct Options {
        quint32 seed = 1;
        bool normal = false;
        bool diskLies = false;
    };

    /// A disk with a database and its catalogue, all synced.
    static PowerLossDisk::Image prepared();
    /// Makes the database as `counterfoilctl init` does; again, if it is there already. Errors: the database's.
    static Result<void> initialise(const QString& path);

    PowerLossShop(const PowerLossDisk::Image& image, const Options& options);
    ~PowerLossShop();

    /// Takes orders, sends requests and applies what comes back until the power fails, and opens what it left. Aborts when anything
    /// goes wrong for another reason. After missing or damage there is no next time.
    Loss loseOnce();
    /// Faults end, and everything gets time to end; returns what is wrong then between us, the buyers and the gateway.
    QStringList endProblems() { return m_trade.endProblems(); }
    const Told& told() const { return m_trade.told(); }

private:
    void open();
    void close();
    PowerCut randomCut();
    void loseWhileOpening();
    Result<void> changeReader();
    bool chance(int percent) { return static_cast<int>(m_random() % 100) < percent; }

    const Options m_options;
    std::mt19937 m_random;
    PowerLossDisk m_disk;
    PowerLossVfs m_vfs;
    const int m_pagesPerCheckpoint;
    ShopTrade m_trade;

    // What dies with the power
    std::unique_ptr<EngineFixture> m_engine;
    std::unique_ptr<Connection> m_reader;
    std::optional<DatabaseTransaction> m_view;
};

/// Whatever SQLite and `verify` find wrong with a database.
QStringList damageOf(Connection& connection);

} // namespace counterfoil
