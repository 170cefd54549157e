// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/tcc/stock_participant.h"

#include <QJsonDocument>
#include <QTest>

using namespace counterfoil;

class TestStockParticipant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void freezesAndDeducts_data() { TestDatabase::addKindRows(); }
    void freezesAndDeducts();
    void freezesAndReturns_data() { TestDatabase::addKindRows(); }
    void freezesAndReturns();
    void namesEveryItemThatCantBeHad_data() { TestDatabase::addKindRows(); }
    void namesEveryItemThatCantBeHad();
    void countsLinesOfOneStockTogether_data() { TestDatabase::addKindRows(); }
    void countsLinesOfOneStockTogether();
    void leavesOtherOrdersAlone_data() { TestDatabase::addKindRows(); }
    void leavesOtherOrdersAlone();
};

namespace {

struct Stage {
    explicit Stage(DatabaseKind kind) : shop(kind)
    {
        const MerchantId merchant = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        shop.addSku({QStringLiteral("PEN"), merchant, usd(100), 10});
        shop.addSku({QStringLiteral("INK"), merchant, usd(100), 3});
        const auto rows = shop.rows<Stock>(QStringLiteral("ORDER BY id"));
        pen = rows[0].id;
        ink = rows[1].id;
    }

    template<class Function>
    Result<void> in(OrderId order, const std::vector<StockRequest>& requests, Function call)
    {
        UnitOfWork work(shop.connection(), shop.clock, shop.ids);
        CF_TRY(work.begin());
        for (auto& row : shop.rows<Stock>()) {
            work.stocks.adopt(row);
        }
        for (auto& row : shop.rows<StockReservation>()) {
            work.reservations.adopt(row);
        }
        CF_TRY(call(work, BranchCall{TccId(77), 1, order, {}, QJsonDocument::fromJson(stockArgs(requests)).object()}));
        return work.commit();
    }

    Result<void> reserve(OrderId order, const std::vector<StockRequest>& requests)
    {
        return in(order, requests, [&](UnitOfWork& work, const BranchCall& call) { return participant.reserve(work, call); });
    }
    Result<void> confirm(OrderId order)
    {
        return in(order, {}, [&](UnitOfWork& work, const BranchCall& call) { return participant.confirm(work, call); });
    }
    Result<void> cancel(OrderId order)
    {
        return in(order, {}, [&](UnitOfWork& work, const BranchCall& call) { return participant.cancel(work, call); });
    }

    /// `10-2`: on hand and frozen.
    QString stateOf(StockId id)
    {
        const Stock row = shop.rows<Stock>(QStringLiteral("WHERE id = ?"), {bound(id)}).front();
        return QStringLiteral("%1-%2").arg(row.onHand).arg(row.frozen);
    }

    std::vector<StockRequest> both(qint64 pens, qint64 inks) const
    {
        return {{pen, OrderItemId(31), pens, QStringLiteral("PEN")}, {ink, OrderItemId(32), inks, QStringLiteral("INK")}};
    }

    EngineFixture shop;
    StockParticipant participant;
    StockId pen;
    StockId ink;
};

} // namespace

void TestStockParticipant::freezesAndDeducts()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(OrderId(11), stage.both(4, 3)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("10-4"));
    QCOMPARE(stage.stateOf(stage.ink), QStringLiteral("3-3"));
    CF_VERIFY_OK(stage.confirm(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("6-0"));
    QCOMPARE(stage.stateOf(stage.ink), QStringLiteral("0-0"));
    CF_VERIFY_OK(stage.confirm(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("6-0"));
}

void TestStockParticipant::freezesAndReturns()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(OrderId(11), stage.both(4, 3)));
    CF_VERIFY_OK(stage.cancel(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("10-0"));
    QCOMPARE(stage.stateOf(stage.ink), QStringLiteral("3-0"));
    for (const StockReservation& row : stage.shop.rows<StockReservation>()) {
        CF_COMPARE_ENUM(row.state, ReservationState::Returned);
    }
    CF_VERIFY_OK(stage.cancel(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("10-0"));
}

void TestStockParticipant::namesEveryItemThatCantBeHad()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    const Result<void> refused = stage.reserve(OrderId(11), stage.both(11, 4));
    CF_COMPARE_ERROR(refused, ErrorCode::OutOfStock);
    QCOMPARE(refused.error().detail, QStringLiteral("PEN: 11 wanted, 10 saleable; INK: 4 wanted, 3 saleable"));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("10-0"));
    QCOMPARE(stage.shop.count(QStringLiteral("stock_reservation")), 0);
}

void TestStockParticipant::countsLinesOfOneStockTogether()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    const std::vector<StockRequest> twice{{stage.ink, OrderItemId(31), 2, QStringLiteral("INK")}, {stage.ink, OrderItemId(32), 2, QStringLiteral("INK")}};
    CF_COMPARE_ERROR(stage.reserve(OrderId(11), twice), ErrorCode::OutOfStock);
    CF_VERIFY_OK(stage.reserve(OrderId(11), {{stage.ink, OrderItemId(31), 2, {}}, {stage.ink, OrderItemId(32), 1, {}}}));
    QCOMPARE(stage.stateOf(stage.ink), QStringLiteral("3-3"));
}

void TestStockParticipant::leavesOtherOrdersAlone()
{
    QFETCH(const DatabaseKind, kind);
    Stage stage(kind);
    CF_VERIFY_OK(stage.reserve(OrderId(11), stage.both(4, 1)));
    CF_VERIFY_OK(stage.reserve(OrderId(12), stage.both(5, 1)));
    CF_COMPARE_ERROR(stage.reserve(OrderId(13), stage.both(2, 1)), ErrorCode::OutOfStock);
    CF_VERIFY_OK(stage.cancel(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("10-5"));
    CF_VERIFY_OK(stage.confirm(OrderId(12)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("5-0"));
    CF_VERIFY_OK(stage.confirm(OrderId(11)));
    QCOMPARE(stage.stateOf(stage.pen), QStringLiteral("5-0"));
}

QTEST_GUILESS_MAIN(TestStockParticipant)
#include "tst_stock_participant.moc"
