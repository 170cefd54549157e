// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/operators/operator_stage.h"
#include "workflows/engine/job_factory.h"

namespace counterfoil {

/// What people may do with a case, and that two can't work on one.
class TestCaseDesk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_stage = std::make_unique<OperatorStage>(kind);
        m_desk = std::make_unique<CaseDesk>(m_stage->shop.connection(), m_stage->shop.clock, m_stage->shop.ids);
        m_stage->placeUnpaid(QStringLiteral("C-1"));
        m_stage->shop.write([&](UnitOfWork& work) {
            EngineFixture::unwrap(work.loadOrders({m_stage->order}, OrderDepth::Header));
            openCase(work, {QStringLiteral("order_review"), CaseSeverity::Warning, m_stage->order, QStringLiteral("review:1"), QStringLiteral("look at it")});
        });
        m_case = row().id;
    }
    void cleanup()
    {
        m_desk.reset();
        m_stage.reset();
    }

    void knowsWhatIsAtStakeAndWhenItIsDue();
    void isClaimedByOne();
    void isReleasedByItsOwnerOnly();
    void isHandedOver();
    void restsUntilAMoment();
    void isEscalated();
    void isResolvedWithAReason();
    void keepsWhatWasSaid();
    void isNotForAuditors();
    void staysResolved();

private:
    InterventionCase row() { return m_stage->shop.rows<InterventionCase>(QStringLiteral("WHERE dedupe_key = 'review:1'")).front(); }
    QStringList notes()
    {
        QStringList found;
        for (const CaseNote& note : m_stage->shop.rows<CaseNote>(QStringLiteral("ORDER BY id"))) {
            found << note.author + u' ' + toString(note.kind) + (note.text.isEmpty() ? QString() : QStringLiteral(": ") + note.text);
        }
        return found;
    }

    std::unique_ptr<OperatorStage> m_stage;
    std::unique_ptr<CaseDesk> m_desk;
    CaseId m_case;
};

const QString support = QStringLiteral("support");
const QString supervisor = QStringLiteral("supervisor");

void TestCaseDesk::knowsWhatIsAtStakeAndWhenItIsDue()
{
    QCOMPARE(row().amount, m_stage->of(2'000));
    QCOMPARE(row().dueAt, row().openedAt + Duration::minutes(240));
    QCOMPARE(serviceLevel(CaseSeverity::Critical, m_stage->of(1'000'000)), Duration::minutes(15));
    QCOMPARE(serviceLevel(CaseSeverity::Info, m_stage->of(-10'000)), Duration::minutes(720));
    QCOMPARE(serviceLevel(CaseSeverity::Critical, Money(qint64{999}, *Currency::parse(u"JPY"))), Duration::minutes(30));
}

void TestCaseDesk::isClaimedByOne()
{
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_COMPARE_ERROR(m_desk->claim(supervisor, m_case), ErrorCode::InProgress);
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    QCOMPARE(row().owner, support);
    QCOMPARE(notes(), QStringList{QStringLiteral("support claimed")});
    CF_COMPARE_ERROR(m_desk->claim(support, CaseId(7)), ErrorCode::NotFound);
}

void TestCaseDesk::isReleasedByItsOwnerOnly()
{
    CF_COMPARE_ERROR(m_desk->release(support, m_case), ErrorCode::Forbidden);
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_COMPARE_ERROR(m_desk->release(supervisor, m_case), ErrorCode::Forbidden);
    CF_VERIFY_OK(m_desk->release(support, m_case));
    CF_VERIFY_OK(m_desk->claim(supervisor, m_case));
}

void TestCaseDesk::isHandedOver()
{
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_COMPARE_ERROR(m_desk->handOver(support, m_case, QStringLiteral("nobody"), {}), ErrorCode::NotFound);
    CF_COMPARE_ERROR(m_desk->handOver(support, m_case, QStringLiteral("auditor"), {}), ErrorCode::Forbidden);
    CF_VERIFY_OK(m_desk->handOver(support, m_case, supervisor, QStringLiteral("too much for me")));
    QCOMPARE(row().owner, supervisor);
    CF_COMPARE_ERROR(m_desk->resolve(support, m_case, QStringLiteral("done")), ErrorCode::Forbidden);
}

void TestCaseDesk::restsUntilAMoment()
{
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_COMPARE_ERROR(m_desk->snooze(support, m_case, m_stage->shop.clock.now(), {}), ErrorCode::DeadlinePassed);
    const UtcTime until = m_stage->shop.clock.now() + Duration::minutes(10);
    CF_VERIFY_OK(m_desk->snooze(support, m_case, until, QStringLiteral("asked the bank")));
    QVERIFY(row().isSnoozed(until - Duration(1)));
    QVERIFY(!row().isSnoozed(until));
}

void TestCaseDesk::isEscalated()
{
    CF_VERIFY_OK(m_desk->escalate(support, m_case, QStringLiteral("the buyer calls again")));
    CF_COMPARE_ENUM(row().severity, CaseSeverity::Critical);
    QCOMPARE(row().dueAt, m_stage->shop.clock.now());
}

void TestCaseDesk::isResolvedWithAReason()
{
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_COMPARE_ERROR(m_desk->resolve(support, m_case, QStringLiteral(" ")), ErrorCode::MissingField);
    CF_VERIFY_OK(m_desk->resolve(support, m_case, QStringLiteral("the buyer has paid")));
    CF_COMPARE_ENUM(row().state, CaseState::Resolved);
    QCOMPARE(row().resolution, QStringLiteral("the buyer has paid"));
    QCOMPARE(row().resolvedBy, support);
}

void TestCaseDesk::keepsWhatWasSaid()
{
    CF_VERIFY_OK(m_desk->note(supervisor, m_case, QStringLiteral("<b>seen</b>")));
    CF_COMPARE_ERROR(m_desk->note(supervisor, m_case, QString()), ErrorCode::MissingField);
    CF_COMPARE_ERROR(m_desk->note(supervisor, m_case, QString(4001, u'x')), ErrorCode::TooLarge);
    QCOMPARE(notes(), QStringList{QStringLiteral("supervisor note: <b>seen</b>")});
    QVERIFY(!m_stage->shop.connection().execute(QStringLiteral("UPDATE case_note SET text = ''")));
    QVERIFY(!m_stage->shop.connection().execute(QStringLiteral("DELETE FROM case_note")));
}

void TestCaseDesk::isNotForAuditors()
{
    CF_COMPARE_ERROR(m_desk->claim(QStringLiteral("auditor"), m_case), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(m_desk->note(QStringLiteral("auditor"), m_case, QStringLiteral("x")), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(m_desk->claim(QStringLiteral("nobody"), m_case), ErrorCode::NotFound);
}

void TestCaseDesk::staysResolved()
{
    CF_VERIFY_OK(m_desk->claim(support, m_case));
    CF_VERIFY_OK(m_desk->resolve(support, m_case, QStringLiteral("done")));
    CF_COMPARE_ERROR(m_desk->claim(support, m_case), ErrorCode::EventNotAccepted);
    CF_COMPARE_ERROR(m_desk->note(support, m_case, QStringLiteral("x")), ErrorCode::EventNotAccepted);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestCaseDesk)
#include "tst_case_desk.moc"
