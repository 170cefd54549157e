// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/power_loss_shop.h"

#include "models/store/administration.h"
#include "models/store/migrator.h"
#include "resources/resources.h"
#include "workflows/services/verification.h"

#include <QFile>

namespace counterfoil {

namespace {

constexpr const char* fileName = "shop.db";
constexpr int stepsMax = 60;

DatabaseUrl urlOf(const QString& path)
{
    DatabaseUrl url;
    url.path = path;
    return url;
}

} // namespace

Result<void> PowerLossShop::initialise(const QString& path)
{
    initResources();
    QFile workflow(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    require(workflow.open(QFile::ReadOnly), "the order workflow is built in");
    const ManualClock clock(sampleTime);
    CF_ASSIGN(const auto connection, Connection::open(urlOf(path), ConnectionRole::Writer));
    CF_TRY(Migrator(*connection, clock).migrate());
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(*connection));
    CF_ASSIGN(const auto published, publishedWorkflows(*connection));
    if (published.empty()) {
        CF_TRY(publishWorkflow(*connection, QStringLiteral("order"), QString::fromUtf8(workflow.readAll()), QStringLiteral("system"), clock.now()));
    }
    return transaction.commit();
}

PowerLossDisk::Image PowerLossShop::prepared()
{
    PowerLossDisk disk(0);
    const PowerLossVfs vfs(disk);
    EngineFixture::unwrap(initialise(vfs.uri(fileName)));
    {
        EngineFixture shop(TestDatabase::existing(vfs.uri(fileName)), 2);
        const MerchantId alpha = shop.addMerchant(QStringLiteral("alpha"), 500);
        const MerchantId beta = shop.addMerchant(QStringLiteral("beta"), 1250);
        shop.addSku({QStringLiteral("PEN"), alpha, usd(199), 1'000'000});
        shop.addSku({QStringLiteral("DESK"), beta, usd(45'900), 1'000'000});
        Coupon coupon;
        coupon.code = QStringLiteral("TEN");
        coupon.value = usd(150);
        shop.addCoupon(coupon);
        for (int i = 0; i < 7; ++i) {
            shop.recharge(QStringLiteral("buyer-%1").arg(i), usd(1'000'000'000));
        }
    }
    return disk.image();
}

PowerLossShop::PowerLossShop(const PowerLossDisk::Image& image, const Options& options)
    : m_options(options), m_random(options.seed), m_disk(options.seed, image), m_vfs(m_disk),
      // By default a checkpoint comes after a thousand pages, which is more than a short life writes.
      m_pagesPerCheckpoint(m_random() % 3 == 0 ? 1000 : static_cast<int>(40 + m_random() % 200)), m_trade(options.seed)
{
    m_disk.setLies(options.diskLies);
    open();
}

PowerLossShop::~PowerLossShop()
{
    close();
}

void PowerLossShop::open()
{
    m_engine = std::make_unique<EngineFixture>(TestDatabase::existing(m_vfs.uri(fileName)), 1);
    Connection& connection = m_engine->connection();
    EngineFixture::unwrap(connection.executeScript(QStringLiteral("PRAGMA wal_autocheckpoint=%1").arg(m_pagesPerCheckpoint)));
    if (m_options.normal) {
        EngineFixture::unwrap(connection.executeScript(QStringLiteral("PRAGMA synchronous=NORMAL")));
    }
    const auto level = EngineFixture::unwrap(textsOf(connection, QStringLiteral("PRAGMA synchronous")));
    require(level == std::set{m_options.normal ? QStringLiteral("1") : QStringLiteral("2")}, "the connection syncs as this run wants it to");
    m_trade.begin(*m_engine);
}

void PowerLossShop::close()
{
    m_trade.end();
    m_view.reset();
    m_reader.reset();
    m_engine.reset();
}

/// Somebody who reads keeps the log from being written back, and from beginning anew.
Result<void> PowerLossShop::changeReader()
{
    if (m_view && chance(30)) {
        m_view.reset();
    } else if (!m_view && chance(10)) {
        if (!m_reader) {
            CF_ASSIGN(m_reader, Connection::open(urlOf(m_vfs.uri(fileName)), ConnectionRole::Reader));
        }
        CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(*m_reader));
        m_view.emplace(std::move(view));
        CF_TRY(pairsOf(*m_reader, QStringLiteral("SELECT id, row_version FROM orders")));
    }
    return {};
}

PowerCut PowerLossShop::randomCut()
{
    PowerCut cut;
    const int kind = static_cast<int>(m_random() % 100);
    if (kind < 35) {
        cut.countdown = static_cast<int>(1 + m_random() % 250);
    } else if (kind < 55) {
        cut.operation = DiskOperation::Sync;
        cut.countdown = static_cast<int>(1 + m_random() % 20);
        cut.afterSync = chance(50);
    } else if (kind < 75) {
        cut.part = DiskPart::Main;
        cut.countdown = static_cast<int>(1 + m_random() % 80);
    } else if (kind < 82) {
        cut.part = DiskPart::Main;
        cut.operation = DiskOperation::Sync;
        cut.countdown = static_cast<int>(1 + m_random() % 2);
        cut.afterSync = chance(50);
    } else if (kind < 92) {
        cut.any = true;
        cut.countdown = static_cast<int>(1 + m_random() % 300);
    }
    return cut;
}

Loss PowerLossShop::loseOnce()
{
    const PowerCut cut = randomCut();
    // Without an operation to wait for the power fails between two of them.
    const int quiet = static_cast<int>(m_random() % 8);
    const int steps = static_cast<int>(cut.countdown > 0 ? stepsMax : quiet + 1 + m_random() % 8);
    for (int i = 0; i < steps && !m_disk.isDark(); ++i) {
        if (i == quiet) {
            m_disk.cutAt(cut);
        }
        const Result<void> changed = changeReader();
        const Result<void> outcome = changed ? m_trade.step() : changed;
        require(outcome || m_disk.isDark(), outcome ? "" : qPrintable(outcome.error().text()));
    }
    if (!m_disk.isDark()) {
        m_disk.cut();
    }
    Loss loss;
    loss.met = m_disk.lastMet();
    close();
    m_disk.powerUp();
    loseWhileOpening();

    const auto connection = Connection::open(urlOf(m_vfs.uri(fileName)), ConnectionRole::Writer);
    if (!connection) {
        loss.damage << connection.error().text();
        return loss;
    }
    loss.damage = damageOf(**connection);
    if (loss.damage.isEmpty()) {
        loss.missing = EngineFixture::unwrap(m_trade.told().missing(**connection));
    }
    if (loss.damage.isEmpty() && loss.missing.isEmpty()) {
        open();
    }
    return loss;
}

/// It comes back, and fails again while the log is read or written back.
void PowerLossShop::loseWhileOpening()
{
    if (!chance(25)) {
        return;
    }
    PowerCut cut;
    cut.any = true;
    cut.countdown = static_cast<int>(1 + m_random() % 40);
    m_disk.cutAt(cut);
    if (auto connection = Connection::open(urlOf(m_vfs.uri(fileName)), ConnectionRole::Writer)) {
        (void)pairsOf(**connection, QStringLiteral("SELECT id, row_version FROM orders"));
    }
    if (!m_disk.isDark()) {
        m_disk.cut();
    }
    m_disk.powerUp();
}

QStringList damageOf(Connection& connection)
{
    const auto integrity = textsOf(connection, QStringLiteral("PRAGMA integrity_check"));
    if (!integrity) {
        return {integrity.error().text()};
    }
    QStringList found(integrity->begin(), integrity->end());
    if (found != QStringList{QStringLiteral("ok")}) {
        return found;
    }
    found.clear();
    const auto verified = verifyDatabase(connection);
    if (!verified) {
        return {verified.error().text()};
    }
    for (const InvariantOutcome& outcome : verified->outcomes) {
        for (const Violation& violation : outcome.violations) {
            found << QStringLiteral("%1: %2 %3").arg(outcome.name, violation.id, violation.detail);
        }
    }
    return found;
}

} // namespace counterfoil
