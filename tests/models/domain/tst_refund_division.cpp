// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/refund.h"
#include "models/domain/refund_division.h"
#include "tests/support/expect.h"

#include <QTest>

#include <rapidcheck.h>

#include <random>

namespace counterfoil {

namespace {

Money usd(qint64 minor)
{
    return {minor, Currency()};
}

RefundShare share(qint64 paid, qint64 discount, qint64 commission, qint64 borne = 0)
{
    return {usd(paid), usd(discount), usd(commission), usd(borne)};
}

/// A payment of shares that add up.
RefundParts payment(qint64 wallet, qint64 gateway, std::vector<RefundShare> shares)
{
    return {Currency(), usd(wallet), usd(gateway), std::move(shares), 1};
}

qint64 paidSum(const RefundParts& parts)
{
    qint64 total = 0;
    for (const RefundShare& s : parts.shares) {
        total += s.paid.minor();
    }
    return total;
}

/// The rules that every refund keeps.
QStringList faults(const RefundParts& taken, const RefundParts& left, qint64 amount)
{
    QStringList list;
    const auto check = [&list](bool holds, const char* what) {
        if (!holds) {
            list << QString::fromLatin1(what);
        }
    };
    check(taken.wallet.minor() + taken.gateway.minor() == amount, "wallet and gateway part are the amount");
    check(paidSum(taken) == amount, "the shares sum to the amount");
    check(left.without(taken).has_value(), "no part is overdrawn");
    for (const RefundShare& s : taken.shares) {
        check(!s.net()->isNegative(), "no merchant gets money for a refund");
        check(s.commission.minor() <= s.gross()->minor(), "the commission is within the gross");
    }
    return list;
}

/// Random payments, in which anything may be nothing.
RefundParts randomPayment(std::mt19937_64& random)
{
    const auto below = [&random](qint64 limit) { return static_cast<qint64>(random() % static_cast<quint64>(limit)); };
    const qint64 scale = std::array<qint64, 4>{3, 50, 100'000, 1'000'000'000'000}[random() % 4];
    std::vector<RefundShare> shares;
    qint64 total = 0;
    for (std::size_t i = 0, count = 1 + random() % 5; i < count; ++i) {
        const qint64 paid = below(scale);
        const qint64 discount = random() % 2 == 0 ? 0 : below(scale);
        const qint64 gross = paid + discount;
        shares.push_back(share(paid, discount, random() % 3 == 0 ? 0 : below(gross + 1), random() % 2 == 0 ? 0 : below(scale)));
        total += paid;
    }
    const qint64 wallet = random() % 3 == 0 ? 0 : random() % 2 == 0 ? total : below(total + 1);
    return payment(wallet, total - wallet, std::move(shares));
}

} // namespace

class TestRefundDivision : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void dividesByWhatIsLeft()
    {
        // 30.00 from the wallet, 70.00 by card; two merchants at 10 %, the second with 20.00 of the platform's discount.
        const RefundParts whole = payment(3'000, 7'000, {share(4'000, 0, 400), share(6'000, 2'000, 800, 500)});
        const auto taken = divideRefund(usd(1'000), whole);
        CF_VERIFY_OK(taken);
        QCOMPARE(taken->wallet, usd(300));
        QCOMPARE(taken->gateway, usd(700));
        QCOMPARE(taken->shares[0].paid, usd(400));
        QCOMPARE(taken->shares[0].commission, usd(40));
        QCOMPARE(*taken->shares[0].net(), usd(360));
        QCOMPARE(taken->shares[1].paid, usd(600));
        QCOMPARE(taken->shares[1].platformDiscount, usd(200));
        QCOMPARE(taken->shares[1].commission, usd(80));
        QCOMPARE(taken->shares[1].merchantDiscount, usd(50));
        QCOMPARE(*taken->shares[1].net(), usd(720));
        QCOMPARE(*taken->platformDiscount(), usd(200));
    }

    void aFullRefundTakesEverything()
    {
        const RefundParts whole = payment(1, 99, {share(33, 7, 4, 1), share(67, 0, 0), share(0, 5, 2)});
        const auto taken = divideRefund(usd(100), whole);
        CF_VERIFY_OK(taken);
        const auto rest = whole.without(*taken);
        CF_VERIFY_OK(rest);
        for (const RefundShare& left : rest->shares) {
            QVERIFY(left.paid.isZero() && left.platformDiscount.isZero() && left.commission.isZero() && left.merchantDiscount.isZero());
        }
        QVERIFY(rest->amount()->isZero());
    }

    void originalWeightsWouldOverdraw()
    {
        // Three shares of one cent each, one cent at a time: by the original weights the first would pay three times.
        RefundParts left = payment(0, 3, {share(1, 0, 0), share(1, 0, 0), share(1, 0, 0)});
        for (int i = 0; i < 3; ++i) {
            const auto taken = divideRefund(usd(1), left);
            CF_VERIFY_OK(taken);
            const auto rest = left.without(*taken);
            CF_VERIFY_OK(rest);
            left = *rest;
        }
        QVERIFY(left.amount()->isZero());
    }

    void dividesCurrenciesWithoutAndWithThreeDecimals()
    {
        for (const char* code : {"JPY", "KWD"}) {
            const Currency currency = *Currency::parse(QString::fromLatin1(code));
            const auto money = [currency](qint64 minor) { return Money(minor, currency); };
            const RefundParts whole{currency, money(333), money(667), {{money(1'000), money(10), money(101), money(0)}}, 1};
            const auto taken = divideRefund(money(500), whole);
            CF_VERIFY_OK(taken);
            QCOMPARE(taken->wallet.minor() + taken->gateway.minor(), qint64{500});
            QCOMPARE(taken->shares[0].platformDiscount, money(5));
            CF_VERIFY_OK(whole.without(*taken));
        }
    }

    void keepsTheGatewaysSteps()
    {
        const auto whole = [](qint64 wallet, qint64 gateway) {
            RefundParts parts = payment(wallet, gateway, {share(wallet + gateway, 0, 0)});
            parts.gatewayStep = 10;
            return parts;
        };
        // 66.7 of 100 would be the gateway's: 60, and the wallet takes the rest.
        QCOMPARE(divideRefund(usd(100), whole(500, 1'000))->gateway, usd(60));
        QCOMPARE(divideRefund(usd(100), whole(500, 1'000))->wallet, usd(40));
        // The wallet has nothing to give or take.
        CF_COMPARE_ERROR(divideRefund(usd(105), whole(0, 1'000)), ErrorCode::InvalidAmount);
        QCOMPARE(divideRefund(usd(110), whole(0, 1'000))->gateway, usd(110));
        // Room for two only: up, and the wallet gives less.
        QCOMPARE(divideRefund(usd(995), whole(6, 1'000))->gateway, usd(990));
        CF_COMPARE_ERROR(divideRefund(usd(998), whole(2, 1'000)), ErrorCode::InvalidAmount);
        QCOMPARE(divideRefund(usd(1'002), whole(2, 1'000))->gateway, usd(1'000));
        const bool holds = rc::check([whole](quint64 seed) {
            std::mt19937_64 random(seed);
            RefundParts left = whole(static_cast<qint64>(random() % 400), 10 * static_cast<qint64>(1 + random() % 40));
            while (left.amount()->isPositive()) {
                const qint64 rest = left.amount()->minor();
                const auto taken = divideRefund(usd(random() % 8 == 0 ? rest : 1 + static_cast<qint64>(random() % static_cast<quint64>(rest))), left);
                if (!taken) {
                    RC_ASSERT(taken.error().code == ErrorCode::InvalidAmount);
                    continue;
                }
                RC_ASSERT(taken->gateway.minor() % 10 == 0);
                left = *left.without(*taken);
            }
        });
        QVERIFY(holds);
    }

    void refusesWhatIsNotLeft()
    {
        const RefundParts whole = payment(50, 50, {share(60, 0, 6), share(40, 0, 4)});
        CF_COMPARE_ERROR(divideRefund(usd(101), whole), ErrorCode::RefundExceeded);
        CF_COMPARE_ERROR(divideRefund(usd(0), whole), ErrorCode::InvalidAmount);
        CF_COMPARE_ERROR(divideRefund(usd(-1), whole), ErrorCode::InvalidAmount);
        CF_COMPARE_ERROR(divideRefund(Money(qint64{1}, *Currency::parse(QStringLiteral("EUR"))), whole), ErrorCode::CurrencyMismatch);
        const std::array tooMuchOfOne{usd(0), usd(41)};
        CF_COMPARE_ERROR(divideRefund(tooMuchOfOne, whole), ErrorCode::RefundExceeded);
        const std::array negative{usd(10), usd(-1)};
        CF_COMPARE_ERROR(divideRefund(negative, whole), ErrorCode::RefundExceeded);
        const std::array nothing{usd(0), usd(0)};
        CF_COMPARE_ERROR(divideRefund(nothing, whole), ErrorCode::InvalidAmount);
        CF_COMPARE_ERROR(divideRefund(usd(std::numeric_limits<qint64>::max()), whole), ErrorCode::RefundExceeded);
    }

    void refusesToOverdraw()
    {
        const RefundParts whole = payment(50, 50, {share(100, 0, 6)});
        const RefundParts wallet = payment(51, 49, {share(100, 0, 0)});
        CF_COMPARE_ERROR(whole.without(wallet), ErrorCode::Integrity);
        const RefundParts commission = payment(50, 50, {share(100, 0, 7)});
        CF_COMPARE_ERROR(whole.without(commission), ErrorCode::Integrity);
    }

    void noSequenceOverdrawsAPartAndTheLastTakesTheRest()
    {
        const bool holds = rc::check([](quint64 seed) {
            std::mt19937_64 random(seed);
            const RefundParts whole = randomPayment(random);
            RefundParts left = whole;
            const qint64 total = whole.amount()->minor();
            qint64 refunded = 0;
            for (int step = 0; refunded < total; ++step) {
                // Small steps at first, so that most sequences are long; then all of it.
                const qint64 rest = total - refunded;
                const qint64 amount = step > 40 || random() % 12 == 0 ? rest : 1 + static_cast<qint64>(random() % static_cast<quint64>(std::max<qint64>(1, rest / 3)));
                const auto taken = divideRefund(usd(amount), left);
                RC_ASSERT(taken.has_value());
                RC_ASSERT(faults(*taken, left, amount) == QStringList());
                left = *left.without(*taken);
                refunded += amount;
            }
            for (const RefundShare& share : left.shares) {
                // A share that nobody paid goes along with the order; with nothing paid at all there was no refund.
                RC_ASSERT(share.paid.isZero());
                RC_ASSERT(total == 0 || (share.platformDiscount.isZero() && share.commission.isZero()));
            }
            RC_ASSERT(left.wallet.isZero() && left.gateway.isZero());
        });
        QVERIFY(holds);
    }

    void sequencesOfSharesDoNotOverdrawEither()
    {
        const bool holds = rc::check([](quint64 seed) {
            std::mt19937_64 random(seed);
            RefundParts left = randomPayment(random);
            for (int step = 0; step < 20 && left.amount()->isPositive(); ++step) {
                std::vector<Money> paid;
                qint64 amount = 0;
                for (const RefundShare& share : left.shares) {
                    const qint64 part = random() % 3 == 0 ? share.paid.minor() : static_cast<qint64>(random() % static_cast<quint64>(share.paid.minor() + 1));
                    paid.push_back(usd(part));
                    amount += part;
                }
                if (amount == 0) {
                    continue;
                }
                const auto taken = divideRefund(paid, left);
                RC_ASSERT(taken.has_value());
                RC_ASSERT(faults(*taken, left, amount) == QStringList());
                left = *left.without(*taken);
            }
        });
        QVERIFY(holds);
    }

    void piecesAreWorthWhatIsLeftOfThem()
    {
        // Three for 10.00: 3.34, 3.33, 3.33 in whatever steps.
        QCOMPARE(*paidForQuantity(usd(1'000), 3, 1), usd(333));
        QCOMPARE(*paidForQuantity(usd(667), 2, 2), usd(667));
        QCOMPARE(*paidForQuantity(usd(0), 2, 1), usd(0));
        CF_COMPARE_ERROR(paidForQuantity(usd(667), 2, 3), ErrorCode::QuantityOutOfRange);
        CF_COMPARE_ERROR(paidForQuantity(usd(667), 2, 0), ErrorCode::QuantityOutOfRange);
        CF_COMPARE_ERROR(paidForQuantity(usd(667), 2, -1), ErrorCode::QuantityOutOfRange);
        const bool holds = rc::check([](quint64 seed) {
            std::mt19937_64 random(seed);
            qint64 quantity = 1 + static_cast<qint64>(random() % 30);
            qint64 paid = static_cast<qint64>(random() % 100'000);
            while (quantity > 0) {
                const qint64 pieces = 1 + static_cast<qint64>(random() % static_cast<quint64>(quantity));
                const auto part = paidForQuantity(usd(paid), quantity, pieces);
                RC_ASSERT(part.has_value());
                RC_ASSERT(!part->isNegative() && part->minor() <= paid);
                quantity -= pieces;
                paid -= part->minor();
            }
            RC_ASSERT(paid == 0);
        });
        QVERIFY(holds);
    }

    void tellsRequestsApart()
    {
        const OrderId order(7);
        const RefundRequest amount{usd(500), {}};
        const QString same = contentHash(order, amount, QStringLiteral("broken"));
        QCOMPARE(contentHash(order, amount, QStringLiteral("broken")), same);
        QVERIFY(contentHash(OrderId(8), amount, QStringLiteral("broken")) != same);
        QVERIFY(contentHash(order, amount, QString()) != same);
        QVERIFY(contentHash(order, {usd(501), {}}, QStringLiteral("broken")) != same);
        QVERIFY(contentHash(order, {}, QStringLiteral("broken")) != same);
        QVERIFY(contentHash(order, {{}, {{1, 2}}}, {}) != contentHash(order, {{}, {{2, 1}}}, {}));
    }

    void refusesRequestsThatCannotBeMeant()
    {
        CF_COMPARE_ERROR(validate({usd(0), {}}), ErrorCode::InvalidAmount);
        CF_COMPARE_ERROR(validate({usd(5), {{1, 1}}}), ErrorCode::MalformedInput);
        CF_COMPARE_ERROR(validate({{}, {{1, 0}}}), ErrorCode::QuantityOutOfRange);
        CF_COMPARE_ERROR(validate({{}, {{1, 1}, {1, 2}}}), ErrorCode::MalformedInput);
        CF_VERIFY_OK(validate({}));
        CF_VERIFY_OK(validate({{}, {{1, 1}, {2, 2}}}));
    }
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestRefundDivision)
#include "tst_refund_division.moc"
