// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/power_loss_shop.h"
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/support/patient_main.h"

#include <QElapsedTimer>

using namespace counterfoil;

namespace {

/// COUNTERFOIL_TEST_POWER_LOSSES sets how many there are, COUNTERFOIL_TEST_SEED other moments.
const int losses = numberFrom("COUNTERFOIL_TEST_POWER_LOSSES", 150);
const auto seed = static_cast<quint32>(numberFrom("COUNTERFOIL_TEST_SEED", 20));
constexpr int lossesPerShop = 10;
/// Of any kind of moment there must be so many in a hundred losses, or the run proves nothing.
constexpr int leastPercent = 5;

struct Harvest {
    int losses = 0;
    int lost = 0;
    int damaged = 0;
    std::map<QByteArray, int> met;
    qint64 orders = 0;
    qint64 callbacks = 0;
    qint64 requests = 0;

    void add(const Loss& loss)
    {
        ++losses;
        ++met[loss.met];
        lost += loss.missing.isEmpty() ? 0 : 1;
        damaged += loss.damage.isEmpty() ? 0 : 1;
    }
    void add(const Told& told)
    {
        orders += static_cast<qint64>(told.orders.size());
        callbacks += static_cast<qint64>(told.callbacks.size());
        requests += static_cast<qint64>(told.sent.size());
    }
    int metAny(std::initializer_list<const char*> names) const
    {
        int count = 0;
        for (const char* name : names) {
            const auto found = met.find(name);
            count += found == met.end() ? 0 : found->second;
        }
        return count;
    }
    int inCommit() const { return metAny({"log write", "log sync"}); }
    int inCheckpoint() const { return metAny({"main file write", "main file sync"}); }
    int between() const { return metAny({"between two operations"}); }
};

void tell(const char* what, const Harvest& harvest, const QElapsedTimer& timer)
{
    QByteArray moments;
    for (const auto& [name, count] : harvest.met) {
        moments += (moments.isEmpty() ? "" : ", ") + name + ' ' + QByteArray::number(count);
    }
    qInfo("%s: %d of %d power losses lost something acknowledged, %d did damage, in %lld ms", what, harvest.lost, harvest.losses, harvest.damaged,
          static_cast<long long>(timer.elapsed()));
    qInfo("  acknowledged: %lld orders, %lld callbacks, %lld requests; the power failed at: %s", static_cast<long long>(harvest.orders),
          static_cast<long long>(harvest.callbacks), static_cast<long long>(harvest.requests), moments.constData());
}

} // namespace

/// A database whose disk loses power: what was acknowledged must be there afterwards. SIGKILL can't show that, since what a program
/// has written survives its death unsynced.
class TestPowerLoss : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_image = PowerLossShop::prepared(); }
    void init() { failOnWarnings(); }
    void acknowledgedThingsSurvivePowerLosses();
    void losesWithWeakerSyncsAndThisTestSeesIt();
    void losesOnADiskThatLiesAndThisTestSeesIt();
    void aDatabaseWhoseMakingWasCutOffIsMadeAgain();

private:
    /// Shops that each lose power until something is lost.
    Harvest runUntilLost(PowerLossShop::Options options, int lossesMax);

    PowerLossDisk::Image m_image;
};

void TestPowerLoss::acknowledgedThingsSurvivePowerLosses()
{
    QElapsedTimer timer;
    timer.start();
    Harvest harvest;
    for (quint32 shopSeed = seed * 1000; harvest.losses < losses; ++shopSeed) {
        PowerLossShop shop(m_image, {shopSeed, false, false});
        for (int i = 0; i < lossesPerShop && harvest.losses < losses; ++i) {
            const Loss loss = shop.loseOnce();
            harvest.add(loss);
            const QStringList problems = loss.damage + loss.missing;
            QVERIFY2(problems.isEmpty(), qPrintable(QStringLiteral("shop %1, loss %2 at %3: %4").arg(shopSeed).arg(i).arg(QString::fromLatin1(loss.met), problems.join(u'\n'))));
        }
        harvest.add(shop.told());
        const QStringList problems = shop.endProblems();
        QVERIFY2(problems.isEmpty(), qPrintable(QStringLiteral("shop %1: %2").arg(shopSeed).arg(problems.join(u'\n'))));
    }
    tell("synchronous=FULL", harvest, timer);
    QCOMPARE(harvest.losses, losses);
    for (const int count : {harvest.inCommit(), harvest.inCheckpoint(), harvest.between()}) {
        QVERIFY2(count * 100 >= losses * leastPercent, "too few losses of one kind: the test proves nothing");
    }
    QVERIFY(harvest.orders > losses && harvest.callbacks > losses && harvest.requests > losses);
}

Harvest TestPowerLoss::runUntilLost(PowerLossShop::Options options, int lossesMax)
{
    Harvest harvest;
    while (harvest.losses < lossesMax) {
        ++options.seed;
        PowerLossShop shop(m_image, options);
        for (int i = 0; i < lossesPerShop && harvest.losses < lossesMax; ++i) {
            const Loss loss = shop.loseOnce();
            harvest.add(loss);
            if (!loss.missing.isEmpty() || !loss.damage.isEmpty()) {
                break;
            }
        }
        harvest.add(shop.told());
    }
    return harvest;
}

void TestPowerLoss::losesWithWeakerSyncsAndThisTestSeesIt()
{
    QElapsedTimer timer;
    timer.start();
    const Harvest harvest = runUntilLost({seed * 1000, true, false}, std::max(20, losses / 3));
    tell("synchronous=NORMAL", harvest, timer);
    QVERIFY2(harvest.lost > 0, "nothing was lost without syncs: the test sees nothing");
    // It forgets the last commits, but what it keeps is whole.
    QCOMPARE(harvest.damaged, 0);
}

void TestPowerLoss::losesOnADiskThatLiesAndThisTestSeesIt()
{
    QElapsedTimer timer;
    timer.start();
    const Harvest harvest = runUntilLost({seed * 1000, false, true}, std::max(20, losses / 10));
    tell("a disk that lies", harvest, timer);
    QVERIFY2(harvest.lost > 0, "nothing was lost on a disk that doesn't sync: the test sees nothing");
    QVERIFY2(harvest.damaged > 0, "nothing was damaged on a disk that doesn't sync: the test sees nothing");
}

void TestPowerLoss::aDatabaseWhoseMakingWasCutOffIsMadeAgain()
{
    std::mt19937 random(seed);
    int cutOff = 0;
    for (int i = 0; i < std::max(20, losses / 10); ++i) {
        PowerLossDisk disk(random());
        const PowerLossVfs vfs(disk);
        const QString uri = vfs.uri("new.db");
        PowerCut cut;
        cut.any = true;
        cut.countdown = static_cast<int>(1 + random() % 400);
        disk.cutAt(cut);
        const auto first = PowerLossShop::initialise(uri);
        cutOff += first ? 0 : 1;
        if (!disk.isDark()) {
            disk.cut();
        }
        disk.powerUp();
        if (first) {
            // It was said to be made: then it is.
            DatabaseUrl url;
            url.path = uri;
            const auto connection = Connection::open(url, ConnectionRole::Writer);
            CF_VERIFY_OK(connection);
            CF_VERIFY_OK(textsOf(**connection, QStringLiteral("SELECT id FROM orders")));
        }
        CF_VERIFY_OK(PowerLossShop::initialise(uri));
        const auto database = TestDatabase::existing(uri);
        const QStringList damage = damageOf(database->writer());
        QVERIFY2(damage.isEmpty(), qPrintable(damage.join(u'\n')));
    }
    qInfo("%d of %d times the power failed before the database was made", cutOff, std::max(20, losses / 10));
    QVERIFY(cutOff > 0);
}

int main(int argc, char** argv)
{
    return runPatiently<TestPowerLoss>(argc, argv);
}

#include "tst_power_loss.moc"
