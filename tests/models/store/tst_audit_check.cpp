// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit_check.h"

#include "models/store/administration.h"
#include "models/store/audit_chain.h"
#include "models/store/reads/audit_reads.h"
#include "tests/models/store/audit_trail.h"
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

using namespace counterfoil;

namespace {

constexpr int rowCount = 200;
const Duration apart = Duration::seconds(10);
const UtcTime sealTime = sampleTime + Duration::seconds(10 * rowCount);

enum class Tampering { EditRow, DeleteRow, InsertRow, EditSeal, DeleteSeal };

/// What the first violation has to say.
struct Named {
    QString begins;
    QString holds;
};

/// One thing that the owner of the tables does behind the program's back, and takes back afterwards.
class Tamperer {
public:
    Tamperer(Connection& connection, const std::vector<AuditSeal>& seals, QRandomGenerator& random) : m_connection(connection), m_seals(seals), m_random(random) {}

    Named tamper(Tampering kind)
    {
        const std::size_t place = m_random.bounded(rowCount);
        const AuditSeal& seal = m_seals[place];
        switch (kind) {
        case Tampering::EditRow:
            return editRow(seal);
        case Tampering::DeleteRow:
            m_undo = [this, row = rowOf(seal.event)] { require(insertRow(m_connection, row).has_value(), "a row comes back"); };
            run(QStringLiteral("DELETE FROM audit_event WHERE id = ?"), {bound(seal.event)});
            return {QStringLiteral("audit_chain ") + seal.event.toText(), QStringLiteral("seal %1: the row is gone").arg(seal.position)};
        case Tampering::InsertRow:
            return insertBehind(m_seals[place % (rowCount - 10)]);
        case Tampering::EditSeal:
            return editSeal(seal);
        case Tampering::DeleteSeal:
            break;
        }
        // The last one can't be missed: it is what an anchor is for.
        const AuditSeal& inner = m_seals[place % (rowCount - 1)];
        m_undo = [this, inner] { require(insertRow(m_connection, inner).has_value(), "a seal comes back"); };
        run(QStringLiteral("DELETE FROM audit_seal WHERE position = ?"), {bound(inner.position)});
        return {QStringLiteral("audit_chain seal %1 ").arg(inner.position), QStringLiteral("is missing")};
    }

    void undo() { m_undo(); }

private:
    void run(const QString& sql, const QVariantList& values)
    {
        const auto changed = m_connection.execute(sql, values);
        if (!changed || *changed != 1) {
            qFatal("%s: %s", qPrintable(sql), changed ? "no row" : qPrintable(changed.error().text()));
        }
    }

    AuditEvent rowOf(AuditEventId id)
    {
        const auto rows = selectRows<AuditEvent>(m_connection, QStringLiteral("WHERE id = ?"), {bound(id)});
        if (!rows || rows->size() != 1) {
            qFatal("%s", rows ? "no row" : qPrintable(rows.error().text()));
        }
        return rows->front();
    }

    Named editRow(const AuditSeal& seal)
    {
        const QString statements[]{
            QStringLiteral("UPDATE audit_event SET actor = ? WHERE id = ?"),       QStringLiteral("UPDATE audit_event SET action = ? WHERE id = ?"), QStringLiteral("UPDATE audit_event SET subject = ? WHERE id = ?"),
            QStringLiteral("UPDATE audit_event SET before_text = ? WHERE id = ?"), QStringLiteral("UPDATE audit_event SET after_text = ? WHERE id = ?"), QStringLiteral("UPDATE audit_event SET reason = ? WHERE id = ?")};
        const AuditEvent row = rowOf(seal.event);
        m_undo = [this, row] {
            run(QStringLiteral("DELETE FROM audit_event WHERE id = ?"), {bound(row.id)});
            require(insertRow(m_connection, row).has_value(), "a row comes back");
        };
        run(statements[m_random.bounded(6)], {QStringLiteral("x%1").arg(m_random.generate()), bound(seal.event)});
        return {QStringLiteral("audit_chain ") + seal.event.toText(), QStringLiteral("seal %1: the row isn't the one").arg(seal.position)};
    }

    Named insertBehind(const AuditSeal& behind)
    {
        // A row of the moment behind that one.
        const AuditEventId id(behind.event.value() + (qint64{1} << 23));
        m_undo = [this, id] { run(QStringLiteral("DELETE FROM audit_event WHERE id = ?"), {bound(id)}); };
        require(insertRow(m_connection, AuditTrail::row(id, IdSource::timeOf(id.value()))).has_value(), "a row is inserted");
        return {QStringLiteral("audit_sealed ") + id.toText(), QStringLiteral("inserted afterwards")};
    }

    Named editSeal(const AuditSeal& seal)
    {
        const QString other = QStringLiteral("%1").arg(m_random.generate(), 64, 16, QLatin1Char('0'));
        m_undo = [this, seal] {
            run(QStringLiteral("DELETE FROM audit_seal WHERE position = ?"), {bound(seal.position)});
            require(insertRow(m_connection, seal).has_value(), "a seal comes back");
        };
        switch (m_random.bounded(4)) {
        case 0:
            run(QStringLiteral("UPDATE audit_seal SET row_sha256 = ? WHERE position = ?"), {other, bound(seal.position)});
            break;
        case 1:
            run(QStringLiteral("UPDATE audit_seal SET chain_sha256 = ? WHERE position = ?"), {other, bound(seal.position)});
            break;
        case 2:
            run(QStringLiteral("UPDATE audit_seal SET sealed_at = sealed_at + 1 WHERE position = ?"), {bound(seal.position)});
            break;
        default:
            run(QStringLiteral("UPDATE audit_seal SET event_id = event_id + 1 WHERE position = ?"), {bound(seal.position)});
        }
        return {QStringLiteral("audit_chain aud_"), QStringLiteral(" seal %1 of it was changed").arg(seal.position)};
    }

    Connection& m_connection;
    const std::vector<AuditSeal>& m_seals;
    QRandomGenerator& m_random;
    std::function<void()> m_undo;
};

} // namespace

class TestAuditCheck : public QObject {
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

    void anUnbrokenChainHolds()
    {
        fill();
        const Verification verification = m_trail->verified();
        QCOMPARE(AuditTrail::firstBroken(verification), QString());
        QCOMPARE(verification.outcomes.size(), 2U);
        QCOMPARE(verification.audit.sealed, rowCount);
        QCOMPARE(verification.audit.position, rowCount);
        QCOMPARE(verification.audit.headSha256, head().chainSha256);
        QCOMPARE(verification.audit.unsealed, 0);
        QCOMPARE(verification.audit.late, 0);
    }

    /// COUNTERFOIL_TEST_SEED sets other places.
    void namesTheFirstBrokenLinkWhereverItIs()
    {
        fill();
        m_trail->liftTriggers();
        const auto seed = static_cast<quint32>(numberFrom("COUNTERFOIL_TEST_SEED", 20'240'501));
        QRandomGenerator random(seed);
        const std::vector<AuditSeal> seals = m_trail->seals();
        Tamperer tamperer(m_database->writer(), seals, random);
        std::array<int, 5> kinds{};
        for (int i = 0; i < 100; ++i) {
            const quint32 kind = random.bounded(5U);
            ++kinds[kind];
            const Named wanted = tamperer.tamper(static_cast<Tampering>(kind));
            const QString found = AuditTrail::firstBroken(m_trail->verified());
            QVERIFY2(found.startsWith(wanted.begins) && found.contains(wanted.holds), qPrintable(QStringLiteral("seed %1, place %2, kind %3: '%4' for '%5 … %6'").arg(seed).arg(i).arg(kind).arg(found, wanted.begins, wanted.holds)));
            tamperer.undo();
            QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
        }
        QVERIFY2(std::ranges::all_of(kinds, [](int count) { return count > 5; }), "each kind had its turns");
    }

    void theFirstOfSeveralBreaksIsNamedFirst()
    {
        fill();
        m_trail->liftTriggers();
        const std::vector<AuditSeal> seals = m_trail->seals();
        for (const std::size_t at : {90, 30, 60}) {
            CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("UPDATE audit_event SET actor = 'nobody' WHERE id = ?"), {bound(seals[at].event)}));
        }
        const Verification verification = m_trail->verified();
        QCOMPARE(verification.outcomes.front().count, 3);
        QVERIFY(AuditTrail::firstBroken(verification).contains(seals[30].event.toText()));
    }

    void aCutTailIsSeenAgainstAnAnchorOnly()
    {
        fill();
        const AuditHead anchor = head();
        m_trail->liftTriggers();
        Connection& writer = m_database->writer();
        CF_VERIFY_OK(writer.execute(QStringLiteral("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE position > 180)")));
        CF_VERIFY_OK(writer.execute(QStringLiteral("DELETE FROM audit_seal WHERE position > 180")));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
        const Verification verification = m_trail->verified({anchor});
        QCOMPARE(AuditTrail::firstBroken(verification), QStringLiteral("audit_anchor seal 181 seals 181 to 200 are missing that the head of %1 has").arg(sealTime.toIso()));
        QCOMPARE(verification.outcomes.size(), 3U);
    }

    void aChainThatWasMadeAnewIsSeenAgainstAnAnchorOnly()
    {
        fill();
        const AuditHead whole = head();
        AuditHead early = whole;
        early.position = 50;
        early.chainSha256 = m_trail->seals()[49].chainSha256;
        m_trail->liftTriggers();
        Connection& writer = m_database->writer();
        CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE audit_event SET actor = 'nobody' WHERE id = ?"), {bound(m_trail->seals()[100].event)}));
        CF_VERIFY_OK(writer.execute(QStringLiteral("DELETE FROM audit_seal WHERE position > 0")));
        m_trail->sealAll(sealTime);
        QCOMPARE(m_trail->seals().size(), static_cast<std::size_t>(rowCount));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified({early})), QString());
        QVERIFY(AuditTrail::firstBroken(m_trail->verified({whole, early})).startsWith(QStringLiteral("audit_anchor seal 200 the head of")));
    }

    void anchorsOfAChainThatGrewHold()
    {
        fill();
        const std::vector<AuditHead> anchors{AuditHead(), head(), head()};
        m_trail->addAt(sealTime);
        m_trail->sealAll(sealTime);
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified(anchors)), QString());
    }

    void rowsThatWaitAreShownAndBrokenOnlyBesideAWorker()
    {
        m_trail->addAt(sampleTime);
        m_trail->addAt(sampleTime + Duration::seconds(1));
        const Verification waiting = m_trail->verified();
        QCOMPARE(AuditTrail::firstBroken(waiting), QString());
        QCOMPARE(waiting.audit.unsealed, 2);
        QCOMPARE(waiting.audit.oldestUnsealed, sampleTime);
        // A worker that has just begun has its minute too.
        const UtcTime started = sampleTime + Duration::hours(1);
        Heartbeat heartbeat{QStringLiteral("w"), 1, started, started + Duration::seconds(59), QString()};
        CF_VERIFY_OK(beat(m_database->writer(), heartbeat));
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
        heartbeat.beatAt = started + Duration::seconds(61);
        CF_VERIFY_OK(beat(m_database->writer(), heartbeat));
        const QString broken = AuditTrail::firstBroken(m_trail->verified());
        QVERIFY2(broken.startsWith(QStringLiteral("audit_sealed ") + AuditTrail::idAt(sampleTime).toText()) && broken.contains(QStringLiteral("though a worker runs")), qPrintable(broken));
        // One that is at it, behind a long backlog.
        AuditSealer slow({1, 1});
        QCOMPARE(m_trail->seal(slow, heartbeat.beatAt), 1);
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
    }

    void aRowThatWaitsBesideOneOfAClockAheadIsSound()
    {
        m_trail->addAt(sampleTime + Duration::minutes(5));
        m_trail->sealAll(sampleTime);
        m_trail->addAt(sampleTime);
        QCOMPARE(m_trail->verified().audit.unsealed, 1);
        QCOMPARE(AuditTrail::firstBroken(m_trail->verified()), QString());
    }

    void rowsThatWereDatedBackAreShown()
    {
        fill();
        const AuditEventId id = m_trail->addAt(sampleTime - Duration::hours(2));
        m_trail->sealAll(sealTime);
        const Verification verification = m_trail->verified();
        QCOMPARE(AuditTrail::firstBroken(verification), QString());
        QCOMPARE(verification.audit.late, 1);
        QVERIFY(verification.audit.firstLate == id);
    }

    void theStateForTheConsoleSaysHowFarItHasCome()
    {
        const auto empty = auditChainState(m_database->reader());
        CF_VERIFY_OK(empty);
        QCOMPARE(empty->head.position, 0);
        QCOMPARE(empty->unsealed, 0);
        QVERIFY(empty->oldestAge(sampleTime) == Duration());
        fill();
        m_trail->addAt(sealTime + Duration::seconds(1));
        m_trail->addAt(sealTime + Duration::seconds(2));
        const auto state = auditChainState(m_database->reader());
        CF_VERIFY_OK(state);
        QVERIFY(state->head == head());
        QCOMPARE(state->head.position, rowCount);
        QCOMPARE(state->head.sealedAt, sealTime);
        QCOMPARE(state->unsealed, 2);
        QVERIFY(state->oldestAge(sealTime + Duration::seconds(5)) == Duration::seconds(4));
    }

    /// COUNTERFOIL_TEST_AUDIT_ROWS sets another length.
    void aLongChainIsVerifiedQuickly()
    {
        const int rows = numberFrom("COUNTERFOIL_TEST_AUDIT_ROWS", 50'000);
        m_trail->addMany(rows, sampleTime, Duration::milliseconds(100));
        m_trail->sealAll(sampleTime + Duration::milliseconds(100 * qint64{rows}));
        QElapsedTimer timer;
        timer.start();
        Verification verification;
        CF_VERIFY_OK(checkAuditChain(m_database->reader(), {}, verification));
        const qint64 elapsed = timer.elapsed();
        QCOMPARE(AuditTrail::firstBroken(verification), QString());
        QCOMPARE(verification.audit.sealed, rows);
        qInfo("%d rows: verified in %lld ms", rows, static_cast<long long>(elapsed));
        QVERIFY(elapsed < rows / 25 * slowness);
        timer.start();
        CF_VERIFY_OK(auditChainState(m_database->reader()));
        qInfo("%d rows: the state takes %lld us", rows, static_cast<long long>(timer.nsecsElapsed() / 1000));
    }

private:
    void fill()
    {
        m_trail->addMany(rowCount, sampleTime, apart);
        m_trail->sealAll(sealTime);
    }
    AuditHead head()
    {
        const auto found = auditHead(m_database->reader());
        return found ? *found : AuditHead();
    }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<AuditTrail> m_trail;
};

QTEST_GUILESS_MAIN(TestAuditCheck)
#include "tst_audit_check.moc"
