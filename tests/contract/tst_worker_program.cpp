// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/database_setup.h"
#include "models/base/id_source.h"
#include "models/base/text.h"
#include "models/store/administration.h"
#include "models/store/audit_chain.h"
#include "models/store/process_tables.h"
#include "tests/support/expect.h"
#include "tests/support/slowness.h"
#include "tests/support/test_database.h"
#include "workflows/gateway/callback_verifier.h"
#include "workflows/services/audit_anchor.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QSignalSpy>

#include <csignal>

using namespace counterfoil;

namespace {

constexpr int waitMs = 20'000;
const QByteArray callbackSecret = "whsec_programtest";
const QByteArray gatewayKey = "sk_test_programtest";
const QByteArray token = "cf_programtest";

struct Answer {
    int status = 0;
    QJsonObject body;
    QByteArray bytes;
};

} // namespace

/// The program as an administrator runs it: options, files, signals, exit codes.
class TestWorkerProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void servesUntilItIsToldToStop();
    void sealsTheAuditTrailAndKeepsItsHead();
    void aSecondWorkerOnOneFileIsRefused();
    void refusesToStart_data();
    void refusesToStart();
    void saysItsVersion();

private:
    QString secretFile(const QString& name, const QByteArray& secret, QFileDevice::Permissions permissions);
    QStringList goodOptions();
    /// Starts the program and waits until it says where it listens.
    bool startWorker(QProcess& process, const QStringList& options);
    QString logged(const QString& message, const QString& field) const;
    Answer request(const QByteArray& method, const QString& path, const QByteArray& body, const std::vector<std::pair<QByteArray, QByteArray>>& headers);

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_log;
    QString m_url;
};

void TestWorkerProgram::init()
{
    failOnWarnings();
    m_database = TestDatabase::create(DatabaseKind::Sqlite);
    m_folder = std::make_unique<QTemporaryDir>();
    CF_VERIFY_OK(setUpDatabase(m_database->url(), QStringLiteral("sandbox"), SystemClock()));
    CF_VERIFY_OK(addApiToken(m_database->writer(), ApiTokenId(1), sha256Hex(token), QStringLiteral("shop"), QStringLiteral("orders"), SystemClock().now()));
    m_log.clear();
    m_url.clear();
}

void TestWorkerProgram::cleanup()
{
    m_database.reset();
}

QString TestWorkerProgram::secretFile(const QString& name, const QByteArray& secret, QFileDevice::Permissions permissions)
{
    QFile file(m_folder->filePath(name));
    require(file.open(QIODevice::WriteOnly) && file.write(secret) == secret.size() && file.setPermissions(permissions), "a secret's file");
    return file.fileName();
}

QStringList TestWorkerProgram::goodOptions()
{
    const auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    return {QStringLiteral("--database=") + m_database->url().toText(),
            QStringLiteral("--listen=127.0.0.1:0"),
            QStringLiteral("--gateway-url=http://127.0.0.1:1"),
            QStringLiteral("--gateway-key-file=") + secretFile(QStringLiteral("key"), gatewayKey, ownerOnly),
            QStringLiteral("--callback-secret-file=") + secretFile(QStringLiteral("secret"), callbackSecret, ownerOnly),
            QStringLiteral("--log=json")};
}

bool TestWorkerProgram::startWorker(QProcess& process, const QStringList& options)
{
    process.start(QStringLiteral(WORKER_PROGRAM), options);
    while (m_url.isEmpty() && process.waitForReadyRead(waitMs)) {
        m_log += process.readAll();
        m_url = logged(QStringLiteral("ready at "), QStringLiteral("url"));
    }
    return !m_url.isEmpty();
}

QString TestWorkerProgram::logged(const QString& message, const QString& field) const
{
    for (const QByteArray& line : m_log.split('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        if (event.value(QStringLiteral("message")).toString().startsWith(message)) {
            return event.value(field).toString();
        }
    }
    return {};
}

Answer TestWorkerProgram::request(const QByteArray& method, const QString& path, const QByteArray& body,
                                  const std::vector<std::pair<QByteArray, QByteArray>>& headers)
{
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(m_url + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setRawHeader("Authorization", "Bearer " + token);
    for (const auto& [name, value] : headers) {
        request.setRawHeader(name, value);
    }
    const std::unique_ptr<QNetworkReply> reply(manager.sendCustomRequest(request, method, body));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished()) {
        finished.wait(waitMs);
    }
    const QByteArray bytes = reply->readAll();
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), QJsonDocument::fromJson(bytes).object(), bytes};
}

void TestWorkerProgram::servesUntilItIsToldToStop()
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QVERIFY2(startWorker(process, goodOptions()), m_log.constData());
    QTRY_COMPARE_WITH_TIMEOUT(request("GET", QStringLiteral("/healthz"), {}, {}).status, 200, waitMs);

    const QByteArray event = R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded","created":1700000000,"livemode":false,)"
                             R"("data":{"object":{"id":"pi_1","object":"payment_intent"}}})";
    const QString callbacks = QStringLiteral("/v1/callbacks/stripe");
    const auto signedWith = [&](const QByteArray& secret) { return std::pair<QByteArray, QByteArray>("Stripe-Signature", signCallback(secret, event, SystemClock().now())); };
    QCOMPARE(request("POST", callbacks, event, {signedWith("whsec_guessed")}).status, 400);
    QCOMPARE(request("POST", callbacks, event, {signedWith(callbackSecret)}).status, 200);
    QCOMPARE(request("POST", callbacks, event, {signedWith(callbackSecret)}).status, 200);

    const QByteArray order = R"({"order_no":"WEB-1","buyer":{"ref":"C-1"},"currency":"usd","items":[{"sku":"NOTHING","quantity":1}],"funding":"wallet"})";
    const Answer refused = request("POST", QStringLiteral("/v1/orders"), order, {{"Idempotency-Key", "k"}});
    QVERIFY2(refused.status == 422, refused.bytes.constData());
    QCOMPARE(request("GET", QStringLiteral("/v1/orders/WEB-1"), {}, {}).status, 404);
    QCOMPARE(request("GET", QStringLiteral("/v1/orders/WEB-1"), {}, {{"Authorization", "Bearer cf_other"}}).status, 401);

    const QByteArray metrics = request("GET", QStringLiteral("/metrics"), {}, {}).bytes;
    for (const char* line : {"counterfoil_callbacks_total{result=\"stored\"} 1\n", "counterfoil_callbacks_total{result=\"duplicate\"} 1\n",
                             "counterfoil_callbacks_total{result=\"refused\"} 1\n", "counterfoil_database_reachable 1\n", "counterfoil_queue_jobs{state="}) {
        QVERIFY2(metrics.contains(line), metrics.constData());
    }

    process.terminate();
    QVERIFY(process.waitForFinished(waitMs));
    m_log += process.readAll();
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY2(m_log.trimmed().split('\n').last().contains("\"message\":\"stopped\""), m_log.constData());
    for (const QByteArray& secret : {callbackSecret, gatewayKey, token, QByteArray("programtest")}) {
        QVERIFY(!m_log.contains(secret));
    }
}

void TestWorkerProgram::sealsTheAuditTrailAndKeepsItsHead()
{
    const QString anchors = m_folder->filePath(QStringLiteral("anchors"));
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QVERIFY2(startWorker(process, goodOptions() + QStringList{QStringLiteral("--audit-anchor=") + anchors}), m_log.constData());
    const SystemClock clock;
    IdSource ids(clock, 9);
    const auto addRow = [&] {
        CF_VERIFY_OK(insertRow(m_database->writer(), AuditEvent{ids.next<AuditEventId>(), clock.now(), QStringLiteral("cli"), QStringLiteral("test"), {}, {}, {}, {}}));
    };
    const auto sealed = [&] {
        const auto head = auditHead(m_database->reader());
        return head ? head->position : -1;
    };
    for (int n = 1; n <= 3; ++n) {
        addRow();
        QTRY_COMPARE_WITH_TIMEOUT(sealed(), qint64{n}, waitMs);
    }
    const auto seals = selectRows<AuditSeal>(m_database->reader(), QStringLiteral("ORDER BY position"), {});
    CF_VERIFY_OK(seals);
    for (const AuditSeal& seal : *seals) {
        const qint64 waitedMs = (seal.sealedAt - IdSource::timeOf(seal.event.value())).milliseconds();
        qInfo("sealed after %lld ms", static_cast<long long>(waitedMs));
        QVERIFY(waitedMs < 5'000 * slowness);
    }
    // What came last is sealed before the end.
    addRow();
    process.terminate();
    QVERIFY(process.waitForFinished(waitMs));
    QCOMPARE(sealed(), 4);
    const auto kept = readAnchors(anchors);
    CF_VERIFY_OK(kept);
    QCOMPARE(kept->back().position, 4);
    QCOMPARE(kept->back().chainSha256, auditHead(m_database->reader())->chainSha256);
    QCOMPARE(kept->back().environment, QStringLiteral("sandbox"));
    QVERIFY((QFile::permissions(anchors) & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)) == 0);
}

void TestWorkerProgram::aSecondWorkerOnOneFileIsRefused()
{
    QProcess first;
    first.setProcessChannelMode(QProcess::MergedChannels);
    QVERIFY2(startWorker(first, goodOptions()), m_log.constData());
    QProcess second;
    second.start(QStringLiteral(WORKER_PROGRAM), goodOptions());
    QVERIFY(second.waitForFinished(waitMs));
    const QByteArray complaint = second.readAllStandardError();
    QCOMPARE(second.exitCode(), 2);
    QVERIFY2(complaint.contains("counterfoil-worker: ") && complaint.contains("stop the other worker first"), complaint.constData());
    kill(static_cast<pid_t>(first.processId()), SIGINT);
    QVERIFY(first.waitForFinished(waitMs));
    QCOMPARE(first.exitCode(), 0);
}

void TestWorkerProgram::refusesToStart_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* name, const QStringList& options, const char* words) { QTest::newRow(name) << options << QByteArray(words); };
    row("no such database", {QStringLiteral("--database=sqlite:/nowhere/at/all.db")}, "nothing was changed");
    row("no database's address", {QStringLiteral("--database=mysql://host/x")}, "write sqlite:PATH or postgresql://");
    row("a name as address", {QStringLiteral("--listen=localhost:8480")}, "--listen takes ADDRESS:PORT");
    row("no port", {QStringLiteral("--listen=127.0.0.1")}, "--listen takes ADDRESS:PORT");
    row("a port too many", {QStringLiteral("--listen=127.0.0.1:65536")}, "--listen takes ADDRESS:PORT");
    row("an address of another machine", {QStringLiteral("--listen=192.0.2.1:0")}, "192.0.2.1");
    row("no proxy", {QStringLiteral("--trusted-proxy=proxy")}, "trusted proxy");
    row("no gateway", {QStringLiteral("--gateway-url=ftp://host")}, "--gateway-url");
    row("no key", {QStringLiteral("--gateway-key-file=/nowhere/key")}, "/nowhere/key");
    row("no secret", {QStringLiteral("--callback-secret-file=/nowhere/secret")}, "/nowhere/secret");
    row("node too large", {QStringLiteral("--node=1024")}, "--node takes a whole number from 0 to 1023");
    row("nothing in flight", {QStringLiteral("--in-flight=0")}, "--in-flight takes");
    row("log format", {QStringLiteral("--log=xml")}, "neither text nor json");
    row("log level", {QStringLiteral("--log-level=loud")}, "log level");
    row("empty name", {QStringLiteral("--name=")}, "--name");
    row("anchors that can't be written", {QStringLiteral("--audit-anchor=/nowhere/anchors")}, "/nowhere/anchors");
    row("unknown option", {QStringLiteral("--gateway=x")}, "--help");
}

void TestWorkerProgram::refusesToStart()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, words);
    QProcess process;
    process.start(QStringLiteral(WORKER_PROGRAM), goodOptions() + options);
    QVERIFY(process.waitForFinished(waitMs));
    const QByteArray complaint = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 2, complaint.constData());
    QVERIFY2(complaint.startsWith("counterfoil-worker: ") && complaint.contains(words), complaint.constData());
    QCOMPARE(complaint.count('\n'), 1);
    QVERIFY(!complaint.contains("programtest"));
}

void TestWorkerProgram::saysItsVersion()
{
    QProcess process;
    process.start(QStringLiteral(WORKER_PROGRAM), {QStringLiteral("--version")});
    QVERIFY(process.waitForFinished(waitMs));
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(process.readAllStandardOutput(), QByteArray("counterfoil-worker " COUNTERFOIL_VERSION "\n"));
}

QTEST_GUILESS_MAIN(TestWorkerProgram)

#include "tst_worker_program.moc"
