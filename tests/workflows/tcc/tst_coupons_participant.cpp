// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/at_once.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/tcc/coupons_participant.h"

#include <QJsonDocument>
#include <QTest>

#include <atomic>

using namespace counterfoil;

class TestCouponsParticipant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void locksThenUses_data() { TestDatabase::addKindRows(); }
    void locksThenUses();
    void locksThenReleases_data() { TestDatabase::addKindRows(); }
    void locksThenReleases();
    void takesASpareGrantFirst_data() { TestDatabase::addKindRows(); }
    void takesASpareGrantFirst();
    void keepsTheTotalLimit_data() { TestDatabase::addKindRows(); }
    void keepsTheTotalLimit();
    void keepsTheLimitPerCustomer_data() { TestDatabase::addKindRows(); }
    void keepsTheLimitPerCustomer();
    void locksNothingWhenOneIsRefused_data() { TestDatabase::addKindRows(); }
    void locksNothingWhenOneIsRefused();
    void countsRepetitionsInOneCall_data() { TestDatabase::addKindRows(); }
    void countsRepetitionsInOneCall();
    void keepsLimitsUnderCheckoutsAtOnce_data();
    void keepsLimitsUnderCheckoutsAtOnce();
};

namespace {

const CustomerId ann{501};
const CustomerId bob{502};

struct Stage {
    explicit Stage(DatabaseKind kind, qint64 total = 0, qint64 perCustomer = 0) : shop(kind)
    {
        Coupon coupon;
        coupon.code = QStringLiteral("SPRING");
        coupon.value = usd(500);
        coupon.totalLimit = total;
        coupon.perCustomerLimit = perCustomer;
        spring = shop.addCoupon(coupon);
    }

    template<class Function>
    Result<void> in(OrderId order, const std::vector<CouponRequest>& requests, Function call)
    {
        UnitOfWork work(shop.connection(), shop.clock, shop.ids);
        CF_TRY(work.begin());
        for (auto& row : shop.rows<Coupon>()) {
            work.coupons.adopt(row);
        }
        for (auto& row : shop.rows<CouponGrant>(QStringLiteral("ORDER BY id"))) {
            work.grants.adopt(row);
        }
        // What a refusal leaves in memory is written, to see it.
        const Result<void> outcome = call(work, BranchCall{TccId(77), 1, order, {}, QJsonDocument::fromJson(couponArgs(requests)).object()});
        CF_TRY(work.commit());
        return outcome;
    }

    Result<void> reserve(qint64 order, const std::vector<CouponRequest>& requests)
    {
        return in(OrderId(order), requests, [&](UnitOfWork& work, const BranchCall& call) { return participant.reserve(work, call); });
    }
    Result<void> confirm(qint64 order)
    {
        return in(OrderId(order), {}, [&](UnitOfWork& work, const BranchCall& call) { return participant.confirm(work, call); });
    }
    Result<void> cancel(qint64 order)
    {
        return in(OrderId(order), {}, [&](UnitOfWork& work, const BranchCall& call) { return participant.cancel(work, call); });
    }

    qint64 used() { return shop.rows<Coupon>(QStringLiteral("WHERE id = ?"), {bound(spring)}).front().used; }
    QStringList grants()
    {
        QStringList states;
        for (const CouponGrant& grant : shop.rows<CouponGrant>(QStringLiteral("ORDER BY id"))) {
            states << toString(grant.state);
        }
        return states;
    }

    EngineFixture shop;
    CouponsParticipant participant;
    CouponId spring;
};

} // namespace

void TestCouponsParticipant::locksThenUses()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(11, {{stage.spring, ann, usd(450)}}));
    QCOMPARE(stage.grants(), QStringList{QStringLiteral("locked")});
    QCOMPARE(stage.used(), 1);
    QCOMPARE(stage.shop.rows<CouponGrant>().front().discount, usd(450));
    CF_VERIFY_OK(stage.confirm(11));
    QCOMPARE(stage.grants(), QStringList{QStringLiteral("used")});
    QCOMPARE(stage.used(), 1);
}

void TestCouponsParticipant::locksThenReleases()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(11, {{stage.spring, ann, usd(450)}}));
    CF_VERIFY_OK(stage.cancel(11));
    QCOMPARE(stage.grants(), QStringList{QStringLiteral("available")});
    QCOMPARE(stage.used(), 0);
    QVERIFY(stage.shop.rows<CouponGrant>().front().order.isNone());
    CF_VERIFY_OK(stage.cancel(11));
    QCOMPARE(stage.used(), 0);
}

void TestCouponsParticipant::takesASpareGrantFirst()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(11, {{stage.spring, ann, usd(450)}}));
    CF_VERIFY_OK(stage.cancel(11));
    CF_VERIFY_OK(stage.reserve(12, {{stage.spring, bob, usd(450)}}));
    QCOMPARE(stage.grants(), QStringList({QStringLiteral("available"), QStringLiteral("locked")}));
    CF_VERIFY_OK(stage.reserve(13, {{stage.spring, ann, usd(300)}}));
    QCOMPARE(stage.grants(), QStringList({QStringLiteral("locked"), QStringLiteral("locked")}));
}

void TestCouponsParticipant::keepsTheTotalLimit()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind, 2);
    CF_VERIFY_OK(stage.reserve(11, {{stage.spring, ann, usd(1)}}));
    CF_VERIFY_OK(stage.confirm(11));
    CF_VERIFY_OK(stage.reserve(12, {{stage.spring, bob, usd(1)}}));
    CF_COMPARE_ERROR(stage.reserve(13, {{stage.spring, bob, usd(1)}}), ErrorCode::CouponExhausted);
    CF_VERIFY_OK(stage.cancel(12));
    CF_VERIFY_OK(stage.reserve(13, {{stage.spring, bob, usd(1)}}));
    QCOMPARE(stage.used(), 2);
}

void TestCouponsParticipant::keepsTheLimitPerCustomer()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind, 0, 1);
    CF_VERIFY_OK(stage.reserve(11, {{stage.spring, ann, usd(1)}}));
    CF_COMPARE_ERROR(stage.reserve(12, {{stage.spring, ann, usd(1)}}), ErrorCode::CouponExhausted);
    CF_VERIFY_OK(stage.reserve(13, {{stage.spring, bob, usd(1)}}));
    CF_VERIFY_OK(stage.confirm(11));
    CF_COMPARE_ERROR(stage.reserve(14, {{stage.spring, ann, usd(1)}}), ErrorCode::CouponExhausted);
    QCOMPARE(stage.used(), 2);
}

void TestCouponsParticipant::locksNothingWhenOneIsRefused()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    Coupon rare;
    rare.code = QStringLiteral("RARE");
    rare.value = usd(500);
    rare.totalLimit = 1;
    rare.used = 1;
    const CouponId id = stage.shop.addCoupon(rare);
    CF_COMPARE_ERROR(stage.reserve(11, {{stage.spring, ann, usd(1)}, {id, ann, usd(1)}}), ErrorCode::CouponExhausted);
    QCOMPARE(stage.used(), 0);
    QCOMPARE(stage.grants(), QStringList());
}

void TestCouponsParticipant::countsRepetitionsInOneCall()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind, 0, 1);
    CF_COMPARE_ERROR(stage.reserve(11, {{stage.spring, ann, usd(1)}, {stage.spring, ann, usd(1)}}), ErrorCode::CouponExhausted);
    QCOMPARE(stage.used(), 0);
}

void TestCouponsParticipant::keepsLimitsUnderCheckoutsAtOnce_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<qint64>("perCustomer");
    QTest::addColumn<bool>("sameBuyer");
    QTest::addColumn<int>("accepted");
    // SQLite has one writer: nothing can happen at once there.
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        if (kind == DatabaseKind::Postgresql) {
            QTest::newRow("total") << kind << qint64{5} << qint64{0} << false << 5;
            QTest::newRow("per customer") << kind << qint64{0} << qint64{3} << true << 3;
        }
    }
}

void TestCouponsParticipant::keepsLimitsUnderCheckoutsAtOnce()
{
    if (TestDatabase::kinds().size() == 1) {
        QSKIP("needs PostgreSQL");
    }
    QFETCH(const DatabaseKind, kind);
    QFETCH(const qint64, total);
    QFETCH(const qint64, perCustomer);
    QFETCH(const bool, sameBuyer);
    QFETCH(const int, accepted);
    Stage stage(kind, total, perCustomer);
    stage.shop.addSku({QStringLiteral("PEN"), stage.shop.addMerchant(QStringLiteral("alpha"), 500), usd(2'000)});
    std::atomic<int> placed = 0;
    std::atomic<int> exhausted = 0;
    std::atomic<int> otherwise = 0;
    atOnce(2, [&](int number, const std::function<void()>& ready) {
        EngineFixture till(stage.shop.database(), 10 + number);
        ready();
        for (int i = 0; i < 8; ++i) {
            const QString buyer = sameBuyer ? QStringLiteral("ann") : QStringLiteral("buyer-%1-%2").arg(number).arg(i);
            NewOrder order = EngineFixture::order(QStringLiteral("T%1-%2").arg(number).arg(i), buyer, {{QStringLiteral("PEN"), 1}});
            order.couponCodes.push_back(QStringLiteral("spring"));
            const auto outcome = till.place(order);
            ++(outcome ? placed : outcome.error().code == ErrorCode::CouponExhausted ? exhausted : otherwise);
        }
    });
    QCOMPARE(placed.load(), accepted);
    QCOMPARE(exhausted.load(), 16 - accepted);
    QCOMPARE(otherwise.load(), 0);
    QCOMPARE(stage.used(), qint64{accepted});
    QCOMPARE(stage.grants().size(), qsizetype{accepted});
    QCOMPARE(stage.shop.violations(), QStringList());
}

QTEST_GUILESS_MAIN(TestCouponsParticipant)
#include "tst_coupons_participant.moc"
