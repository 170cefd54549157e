// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/circuit_breaker.h"

#include <QTest>

#include <vector>

using namespace counterfoil;

namespace {

using State = CircuitBreaker::State;
using Verdict = CircuitBreaker::Verdict;

struct Stage {
    ManualClock clock{UtcTime(1'700'000'000'000'000)};
    CircuitBreaker breaker{{.failuresToOpen = 3, .pauseFirst = Duration::seconds(10), .pauseMax = Duration::seconds(30), .trialsMax = 4}, clock};

    void one(Verdict verdict)
    {
        const auto permit = breaker.tryAcquire();
        require(permit.has_value(), "a permit was expected");
        breaker.report(*permit, verdict);
    }
    void open()
    {
        for (int i = 0; i < 3; ++i) {
            one(Verdict::Failure);
        }
    }
    /// How many may go at once now.
    std::vector<CircuitBreaker::Permit> takeAll(int atMost = 100)
    {
        std::vector<CircuitBreaker::Permit> permits;
        while (static_cast<int>(permits.size()) < atMost) {
            const auto permit = breaker.tryAcquire();
            if (!permit) {
                break;
            }
            permits.push_back(*permit);
        }
        return permits;
    }
};

} // namespace

class TestCircuitBreaker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAfterFailuresInARow()
    {
        Stage stage;
        stage.one(Verdict::Failure);
        stage.one(Verdict::Failure);
        QVERIFY(stage.breaker.state() == State::Closed);
        stage.one(Verdict::Failure);
        QVERIFY(stage.breaker.state() == State::Open);
        QVERIFY(!stage.breaker.tryAcquire());
        QVERIFY(stage.breaker.pauseLeft() == Duration::seconds(10));
    }

    void staysClosedWhenASuccessComesBetween()
    {
        Stage stage;
        for (int i = 0; i < 20; ++i) {
            stage.one(Verdict::Failure);
            stage.one(Verdict::Failure);
            stage.one(Verdict::Success);
        }
        QVERIFY(stage.breaker.state() == State::Closed);
    }

    void isNotMovedByNeutralAnswers()
    {
        Stage stage;
        stage.one(Verdict::Failure);
        stage.one(Verdict::Failure);
        stage.one(Verdict::Neutral);
        QVERIFY(stage.breaker.state() == State::Closed);
        stage.one(Verdict::Failure);
        QVERIFY(stage.breaker.state() == State::Open);
    }

    void letsBackInOneThenAFewThenAll()
    {
        Stage stage;
        stage.open();
        stage.clock.advance(Duration(9'999'999));
        QVERIFY(!stage.breaker.tryAcquire());
        stage.clock.advance(Duration(1));
        QVERIFY(stage.breaker.state() == State::HalfOpen);
        auto permits = stage.takeAll();
        QCOMPARE(permits.size(), std::size_t{1});
        stage.breaker.report(permits[0], Verdict::Success);
        permits = stage.takeAll();
        QCOMPARE(permits.size(), std::size_t{4});
        for (std::size_t i = 0; i < 3; ++i) {
            stage.breaker.report(permits[i], Verdict::Success);
            QVERIFY(!stage.breaker.tryAcquire());
        }
        stage.breaker.report(permits[3], Verdict::Success);
        QVERIFY(stage.breaker.state() == State::Closed);
        QCOMPARE(stage.takeAll(50).size(), std::size_t{50});
    }

    void saysHowManyMayGo()
    {
        Stage stage;
        QVERIFY(stage.breaker.freePermits() > 1'000'000);
        stage.open();
        QCOMPARE(stage.breaker.freePermits(), 0);
        stage.clock.advance(Duration(9'999'999));
        QCOMPARE(stage.breaker.freePermits(), 0);
        stage.clock.advance(Duration(1));
        // To look is not to take.
        QCOMPARE(stage.breaker.freePermits(), 1);
        QCOMPARE(stage.breaker.freePermits(), 1);
        auto permits = stage.takeAll();
        QCOMPARE(permits.size(), std::size_t{1});
        QCOMPARE(stage.breaker.freePermits(), 0);
        stage.breaker.report(permits[0], Verdict::Success);
        for (int underWay = 0; underWay < 4; ++underWay) {
            QCOMPARE(stage.breaker.freePermits(), 4 - underWay);
            QVERIFY(stage.breaker.tryAcquire());
        }
        QCOMPARE(stage.breaker.freePermits(), 0);
    }

    void promisesNoPermitThatIsRefused()
    {
        Stage stage;
        stage.open();
        stage.clock.advance(Duration::seconds(10));
        stage.one(Verdict::Success);
        auto permits = stage.takeAll();
        QCOMPARE(permits.size(), std::size_t{4});
        for (std::size_t i = 0; i < permits.size(); ++i) {
            // A trial that went well isn't repeated; one that said nothing is.
            stage.breaker.report(permits[i], i == 1 ? Verdict::Neutral : Verdict::Success);
            const int promised = stage.breaker.freePermits();
            QCOMPARE(promised, i == 0 ? 0 : 1);
        }
        QCOMPARE(stage.takeAll().size(), std::size_t{1});
    }

    void triesAgainAfterANeutralTrial()
    {
        Stage stage;
        stage.open();
        stage.clock.advance(Duration::seconds(10));
        stage.one(Verdict::Neutral);
        QVERIFY(stage.breaker.state() == State::HalfOpen);
        QCOMPARE(stage.takeAll().size(), std::size_t{1});
    }

    void pausesLongerAfterEveryFailedTrialUpToTheLimit()
    {
        Stage stage;
        stage.open();
        for (const int seconds : {10, 20, 30, 30}) {
            QVERIFY(stage.breaker.pauseLeft() == Duration::seconds(seconds));
            stage.clock.advance(Duration::seconds(seconds));
            stage.one(Verdict::Failure);
            QVERIFY(stage.breaker.state() == State::Open);
        }
    }

    void startsWithTheShortPauseAfterARecovery()
    {
        Stage stage;
        stage.open();
        stage.clock.advance(Duration::seconds(10));
        stage.one(Verdict::Failure);
        stage.clock.advance(Duration::seconds(20));
        for (int i = 0; i < 5; ++i) {
            stage.one(Verdict::Success);
        }
        QVERIFY(stage.breaker.state() == State::Closed);
        stage.open();
        QVERIFY(stage.breaker.pauseLeft() == Duration::seconds(10));
    }

    void ignoresAnswersFromBeforeItOpened()
    {
        Stage stage;
        const auto early = stage.takeAll(5);
        stage.open();
        for (const auto& permit : early) {
            stage.breaker.report(permit, Verdict::Success);
        }
        QVERIFY(stage.breaker.state() == State::Open);
        stage.clock.advance(Duration::seconds(10));
        const auto trial = stage.takeAll();
        QCOMPARE(trial.size(), std::size_t{1});
        stage.breaker.report(early[0], Verdict::Failure);
        QVERIFY(stage.breaker.state() == State::HalfOpen);
        stage.breaker.report(trial[0], Verdict::Failure);
        QVERIFY(stage.breaker.state() == State::Open);
    }

    void pausesNoLongerWhenTheClockIsSetBack()
    {
        Stage stage;
        stage.open();
        stage.clock.set(UtcTime(1'600'000'000'000'000));
        QVERIFY(stage.breaker.pauseLeft() == Duration::seconds(10));
        QVERIFY(!stage.breaker.tryAcquire());
        stage.clock.advance(Duration::seconds(10));
        QVERIFY(stage.breaker.tryAcquire());
    }
};

QTEST_GUILESS_MAIN(TestCircuitBreaker)
#include "tst_circuit_breaker.moc"
