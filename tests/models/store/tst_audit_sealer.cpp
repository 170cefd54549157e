// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit_sealer.h"

#include "models/store/audit_chain.h"
#include "tests/models/store/audit_trail.h"
#include "tests/support/at_once.h"
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>

#include <atomic>
#include <limits>

using namespace counterfoil;

namespace {

const Duration second = Duration::seconds(1);

} // namespace

class TestAuditSealer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
        m_trail = std::make_unique<AuditTrail>(m_database->writer());
    }
    void cleanup()
    {
        m_trail.reset();
        m_database.reset();
    }

    void sealsNothingWhereNothingIs()
    {
        AuditSealer sealer;
        QCOMPARE(m_trail->seal(sealer, sampleTime), 0);
        const auto head = auditHead(m_database->reader());
        CF_VERIFY_OK(head);
        QCOMPARE(head->position, 0);
        QVERIFY(head->chainSha256.isEmpty());
    }

    void sealsInTheOrderOfIds()
    {
        std::vector<AuditEventId> ids;
        for (const int at : {3, 1, 2}) {
            ids.push_back(m_trail->addAt(sampleTime + Duration::milliseconds(at)));
        }
        AuditSealer sealer;
        QCOMPARE(m_trail->seal(sealer, sampleTime + second), 3);
        std::ranges::sort(ids);
        QCOMPARE(m_trail->sealed(), ids);
        const std::vector<AuditSeal> seals = m_trail->seals();
        QString before;
        for (std::size_t i = 0; i < seals.size(); ++i) {
            QCOMPARE(seals[i].position, static_cast<qint64>(i + 1));
            QCOMPARE(seals[i].sealedAt, sampleTime + second);
            QCOMPARE(seals[i].chainSha256, chainSha256(before, seals[i]));
            before = seals[i].chainSha256;
        }
        QCOMPARE(auditHead(m_database->reader())->chainSha256, before);
    }

    /// The hashes come from another program, by what audit_chain.h says.
    void hashesAsItIsWrittenDown()
    {
        m_trail->add(AuditEventId(7), UtcTime(9));
        m_trail->sealAll(UtcTime(11));
        const AuditSeal seal = m_trail->seals().front();
        QCOMPARE(seal.rowSha256, QStringLiteral("7e3b18f7c8a4b31480083cd6e15a51f8a5debbd2a8df45fc51eb5b763c08c8c5"));
        QCOMPARE(seal.chainSha256, QStringLiteral("b68fa306a0505c4ce3d008679a5f8236f092cb7195dcbc4d2d469723ca4972d9"));
    }

    void sealsABoundedNumberARound()
    {
        m_trail->addMany(25, sampleTime, Duration::milliseconds(10));
        AuditSealer sealer({10, 10});
        const UtcTime now = sampleTime + second;
        std::vector<int> sealed;
        bool isMore = true;
        while (isMore) {
            const auto round = sealer.seal(m_database->writer(), now);
            CF_VERIFY_OK(round);
            sealed.push_back(round->sealed);
            isMore = round->isMore;
        }
        QCOMPARE(sealed, (std::vector<int>{10, 10, 5}));
        QVERIFY(std::ranges::is_sorted(m_trail->sealed()));
    }

    void aBacklogIsSealedInItsOrder()
    {
        m_trail->addMany(500, sampleTime, second);
        AuditSealer sealer({30, 50});
        UtcTime now = sampleTime + Duration::days(3);
        for (int round = 0; m_trail->seal(sealer, now) > 0; ++round) {
            QVERIFY2(round < 100, "it comes to an end");
            now = now + Duration::milliseconds(20);
        }
        QCOMPARE(m_trail->sealed().size(), 500U);
        QVERIFY(std::ranges::is_sorted(m_trail->sealed()));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
    }

    void aRowThatComesLateWithAnOlderIdIsSealed_data()
    {
        QTest::addColumn<int>("lateSeconds");
        QTest::addColumn<int>("sealedAfterSeconds");
        QTest::newRow("by a moment") << 1 << 0;
        QTest::newRow("by twenty seconds") << 20 << 11;
        QTest::newRow("by half an hour") << 1'800 << 1'801;
        QTest::newRow("by two hours") << 7'200 << 86'401;
        QTest::newRow("by a year") << 31'536'000 << 86'401;
    }
    void aRowThatComesLateWithAnOlderIdIsSealed()
    {
        QFETCH(int, lateSeconds);
        QFETCH(int, sealedAfterSeconds);
        UtcTime now = sampleTime;
        m_trail->addAt(now);
        AuditSealer sealer;
        QCOMPARE(m_trail->seal(sealer, now), 1);
        QCOMPARE(m_trail->seal(sealer, now + Duration::milliseconds(500)), 0);
        const AuditEventId late = m_trail->addAt(now - Duration::seconds(lateSeconds), 2);
        int rounds = 0;
        // Every ten seconds, and at the last moment that is allowed.
        for (int after = 0; m_trail->sealed().size() == 1; after = std::min(after + 10, sealedAfterSeconds)) {
            m_trail->seal(sealer, now + Duration::milliseconds(600) + Duration::seconds(after));
            QVERIFY2(++rounds < 10'000 && (after < sealedAfterSeconds || m_trail->sealed().size() == 2), qPrintable(QString::number(after)));
        }
        QCOMPARE(m_trail->seals().back().event, late);
        QCOMPARE(m_trail->seals().back().position, 2);
    }

    void aNewSealerGoesOnInTheMiddle()
    {
        m_trail->addMany(25, sampleTime, Duration::milliseconds(10));
        const UtcTime now = sampleTime + second;
        AuditSealer first({10, 10});
        QCOMPARE(m_trail->seal(first, now), 10);
        m_database->reconnect();
        AuditTrail again(m_database->writer());
        AuditSealer second({100, 100});
        QCOMPARE(again.seal(second, now), 15);
        QVERIFY(std::ranges::is_sorted(again.sealed()));
        QCOMPARE(AuditTrail::firstBroken(again.verified()), QString());
    }

    void aRoundThatFailsSealsNothingAndTheNextAllOfIt()
    {
        m_trail->addMany(25, sampleTime, Duration::milliseconds(10));
        AuditSealer sealer({10, 10});
        Connection& connection = m_database->writer();
        QCOMPARE(m_trail->seal(sealer, sampleTime + second), 10);
        for (const TransactionPoint failing : {TransactionPoint::BeforeBegin, TransactionPoint::BeforeCommit, TransactionPoint::AfterCommit}) {
            const std::size_t before = m_trail->sealed().size();
            connection.setInterference([failing](TransactionPoint point) { return point == failing ? Result<void>(fail(ErrorCode::SerializationFailure)) : Result<void>(); });
            CF_COMPARE_ERROR(sealer.seal(connection, sampleTime + second), ErrorCode::SerializationFailure);
            connection.setInterference({});
            // Behind the commit it is sealed all the same, though the sealer doesn't know.
            QCOMPARE(m_trail->sealed().size(), before + (failing == TransactionPoint::AfterCommit ? 10U : 0U));
        }
        QCOMPARE(m_trail->seal(sealer, sampleTime + second), 5);
        QVERIFY(std::ranges::is_sorted(m_trail->sealed()));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
    }

    void aClockThatWasSetBackHidesNothing()
    {
        AuditSealer sealer;
        m_trail->addAt(sampleTime);
        QCOMPARE(m_trail->seal(sealer, sampleTime), 1);
        QCOMPARE(m_trail->seal(sealer, sampleTime + Duration::hours(1)), 0);
        const UtcTime back = sampleTime - Duration::hours(1);
        m_trail->addAt(back);
        QCOMPARE(m_trail->seal(sealer, back + second), 1);
    }

    void skipsItsRoundWhileAnotherSealerIsAtIt()
    {
        if (m_database->url().kind == DatabaseKind::Sqlite) {
            QSKIP("SQLite has one writer");
        }
        m_trail->addAt(sampleTime);
        AuditSealer sealer;
        Result<AuditSealer::Round> inside;
        Result<void> written;
        Connection& other = *(m_other = m_database->connect(ConnectionRole::Writer));
        m_database->writer().setInterference([&](TransactionPoint point) -> Result<void> {
            if (point == TransactionPoint::BeforeCommit) {
                AuditSealer second;
                inside = second.seal(other, sampleTime + ::second);
                // Whoever has business goes on.
                written = insertRow(other, AuditTrail::row(AuditTrail::idAt(sampleTime, 2), sampleTime));
            }
            return {};
        });
        QCOMPARE(m_trail->seal(sealer, sampleTime + second), 1);
        m_database->writer().setInterference({});
        CF_VERIFY_OK(inside);
        QCOMPARE(inside->sealed, 0);
        CF_VERIFY_OK(written);
        QCOMPARE(m_trail->seal(sealer, sampleTime + second), 1);
        m_other.reset();
    }

    void severalSealersAndWritersAtOnceMakeOneChain()
    {
        if (m_database->url().kind == DatabaseKind::Sqlite) {
            QSKIP("SQLite has one writer");
        }
        constexpr int writers = 2;
        constexpr int sealers = 2;
        constexpr int rows = 400;
        const SystemClock clock;
        std::atomic<int> writing = writers;
        std::atomic<int> sealed = 0;
        atOnce(writers + sealers, [&](int number, const std::function<void()>& ready) {
            const auto connection = m_database->connect(ConnectionRole::Writer);
            AuditTrail trail(*connection);
            IdSource ids(clock, number + 1);
            AuditSealer sealer({50, 50});
            ready();
            if (number < writers) {
                for (int i = 0; i < rows; i += 2) {
                    // Two together: the ids are older than the commit.
                    auto transaction = DatabaseTransaction::begin(*connection);
                    trail.add(ids.next<AuditEventId>(), clock.now());
                    trail.add(ids.next<AuditEventId>(), clock.now());
                    require(transaction && transaction->commit(), "rows are written");
                }
                --writing;
                return;
            }
            while (writing > 0) {
                sealed += trail.seal(sealer, clock.now());
            }
        });
        AuditSealer last;
        sealed += m_trail->seal(last, clock.now());
        QCOMPARE(sealed.load(), writers * rows);
        QCOMPARE(m_trail->sealed().size(), static_cast<std::size_t>(writers * rows));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
        QCOMPARE(m_trail->verified().audit.unsealed, 0);
    }

    /// COUNTERFOIL_TEST_AUDIT_ROWS sets another length.
    void anIdleRoundCostsTheSameHoweverLongTheChainIs()
    {
        const int rows = numberFrom("COUNTERFOIL_TEST_AUDIT_ROWS", 20'000);
        m_trail->addMany(rows, sampleTime, Duration::milliseconds(100));
        UtcTime now = sampleTime + Duration::milliseconds(100 * qint64{rows});
        m_trail->sealAll(now);
        QCOMPARE(m_trail->seals().size(), static_cast<std::size_t>(rows));
        AuditSealer sealer;
        const auto timed = [&](int expected) {
            now = now + Duration::milliseconds(500);
            QElapsedTimer timer;
            timer.start();
            const int sealed = m_trail->seal(sealer, now);
            const qint64 micros = timer.nsecsElapsed() / 1000;
            return sealed == expected ? micros : std::numeric_limits<qint64>::max();
        };
        const auto timedRounds = [&] {
            std::vector<qint64> micros;
            for (int i = 0; i < 200; ++i) {
                micros.push_back(timed(0));
            }
            std::ranges::sort(micros);
            return micros;
        };
        const std::vector<qint64> looking = timedRounds();
        for (int i = 0; i < rows / AuditSealer::Limits().lookedAt; ++i) {
            m_trail->seal(sealer, now);
        }
        const std::vector<qint64> idle = timedRounds();
        m_trail->addMany(AuditSealer::Limits().sealed, now, Duration(1'000));
        const qint64 full = timed(AuditSealer::Limits().sealed);
        qInfo("%d rows: an idle round takes %lld us (95 of 100 at most %lld), with a look at the whole table %lld us (%lld), a full one %lld us", rows, static_cast<long long>(idle[100]),
              static_cast<long long>(idle[190]), static_cast<long long>(looking[100]), static_cast<long long>(looking[190]), static_cast<long long>(full));
        QVERIFY(idle[100] < 2'000 * slowness);
        QVERIFY(looking[100] < 4'000 * slowness);
        QVERIFY(full < 1'000'000 * slowness);
    }

private:
    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<Connection> m_other;
    std::unique_ptr<AuditTrail> m_trail;
};

QTEST_GUILESS_MAIN(TestAuditSealer)
#include "tst_audit_sealer.moc"
