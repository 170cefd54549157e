// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/power_loss_vfs.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

using namespace counterfoil;

namespace {

constexpr int tries = 200;
constexpr int sectors = 8;
constexpr int bytes = static_cast<int>(PowerLossDisk::sectorBytes) * sectors;
const QByteArray name = "/a.db";

/// One file of `a`, synced, that holds `b` in the middle sectors, unsynced.
QByteArray afterLoss(quint32 seed, bool syncs)
{
    PowerLossDisk disk(seed, {{name, QByteArray(bytes, 'a')}});
    const auto file = disk.open(name, false);
    const qint64 sector = PowerLossDisk::sectorBytes;
    disk.write(name, *file, sector, QByteArray(bytes - 2 * sector, 'b'));
    if (syncs) {
        disk.sync(name, *file);
    }
    disk.cut();
    disk.powerUp();
    return disk.image().at(name);
}

DatabaseUrl urlOf(const QString& path)
{
    DatabaseUrl url;
    url.path = path;
    return url;
}

} // namespace

/// The disk that other tests lose power on must forget what a disk may forget, and nothing else.
class TestPowerLossDisk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void keepsWhatWasSynced();
    void keepsLosesAndTearsWhatWasNot();
    void losesNamesThatWereNotSynced();
    void bringsRemovedFilesBack();
    void forgetsATruncation();
    void failsAtTheOperationThatWasAskedFor();
    void keepsTheCallerInTheDarkAboutAFinishedSync();
    void syncsTheFolderWithTheFirstSyncOfALog();
    void lockedOutConnectionsAreTold();
};

void TestPowerLossDisk::keepsWhatWasSynced()
{
    const qint64 sector = PowerLossDisk::sectorBytes;
    const QByteArray expected = QByteArray(sector, 'a') + QByteArray(bytes - 2 * sector, 'b') + QByteArray(sector, 'a');
    for (quint32 seed = 0; seed < tries; ++seed) {
        QCOMPARE(afterLoss(seed, true), expected);
    }
}

void TestPowerLossDisk::keepsLosesAndTearsWhatWasNot()
{
    const qint64 sector = PowerLossDisk::sectorBytes;
    int kept = 0;
    int lost = 0;
    int torn = 0;
    int rubbish = 0;
    for (quint32 seed = 0; seed < tries; ++seed) {
        const QByteArray content = afterLoss(seed, false);
        QCOMPARE(content.size(), bytes);
        QCOMPARE(content.left(sector), QByteArray(sector, 'a'));
        QCOMPARE(content.right(sector), QByteArray(sector, 'a'));
        const qsizetype news = content.count('b');
        const qsizetype olds = content.count('a') - 2 * sector;
        const qsizetype all = bytes - 2 * sector;
        ++(news == all ? kept : olds == all ? lost : news + olds == all ? torn : rubbish);
    }
    QVERIFY(kept > 0 && lost > 0 && torn > 0 && rubbish > 0);
}

void TestPowerLossDisk::losesNamesThatWereNotSynced()
{
    int kept = 0;
    for (quint32 seed = 0; seed < tries; ++seed) {
        PowerLossDisk disk(seed);
        const auto file = disk.open(name, true);
        QVERIFY(disk.write(name, *file, 0, "money") && disk.sync(name, *file));
        disk.cut();
        disk.powerUp();
        kept += disk.exists(name) ? 1 : 0;
    }
    QVERIFY(kept > 0 && kept < tries);

    PowerLossDisk disk(1);
    const auto file = disk.open(name, true);
    QVERIFY(disk.write(name, *file, 0, "money") && disk.sync(name, *file) && disk.syncDirectory());
    disk.cut();
    disk.powerUp();
    QCOMPARE(disk.image().at(name), QByteArray("money"));
}

void TestPowerLossDisk::bringsRemovedFilesBack()
{
    int back = 0;
    for (quint32 seed = 0; seed < tries; ++seed) {
        PowerLossDisk disk(seed, {{name, "money"}});
        QVERIFY(disk.remove(name) && !disk.exists(name));
        disk.cut();
        disk.powerUp();
        back += disk.exists(name) && disk.image().at(name) == "money" ? 1 : 0;
    }
    QVERIFY(back > 0 && back < tries);
}

void TestPowerLossDisk::forgetsATruncation()
{
    int forgotten = 0;
    for (quint32 seed = 0; seed < tries; ++seed) {
        PowerLossDisk disk(seed, {{name, "money"}});
        QVERIFY(disk.truncate(name, *disk.open(name, false), 2));
        disk.cut();
        disk.powerUp();
        const QByteArray content = disk.image().at(name);
        QVERIFY(content == "money" || content == "mo");
        forgotten += content == "money" ? 1 : 0;
    }
    QVERIFY(forgotten > 0 && forgotten < tries);
}

void TestPowerLossDisk::failsAtTheOperationThatWasAskedFor()
{
    PowerLossDisk disk(1, {{name, {}}, {"/a.db-wal", {}}});
    const auto main = disk.open(name, false);
    const auto log = disk.open("/a.db-wal", false);
    PowerCut cut;
    cut.countdown = 2;
    disk.cutAt(cut);
    QVERIFY(disk.write("/a.db-wal", *log, 0, "1"));
    QVERIFY(disk.write(name, *main, 0, "1") && disk.sync("/a.db-wal", *log));
    QVERIFY(!disk.write("/a.db-wal", *log, 1, "2"));
    QVERIFY(disk.isDark());
    QCOMPARE(disk.lastMet(), QByteArray("log write"));
    // From then on nothing works.
    QVERIFY(!disk.write(name, *main, 0, "2") && !disk.sync(name, *main) && !disk.syncDirectory() && !disk.open(name, false) && !disk.remove(name));
}

void TestPowerLossDisk::keepsTheCallerInTheDarkAboutAFinishedSync()
{
    for (const bool after : {true, false}) {
        int kept = 0;
        for (quint32 seed = 0; seed < tries; ++seed) {
            PowerLossDisk disk(seed, {{name, "old"}});
            const auto file = disk.open(name, false);
            PowerCut cut{1, false, DiskPart::Main, DiskOperation::Sync, after};
            disk.cutAt(cut);
            QVERIFY(disk.write(name, *file, 0, "new"));
            QVERIFY(!disk.sync(name, *file));
            disk.powerUp();
            kept += disk.image().at(name) == "new" ? 1 : 0;
        }
        QVERIFY(after ? kept == tries : kept < tries);
    }
}

void TestPowerLossDisk::syncsTheFolderWithTheFirstSyncOfALog()
{
    for (quint32 seed = 0; seed < tries; ++seed) {
        PowerLossDisk disk(seed);
        const PowerLossVfs vfs(disk);
        {
            const auto connection = Connection::open(urlOf(vfs.uri("a.db")), ConnectionRole::Writer);
            CF_VERIFY_OK(connection);
            CF_VERIFY_OK((*connection)->executeScript(QStringLiteral("CREATE TABLE t (n INTEGER)")));
            CF_VERIFY_OK((*connection)->execute(QStringLiteral("INSERT INTO t VALUES (7)")));
            disk.cut();
        }
        disk.powerUp();
        const auto connection = Connection::open(urlOf(vfs.uri("a.db")), ConnectionRole::Reader);
        CF_VERIFY_OK(connection);
        qint64 number = 0;
        CF_VERIFY_OK((*connection)->query(QStringLiteral("SELECT n FROM t"), {}, [&](const Row& row) -> Result<void> {
            number = row.integer(0);
            return {};
        }));
        QCOMPARE(number, 7);
    }
}

void TestPowerLossDisk::lockedOutConnectionsAreTold()
{
    PowerLossDisk disk(1);
    const PowerLossVfs vfs(disk);
    const auto first = Connection::open(urlOf(vfs.uri("a.db")), ConnectionRole::Writer);
    CF_VERIFY_OK(first);
    CF_VERIFY_OK((*first)->executeScript(QStringLiteral("CREATE TABLE t (n INTEGER)")));
    const auto second = Connection::open(urlOf(vfs.uri("a.db")), ConnectionRole::Writer);
    CF_VERIFY_OK(second);
    CF_VERIFY_OK((*second)->executeScript(QStringLiteral("PRAGMA busy_timeout=0")));
    auto holder = DatabaseTransaction::begin(**first);
    CF_VERIFY_OK(holder);
    CF_COMPARE_ERROR(DatabaseTransaction::begin(**second), ErrorCode::DatabaseBusy);
    // Who only reads sees the state before, and isn't held up.
    CF_VERIFY_OK((*first)->execute(QStringLiteral("INSERT INTO t VALUES (1)")));
    int rows = 0;
    const auto count = [&](const Row&) -> Result<void> {
        ++rows;
        return {};
    };
    CF_VERIFY_OK((*second)->query(QStringLiteral("SELECT n FROM t"), {}, count));
    QCOMPARE(rows, 0);
    CF_VERIFY_OK(holder->commit());
    CF_VERIFY_OK((*second)->query(QStringLiteral("SELECT n FROM t"), {}, count));
    QCOMPARE(rows, 1);
}

QTEST_GUILESS_MAIN(TestPowerLossDisk)

#include "tst_power_loss_disk.moc"
