// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/text.h"
#include "models/store/administration.h"
#include "models/store/callback_store.h"
#include "models/store/idempotency.h"
#include "models/store/import_runs.h"
#include "models/store/process_tables.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QCoreApplication>

namespace counterfoil {

namespace {

constexpr UtcTime noon{1'714'564'800'000'000};
const QString order = QStringLiteral("order");

} // namespace

class TestAdministration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup() { m_database.reset(); }

    void keepsSettings();
    void publishesAWorkflowOnce();
    void publishesAnOlderTextAnew();
    void readsPublishedRevisionsOnly();
    void beatsOncePerWorker();
    void givesEveryLivingWorkerANodeOfItsOwn();
    void endsSessionsThatSitIdleInATransaction();
    void leavesSessionsAloneThatItMayNotEnd();
    void programsGiveTheirOwnTransactionsUp();
    void knowsTokensByHashAndScope();
    void recordsRefusedCallbacks();
    void knowsStoredCallbacks();
    void answersARepeatedCallFromItsRecord();
    void refusesASecondRecordOfOneKey();
    void forgetsARecordWhoseEffectFell();
    void goesOnWithAnImport();
    void keepsImportsOfDifferentFilesApart();

private:
    Connection& writer() { return m_database->writer(); }
    QStringList texts(const QString& sql);

    std::unique_ptr<TestDatabase> m_database;
};

void TestAdministration::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_database = TestDatabase::create(kind);
}

/// The first column of all rows.
QStringList TestAdministration::texts(const QString& sql)
{
    QStringList found;
    const auto read = m_database->reader().query(sql, {}, [&](const Row& row) -> Result<void> {
        found << row.text(0);
        return {};
    });
    return read ? found : QStringList{read.error().text()};
}

void TestAdministration::keepsSettings()
{
    const QString name = QStringLiteral("environment");
    const auto absent = setting(writer(), name);
    CF_VERIFY_OK(absent);
    QCOMPARE(*absent, QString());
    for (const QString& value : {QStringLiteral("sandbox"), QStringLiteral("it's \\ \"live\" \U0001F4B3"), QString()}) {
        CF_VERIFY_OK(setSetting(writer(), name, value));
        const auto found = setting(m_database->reader(), name);
        CF_VERIFY_OK(found);
        QCOMPARE(*found, value);
    }
    CF_VERIFY_OK(setSetting(writer(), QStringLiteral("other"), QStringLiteral("x")));
    QCOMPARE(texts(QStringLiteral("SELECT name FROM setting ORDER BY name")), (QStringList{name, QStringLiteral("other")}));
    CF_COMPARE_ERROR(setSetting(m_database->reader(), name, QStringLiteral("x")), ErrorCode::DatabaseReadOnly);
}

void TestAdministration::publishesAWorkflowOnce()
{
    const QString text = QStringLiteral("<scxml name=\"it's\"/>\n");
    for (int i = 0; i < 3; ++i) {
        const auto revision = publishWorkflow(writer(), order, text, QStringLiteral("cli"), noon);
        CF_VERIFY_OK(revision);
        QCOMPARE(*revision, 1);
    }
    QCOMPARE(*publishWorkflow(writer(), QStringLiteral("refund"), text, QStringLiteral("cli"), noon), 1);
    const auto all = publishedWorkflows(writer());
    CF_VERIFY_OK(all);
    QCOMPARE(all->size(), std::size_t{2});
    QCOMPARE(all->front().workflow, order);
    QCOMPARE(all->front().scxml, text);
    QCOMPARE(texts(QStringLiteral("SELECT DISTINCT sha256 FROM workflow_revision")), QStringList{sha256Hex(text.toUtf8())});
}

void TestAdministration::publishesAnOlderTextAnew()
{
    int expected = 0;
    for (const QString& text : {QStringLiteral("<a/>"), QStringLiteral("<b/>"), QStringLiteral("<a/>")}) {
        const auto revision = publishWorkflow(writer(), order, text, QStringLiteral("cli"), noon);
        CF_VERIFY_OK(revision);
        QCOMPARE(*revision, ++expected);
    }
    QCOMPARE(*workflowMaker(writer(), order), QStringLiteral("cli"));
    CF_VERIFY_OK(publishWorkflow(writer(), order, QStringLiteral("<c/>"), QStringLiteral("ada"), noon));
    QCOMPARE(*workflowMaker(writer(), order), QStringLiteral("ada"));
    QCOMPARE(*workflowMaker(writer(), QStringLiteral("other")), QString());
    const auto all = publishedWorkflows(writer());
    CF_VERIFY_OK(all);
    QStringList found;
    for (const StoredWorkflow& workflow : std::span(*all).first(3)) {
        found << QString::number(workflow.revision) + workflow.scxml;
    }
    QCOMPARE(found, (QStringList{QStringLiteral("1<a/>"), QStringLiteral("2<b/>"), QStringLiteral("3<a/>")}));
}

void TestAdministration::readsPublishedRevisionsOnly()
{
    CF_VERIFY_OK(publishWorkflow(writer(), order, QStringLiteral("<a/>"), QStringLiteral("cli"), noon));
    CF_VERIFY_OK(writer().execute(QStringLiteral("INSERT INTO workflow_revision (workflow, revision, status, scxml, sha256, made_by, created_at) VALUES ('order', 2, 'draft', '<d/>', 'x', 'me', 1)")));
    const auto all = publishedWorkflows(writer());
    CF_VERIFY_OK(all);
    QCOMPARE(all->size(), std::size_t{1});
    // A draft has its number: the next published revision comes behind it.
    QCOMPARE(*publishWorkflow(writer(), order, QStringLiteral("<b/>"), QStringLiteral("cli"), noon), 3);
}

void TestAdministration::beatsOncePerWorker()
{
    Heartbeat first{QStringLiteral("w1"), 1, noon, noon, QString()};
    CF_VERIFY_OK(beat(writer(), first));
    CF_VERIFY_OK(beat(writer(), {QStringLiteral("w2"), 2, noon, noon, QStringLiteral("http://127.0.0.1:1/")}));
    first.beatAt = noon + Duration::seconds(2);
    first.callbackUrl = QStringLiteral("http://127.0.0.1:2/");
    CF_VERIFY_OK(beat(writer(), first));
    QCOMPARE(texts(QStringLiteral("SELECT worker FROM worker_heartbeat ORDER BY worker")), (QStringList{QStringLiteral("w1"), QStringLiteral("w2")}));
    QCOMPARE(texts(QStringLiteral("SELECT beat_at - started_at FROM worker_heartbeat ORDER BY worker")), (QStringList{QStringLiteral("2000000"), QStringLiteral("0")}));
    QCOMPARE(texts(QStringLiteral("SELECT callback_url FROM worker_heartbeat WHERE worker = 'w1'")), QStringList{first.callbackUrl});
}

void TestAdministration::givesEveryLivingWorkerANodeOfItsOwn()
{
    const auto claimed = [this](const char* worker, UtcTime at) { return claimNode(writer(), {QString::fromLatin1(worker), 0, at, at, QString()}); };
    const UtcTime later = noon + Duration::minutes(2);
    for (const auto& [worker, at, node] : std::vector<std::tuple<const char*, UtcTime, int>>{
             {"w1", noon, 1}, {"w2", noon, 2}, {"w1", noon, 1}, {"w3", noon, 3}, {"w2", later, 1}, {"w4", later, 2}, {"w3", later, 3}}) {
        const auto given = claimed(worker, at);
        CF_VERIFY_OK(given);
        QVERIFY2(*given == node, qPrintable(QStringLiteral("%1 got %2 instead of %3").arg(QLatin1String(worker)).arg(*given).arg(node)));
    }
    QCOMPARE(texts(QStringLiteral("SELECT worker || ' ' || node FROM worker_heartbeat ORDER BY worker")),
             (QStringList{QStringLiteral("w1 1"), QStringLiteral("w2 1"), QStringLiteral("w3 3"), QStringLiteral("w4 2")}));
}

void TestAdministration::endsSessionsThatSitIdleInATransaction()
{
    if (m_database->url().kind == DatabaseKind::Sqlite) {
        QCOMPARE(*endIdleSessions(writer(), Duration()), 0);
        return;
    }
    const auto idle = m_database->connect(ConnectionRole::Writer);
    auto transaction = DatabaseTransaction::begin(*idle);
    CF_VERIFY_OK(transaction);
    CF_VERIFY_OK(setSetting(*idle, QStringLiteral("left"), QStringLiteral("open")));
    const auto quiet = m_database->connect(ConnectionRole::Writer);
    QCOMPARE(*endIdleSessions(writer(), Duration::minutes(5)), 0);
    QCOMPARE(*endIdleSessions(writer(), Duration()), 1);
    CF_COMPARE_ERROR(transaction->commit(), ErrorCode::DatabaseUnavailable);
    QVERIFY(setting(*quiet, QStringLiteral("left"))->isEmpty());
}

void TestAdministration::leavesSessionsAloneThatItMayNotEnd()
{
    if (m_database->url().kind == DatabaseKind::Sqlite) {
        QSKIP("SQLite has no sessions");
    }
    const QString role = QStringLiteral("counterfoil_test_%1").arg(QCoreApplication::applicationPid());
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("CREATE ROLE %1 LOGIN").arg(role)));
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("GRANT CONNECT ON DATABASE %1 TO %2").arg(m_database->url().name, role)));
    {
        const auto idle = m_database->connect(ConnectionRole::Writer);
        auto transaction = DatabaseTransaction::begin(*idle);
        CF_VERIFY_OK(transaction);
        DatabaseUrl url = m_database->url();
        url.user = role;
        const auto stranger = Connection::open(url, ConnectionRole::Writer);
        CF_VERIFY_OK(stranger);
        // It doesn't see what the others do; and with what it sees it may not do anything about it.
        QCOMPARE(*endIdleSessions(**stranger, Duration()), 0);
        CF_VERIFY_OK(writer().executeScript(QStringLiteral("GRANT pg_read_all_stats TO %1").arg(role)));
        QCOMPARE(*endIdleSessions(**stranger, Duration()), 0);
        CF_VERIFY_OK(setSetting(*idle, QStringLiteral("still"), QStringLiteral("there")));
        CF_VERIFY_OK(transaction->commit());
    }
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("DROP OWNED BY %1").arg(role)));
    CF_VERIFY_OK(writer().executeScript(QStringLiteral("DROP ROLE %1").arg(role)));
}

void TestAdministration::programsGiveTheirOwnTransactionsUp()
{
    if (m_database->url().kind == DatabaseKind::Sqlite) {
        QSKIP("SQLite has no sessions");
    }
    QCOMPARE(texts(QStringLiteral("SELECT current_setting('idle_in_transaction_session_timeout')")), QStringList{QStringLiteral("1min")});
}

void TestAdministration::knowsTokensByHashAndScope()
{
    const QString hash = sha256Hex("secret");
    const QString scope = QStringLiteral("intake");
    CF_VERIFY_OK(addApiToken(writer(), ApiTokenId(1), hash, QStringLiteral("shop"), scope, noon));
    const auto found = apiTokenLabel(m_database->reader(), hash, scope);
    CF_VERIFY_OK(found);
    QCOMPARE(found->value_or(QStringLiteral("none")), QStringLiteral("shop"));
    QVERIFY(!*apiTokenLabel(writer(), hash, QStringLiteral("admin")));
    QVERIFY(!*apiTokenLabel(writer(), sha256Hex("other"), scope));
    QVERIFY(!*apiTokenLabel(writer(), hash.toUpper(), scope));
    QVERIFY(!*apiTokenLabel(writer(), QString(), scope));
    CF_COMPARE_ERROR(addApiToken(writer(), ApiTokenId(2), hash, QStringLiteral("again"), scope, noon), ErrorCode::ConstraintViolated);
    CF_VERIFY_OK(writer().execute(QStringLiteral("UPDATE api_token SET revoked_at = 1")));
    QVERIFY(!*apiTokenLabel(writer(), hash, scope));
}

void TestAdministration::recordsRefusedCallbacks()
{
    CF_VERIFY_OK(addCallbackRefusal(writer(), 1, QStringLiteral("signature_invalid"), 3'000'000'000, QString(), noon));
    CF_VERIFY_OK(addCallbackRefusal(writer(), 2, QStringLiteral("signature_stale"), 0, QStringLiteral("::1"), noon));
    QCOMPARE(texts(QStringLiteral("SELECT size_bytes FROM callback_refusal ORDER BY id")), (QStringList{QStringLiteral("3000000000"), QStringLiteral("0")}));
    QCOMPARE(texts(QStringLiteral("SELECT peer FROM callback_refusal ORDER BY id")), (QStringList{QString(), QStringLiteral("::1")}));
}

void TestAdministration::knowsStoredCallbacks()
{
    GatewayCallback callback;
    callback.id = CallbackId(1);
    callback.gateway = QStringLiteral("stripe");
    callback.eventId = QStringLiteral("evt_{'1\"}");
    callback.receivedAt = noon;
    CF_VERIFY_OK(insertRow(writer(), callback));
    const QStringList asked{callback.eventId, QStringLiteral("evt_2"), QString()};
    const auto known = knownCallbacks(writer(), callback.gateway, asked);
    CF_VERIFY_OK(known);
    QVERIFY(*known == std::set<QString>{callback.eventId});
    QVERIFY(knownCallbacks(writer(), QStringLiteral("other"), asked)->empty());
    QVERIFY(knownCallbacks(writer(), callback.gateway, {})->empty());
}

void TestAdministration::answersARepeatedCallFromItsRecord()
{
    const IdempotencyRecord record{QStringLiteral("POST /v1/orders"), QStringLiteral("key-1"), sha256Hex("body"), 201, QStringLiteral("{\"id\":\"it's\"}")};
    QVERIFY(!*findIdempotencyRecord(writer(), record.scope, record.key));
    CF_VERIFY_OK(storeIdempotencyRecord(writer(), record, noon));
    const auto found = findIdempotencyRecord(m_database->reader(), record.scope, record.key);
    CF_VERIFY_OK(found);
    QVERIFY(found->has_value());
    QCOMPARE((*found)->requestSha256, record.requestSha256);
    QCOMPARE((*found)->httpStatus, 201);
    QCOMPARE((*found)->answer, record.answer);
    QVERIFY(!*findIdempotencyRecord(writer(), QStringLiteral("another scope"), record.key));
    QVERIFY(!*findIdempotencyRecord(writer(), record.scope, QStringLiteral("KEY-1")));
}

void TestAdministration::refusesASecondRecordOfOneKey()
{
    IdempotencyRecord record{QStringLiteral("scope"), QStringLiteral("key"), QStringLiteral("a"), 201, QStringLiteral("first")};
    CF_VERIFY_OK(storeIdempotencyRecord(writer(), record, noon));
    record.answer = QStringLiteral("second");
    CF_COMPARE_ERROR(storeIdempotencyRecord(writer(), record, noon), ErrorCode::ConstraintViolated);
    QCOMPARE(texts(QStringLiteral("SELECT answer FROM idempotency_record")), QStringList{QStringLiteral("first")});
    record.scope = QStringLiteral("other scope");
    CF_VERIFY_OK(storeIdempotencyRecord(writer(), record, noon));
}

void TestAdministration::forgetsARecordWhoseEffectFell()
{
    {
        const auto transaction = DatabaseTransaction::begin(writer());
        CF_VERIFY_OK(transaction);
        CF_VERIFY_OK(storeIdempotencyRecord(writer(), {QStringLiteral("scope"), QStringLiteral("key"), QStringLiteral("a"), 201, QString()}, noon));
    }
    QVERIFY(!*findIdempotencyRecord(writer(), QStringLiteral("scope"), QStringLiteral("key")));
}

void TestAdministration::goesOnWithAnImport()
{
    const QString file = sha256Hex("file");
    auto run = openImportRun(writer(), file, QStringLiteral("orders.csv"), ImportRunId(5), noon);
    CF_VERIFY_OK(run);
    QCOMPARE(run->id, ImportRunId(5));
    QCOMPARE(run->byteOffset + run->rows + run->placed + run->existed + run->refused, 0);
    run->byteOffset = 5'000'000'000;
    run->rows = 40;
    run->placed = 30;
    run->existed = 7;
    run->refused = 3;
    CF_VERIFY_OK(saveImportRun(writer(), *run, noon + Duration::seconds(9)));
    const auto again = openImportRun(writer(), file, QStringLiteral("copy of orders.csv"), ImportRunId(6), noon + Duration::days(1));
    CF_VERIFY_OK(again);
    QCOMPARE(again->id, ImportRunId(5));
    QCOMPARE((QList<qint64>{again->byteOffset, again->rows, again->placed, again->existed, again->refused}), (QList<qint64>{5'000'000'000, 40, 30, 7, 3}));
    QCOMPARE(texts(QStringLiteral("SELECT updated_at - started_at FROM import_run")), QStringList{QStringLiteral("9000000")});
}

void TestAdministration::keepsImportsOfDifferentFilesApart()
{
    auto first = openImportRun(writer(), QStringLiteral("a"), QStringLiteral("orders.csv"), ImportRunId(1), noon);
    const auto second = openImportRun(writer(), QStringLiteral("b"), QStringLiteral("orders.csv"), ImportRunId(2), noon);
    CF_VERIFY_OK(first);
    CF_VERIFY_OK(second);
    first->rows = 9;
    CF_VERIFY_OK(saveImportRun(writer(), *first, noon));
    QCOMPARE(texts(QStringLiteral("SELECT rows_read FROM import_run ORDER BY id")), (QStringList{QStringLiteral("9"), QStringLiteral("0")}));
    CF_COMPARE_ERROR(openImportRun(writer(), QStringLiteral("c"), QStringLiteral("orders.csv"), ImportRunId(2), noon), ErrorCode::ConstraintViolated);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestAdministration)
#include "tst_administration.moc"
