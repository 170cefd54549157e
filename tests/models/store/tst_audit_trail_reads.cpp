// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/audit_trail_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

QList<qint64> idsOf(const std::vector<AuditEvent>& rows)
{
    QList<qint64> ids;
    for (const AuditEvent& row : rows) {
        ids << row.id.value();
    }
    return ids;
}

/// Ten rows, three hours apart.
Result<void> addAudit(Connection& writer)
{
    const QString order = rich.toText();
    const std::vector<std::array<QString, 3>> rows{
        {QStringLiteral("import:a.csv"), QStringLiteral("order.created"), order},
        {QStringLiteral("worker"), QStringLiteral("order.transition"), order},
        {QStringLiteral("alice"), QStringLiteral("command.requested"), order},
        {QStringLiteral("api:shop"), QStringLiteral("order.created"), OrderId(3).toText()},
        {QStringLiteral("worker"), QStringLiteral("settlement.released"), HoldId(5000).toText()},
        {QStringLiteral("worker"), QStringLiteral("case.opened"), CaseId(9200).toText()},
        {QStringLiteral("api:shop2"), QStringLiteral("refund.requested"), TransactionId(4000).toText()},
        {QStringLiteral("cli"), QStringLiteral("account.recharged"), AccountId(2).toText()},
        {QStringLiteral("alice"), QStringLiteral("command.approved"), QStringLiteral("no id")},
        {QStringLiteral("al_ice"), QStringLiteral("orders"), QString()},
    };
    qint64 id = 100;
    for (const auto& [actor, action, subject] : rows) {
        CF_TRY(insertRow(writer, AuditEvent{AuditEventId(id), sampleTime + Duration::hours(3 * (id - 100)), actor, action, subject, QStringLiteral("before"), QStringLiteral("after"),
                                            QStringLiteral("why")}));
        ++id;
    }
    return {};
}

UtcTime at(int hours)
{
    return sampleTime + Duration::hours(hours);
}

} // namespace

/// The audit trail as it is read for people, on every kind of database.
class TestAuditTrailReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind, &addAudit).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

    void pagesNewestFirstInBothDirections();
    void filters_data();
    void filters();
    void findsTimesAmongManyRows();
    void looksForWhatEveryPaymentDoesAmongTheNewestOnly();
    void leadsToWhatASubjectIs();
    void findsNothingInAnEmptyTrail();
    void isServedByIndexes_data();
    void isServedByIndexes();

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestAuditTrailReads::pagesNewestFirstInBothDirections()
{
    QCOMPARE(idsOf(*auditPage(reader(), {}, {.limit = 3})), (QList<qint64>{109, 108, 107}));
    QCOMPARE(idsOf(*auditPage(reader(), {}, {.anchor = RowKey{107, 0}, .limit = 2})), (QList<qint64>{106, 105}));
    QCOMPARE(idsOf(*auditPage(reader(), {}, {.anchor = RowKey{107, 0}, .backward = true, .limit = 9})), (QList<qint64>{109, 108}));
    QCOMPARE(idsOf(*auditPage(reader(), {}, {.backward = true, .limit = 2})), (QList<qint64>{101, 100}));
    QCOMPARE(*auditCountBefore(reader(), {}, RowKey{107, 0}), 2);
    QCOMPARE(*auditAnchors(reader(), {}, {}, 4, 9), (std::vector<RowKey>{{106, 0}, {102, 0}}));
}

void TestAuditTrailReads::filters_data()
{
    QTest::addColumn<AuditFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    const QList<qint64> ofTheOrder{102, 101, 100};
    QTest::newRow("person") << AuditFilter{.actor = QStringLiteral("alice")} << QList<qint64>{108, 102};
    QTest::newRow("a person is not searched by wildcards") << AuditFilter{.actor = QStringLiteral("al_ce")} << QList<qint64>();
    QTest::newRow("the beginning of a name is no name") << AuditFilter{.actor = QStringLiteral("ali")} << QList<qint64>();
    QTest::newRow("worker") << AuditFilter{.actor = QStringLiteral(" worker ")} << QList<qint64>{105, 104, 101};
    QTest::newRow("one shop") << AuditFilter{.actor = QStringLiteral("api:shop")} << QList<qint64>{103};
    QTest::newRow("any shop") << AuditFilter{.actor = QStringLiteral("api:")} << QList<qint64>{106, 103};
    QTest::newRow("any import") << AuditFilter{.actor = QStringLiteral("import:")} << QList<qint64>{100};
    QTest::newRow("action that every payment has") << AuditFilter{.action = QStringLiteral("order.transition")} << QList<qint64>{101};
    QTest::newRow("beginning of such actions") << AuditFilter{.action = QStringLiteral("order.")} << QList<qint64>{103, 101, 100};
    QTest::newRow("its beginning without the dot") << AuditFilter{.action = QStringLiteral("order")} << QList<qint64>{109, 103, 101, 100};
    QTest::newRow("beginning of rare actions") << AuditFilter{.action = QStringLiteral("command.")} << QList<qint64>{108, 102};
    QTest::newRow("an action in full") << AuditFilter{.action = QStringLiteral("refund.requested")} << QList<qint64>{106};
    QTest::newRow("wildcards in an action are text") << AuditFilter{.action = QStringLiteral("c%")} << QList<qint64>();
    QTest::newRow("person and action") << AuditFilter{.actor = QStringLiteral("alice"), .action = QStringLiteral("command.app")} << QList<qint64>{108};
    QTest::newRow("person and action that don't meet") << AuditFilter{.actor = QStringLiteral("alice"), .action = QStringLiteral("order.")} << QList<qint64>();
    QTest::newRow("subject") << AuditFilter{.subject = rich.toText()} << ofTheOrder;
    QTest::newRow("subject, shouted") << AuditFilter{.subject = u' ' + rich.toText().toUpper()} << ofTheOrder;
    QTest::newRow("order number") << AuditFilter{.subject = QStringLiteral("CA-2016-152156")} << ofTheOrder;
    QTest::newRow("subject that is no id") << AuditFilter{.subject = QStringLiteral("no id")} << QList<qint64>{108};
    QTest::newRow("subject of nothing") << AuditFilter{.subject = OrderId(4).toText()} << QList<qint64>();
    QTest::newRow("subject and actor") << AuditFilter{.actor = QStringLiteral("worker"), .subject = rich.toText()} << QList<qint64>{101};
    QTest::newRow("from") << AuditFilter{.from = at(24)} << QList<qint64>{109, 108};
    QTest::newRow("to") << AuditFilter{.to = at(3)} << QList<qint64>{100};
    QTest::newRow("between") << AuditFilter{.from = at(3), .to = at(9)} << QList<qint64>{102, 101};
    QTest::newRow("between two rows") << AuditFilter{.from = at(4), .to = at(5)} << QList<qint64>();
    QTest::newRow("before everything") << AuditFilter{.to = at(-100)} << QList<qint64>();
    QTest::newRow("after everything") << AuditFilter{.from = at(1000)} << QList<qint64>();
    QTest::newRow("turned round") << AuditFilter{.from = at(9), .to = at(3)} << QList<qint64>();
    QTest::newRow("worker since") << AuditFilter{.actor = QStringLiteral("worker"), .from = at(12)} << QList<qint64>{105, 104};
    QTest::newRow("quotes are text") << AuditFilter{.actor = QStringLiteral("' OR 1=1 --"), .action = QStringLiteral("'")} << QList<qint64>();
}

void TestAuditTrailReads::filters()
{
    QFETCH(AuditFilter, filter);
    QFETCH(QList<qint64>, ids);
    const auto page = auditPage(reader(), filter, {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), ids);
    QCOMPARE(*auditCount(reader(), filter), ids.size());
    if (!ids.isEmpty()) {
        QCOMPARE(*auditCountBefore(reader(), filter, RowKey{ids.back(), 0}), ids.size() - 1);
    }
}

void TestAuditTrailReads::findsTimesAmongManyRows()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const auto database = TestDatabase::create(kind);
    // A row each second, ids with gaps; every hundredth was written by a clock that is half an hour behind.
    CF_VERIFY_OK(database->writer().execute(QStringLiteral("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                                                           "INSERT INTO audit_event (id, at, actor, action, subject, before_text, after_text, reason) "
                                                           "SELECT i * 4194304, 1000000 * i + 1714564800000000 - CASE WHEN i % 100 = 0 THEN 1800000000 ELSE 0 END, "
                                                           "'worker', 'order.transition', 's' || i, '', '', '' FROM n")));
    const AuditFilter hour{.from = sampleTime + Duration::seconds(10'000), .to = sampleTime + Duration::seconds(13'600)};
    qint64 expected = 0;
    for (qint64 i = 1; i <= 20'000; ++i) {
        const qint64 second = i - (i % 100 == 0 ? 1800 : 0);
        expected += second >= 10'000 && second < 13'600 ? 1 : 0;
    }
    QCOMPARE(*auditCount(database->reader(), hour), expected);
    const auto page = auditPage(database->reader(), hour, {.limit = 1});
    CF_VERIFY_OK(page);
    QVERIFY(page->front().at < hour.to);
}

void TestAuditTrailReads::looksForWhatEveryPaymentDoesAmongTheNewestOnly()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const auto database = TestDatabase::create(kind);
    CF_VERIFY_OK(database->writer().execute(QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 100000) "
                                                           "INSERT INTO audit_event (id, at, actor, action, subject, before_text, after_text, reason) "
                                                           "SELECT i, i, CASE WHEN i = 1 THEN 'alice' ELSE 'worker' END, 'order.transition', 's' || i, '', '', '' FROM n")));
    QCOMPARE(*auditCount(database->reader(), {}), 100'001);
    QCOMPARE(*auditCount(database->reader(), {.action = QStringLiteral("order.")}), 100'000);
    QCOMPARE(*auditCount(database->reader(), {.action = QStringLiteral("order."), .from = UtcTime(1)}), 100'001);
    QCOMPARE(*auditCount(database->reader(), {.actor = QStringLiteral("alice")}), 1);
    QCOMPARE(*auditCount(database->reader(), {.subject = QStringLiteral("s1")}), 1);
}

void TestAuditTrailReads::leadsToWhatASubjectIs()
{
    const auto created = auditDetail(reader(), AuditEventId(100));
    CF_VERIFY_OK(created);
    QCOMPARE(created->order, rich);
    QCOMPARE(created->orderNo, QStringLiteral("CA-2016-152156"));
    QCOMPARE(created->event.after, QStringLiteral("after"));
    QCOMPARE(auditDetail(reader(), AuditEventId(104))->order, rich); // a hold of the order
    const auto recharged = auditDetail(reader(), AuditEventId(107));
    CF_VERIFY_OK(recharged);
    QVERIFY(recharged->order.isNone());
    QCOMPARE(recharged->account, AccountId(2));
    QVERIFY(auditDetail(reader(), AuditEventId(108))->order.isNone());
    CF_COMPARE_ERROR(auditDetail(reader(), AuditEventId(1)), ErrorCode::NotFound);
}

void TestAuditTrailReads::findsNothingInAnEmptyTrail()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const auto database = TestDatabase::create(kind);
    QCOMPARE(auditPage(database->reader(), {.from = at(0), .to = at(1)}, {})->size(), 0U);
    QCOMPARE(*auditCount(database->reader(), {.action = QStringLiteral("order.")}), 0);
}

void TestAuditTrailReads::isServedByIndexes_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QString>("index");
    QTest::newRow("subject") << QStringLiteral("subject = 'x'") << QStringLiteral("audit_event_subject");
    QTest::newRow("person") << QStringLiteral("actor = 'x' AND actor <> 'worker' AND substr(actor, 1, 4) <> 'api:' AND substr(actor, 1, 7) <> 'import:'")
                            << QStringLiteral("audit_event_rare_actor");
    QTest::newRow("action") << QStringLiteral("action >= 'x' AND action < 'y' AND action <> 'order.transition' AND action <> 'order.created' AND action <> 'settlement.released'")
                            << QStringLiteral("audit_event_rare_action");
}

void TestAuditTrailReads::isServedByIndexes()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    QFETCH(QString, condition);
    QFETCH(QString, index);
    const bool isSqlite = kind == DatabaseKind::Sqlite;
    if (!isSqlite) {
        // It reads so small a table as a whole where it may.
        CF_VERIFY_OK(reader().executeScript(QStringLiteral("SET enable_seqscan = off")));
    }
    const QString explain = isSqlite ? QStringLiteral("EXPLAIN QUERY PLAN ") : QStringLiteral("EXPLAIN ");
    QString plan;
    CF_VERIFY_OK(reader().query(explain + QStringLiteral("SELECT id FROM audit_event WHERE ") + condition, {}, [&](const Row& row) -> Result<void> {
        plan += row.text(isSqlite ? 3 : 0) + u'\n';
        return {};
    }));
    QVERIFY2(plan.contains(index), qPrintable(plan));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestAuditTrailReads)
#include "tst_audit_trail_reads.moc"
