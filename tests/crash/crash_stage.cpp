// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_stage.h"

#include "models/base/id_source.h"
#include "models/store/job_queue.h"
#include "models/store/unit_of_work.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr int controlMs = 120'000;
constexpr int answerMs = 10'000;
constexpr int lookEveryMs = 100;
constexpr int tellEveryMs = 5'000;
/// Jobs that are due later, as settlements, aren't waited for.
constexpr Duration horizon = Duration::hours(1);
/// What JobRunner gives a claim.
constexpr Duration lease = Duration::seconds(5);
constexpr int testNode = 1001;
const QByteArray callbackSecret = "whsec_crashtest";
const QByteArray gatewayKey = "sk_test_crashtest";

/// Makes the SKU that is sold over HTTP known and puts enough of it into stock.
const QByteArray stockingOrder = R"({"order_no":"PAST-1","buyer":{"ref":"SHOP-0","name":"Ada"},"currency":"usd","funding":"gateway","payment_method":"pm_card_visa",)"
                                 R"("items":[{"sku":"PEN","quantity":1,"warehouse":"SHOP","stated":{"product":"P-1","product_name":"Pen","merchant":"quill",)"
                                 R"("merchant_name":"Quill","unit_price":{"amount":199,"currency":"usd"},"amount":{"amount":199,"currency":"usd"}}}]})"
                                 "\n";

QString addressOf(quint16 port)
{
    return QStringLiteral("http://127.0.0.1:%1").arg(port);
}

/// Ports that are free now: workers come back to the same ones, so that the gateway finds them.
std::vector<quint16> freePorts(int count)
{
    std::vector<std::unique_ptr<QTcpServer>> servers;
    std::vector<quint16> ports;
    for (int i = 0; i < count; ++i) {
        servers.push_back(std::make_unique<QTcpServer>());
        require(servers.back()->listen(QHostAddress::LocalHost, 0), "a free port");
        ports.push_back(servers.back()->serverPort());
    }
    return ports;
}

QString writeFile(const QString& path, const QByteArray& content)
{
    QFile file(path);
    const bool written = file.open(QFile::WriteOnly) && file.write(content) == content.size() && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return written ? QString() : QStringLiteral("%1: %2").arg(path, file.errorString());
}

} // namespace

CrashStage::CrashStage(StageOptions options) : m_options(std::move(options)), m_database(TestDatabase::create(m_options.kind, m_options.server)), m_ports(freePorts(m_options.workers + 1))
{
    m_gatewayPort = m_ports.back();
    m_ports.pop_back();
}

CrashStage::~CrashStage()
{
    m_workers.clear();
    m_logins.reset();
}

QString CrashStage::prepare()
{
    for (const auto step : {&CrashStage::writeFiles, &CrashStage::makeDatabase, &CrashStage::makePrice, &CrashStage::makeWorkerLogin, &CrashStage::startGateway}) {
        if (const QString problem = (this->*step)(); !problem.isEmpty()) {
            return problem;
        }
    }
    makeWorkers();
    return {};
}

QString CrashStage::writeFiles()
{
    QString problem = writeFile(m_folder.filePath(QStringLiteral("key")), gatewayKey);
    problem += writeFile(m_folder.filePath(QStringLiteral("secret")), callbackSecret);
    problem += writeFile(m_folder.filePath(QStringLiteral("stock.ndjson")), stockingOrder);
    const auto slice = writeSuperstoreSlice(m_folder.filePath(QStringLiteral("orders.csv")), m_options.importedOrders);
    return slice ? problem : problem + slice.error().text();
}

QString CrashStage::makeDatabase()
{
    const auto file = [this](const char* name) { return m_folder.filePath(QLatin1String(name)); };
    const QStringList import{QStringLiteral("import"), QStringLiteral("orders"), QStringLiteral("--extend-catalogue")};
    for (const QStringList& command : {QStringList{QStringLiteral("init")}, import + QStringList{file("stock.ndjson"), QStringLiteral("--opening-stock=100000")},
                                       import + QStringList{file("orders.csv"), QStringLiteral("--mapping=superstore")}}) {
        if (const auto [done, output] = control(command); !done) {
            return command.join(u' ') + QStringLiteral(": ") + QString::fromUtf8(output);
        }
    }
    const auto [done, output] = control({QStringLiteral("token"), QStringLiteral("add"), QStringLiteral("shop")});
    for (const QByteArray& line : output.split('\n')) {
        m_token = line.startsWith("cftok_") ? line.trimmed() : m_token;
    }
    return done && !m_token.isEmpty() ? QString() : QString::fromUtf8(output);
}

QString CrashStage::makePrice()
{
    const auto make = [this]() -> Result<void> {
        const SystemClock clock;
        IdSource ids(clock, testNode);
        qint64 sku = 0;
        CF_TRY(reader().query(QStringLiteral("SELECT id FROM sku WHERE code = 'PEN'"), {}, [&](const Row& row) -> Result<void> {
            sku = row.integer(0);
            return {};
        }));
        UnitOfWork work(m_database->writer(), clock, ids);
        CF_TRY(work.begin());
        PriceTier tier;
        tier.id = ids.next<PriceTierId>();
        tier.sku = SkuId(sku);
        tier.unitPrice = Money(qint64{199}, tier.currency);
        work.priceTiers.add(tier);
        return work.commit();
    };
    const auto made = make();
    return made ? QString() : made.error().text();
}

QString CrashStage::makeWorkerLogin()
{
    m_workerUrl = m_database->url();
    if (m_options.kind == DatabaseKind::Sqlite) {
        return {};
    }
    m_workerUrl.user = m_workerUrl.name + QStringLiteral("_worker");
    m_logins = std::make_unique<ServerLogins>(*m_database);
    const auto made = m_logins->make(m_workerUrl.user, QStringLiteral("counterfoil_worker"));
    return made ? QString() : made.error().text();
}

QString CrashStage::startGateway()
{
    QStringList arguments{QStringLiteral("--listen=127.0.0.1:%1").arg(m_gatewayPort),
                          QStringLiteral("--seed=%1").arg(m_options.seed),
                          QStringLiteral("--api-key=") + QString::fromLatin1(gatewayKey),
                          QStringLiteral("--callback=") + addressOf(m_ports.front()) + QStringLiteral("/v1/callbacks/stripe"),
                          QStringLiteral("--callback-secret=") + QString::fromLatin1(callbackSecret)};
    if (!m_options.scenario.isEmpty()) {
        arguments << QStringLiteral("--scenario=") + m_options.scenario;
    }
    m_gateway = std::make_unique<ServiceProcess>(QStringLiteral("gateway"), QStringLiteral(SANDBOX_PROGRAM), arguments);
    return m_gateway->start() ? QString() : QString::fromUtf8(m_gateway->lastWords(20));
}

void CrashStage::makeWorkers()
{
    QStringList addresses;
    for (std::size_t i = 0; i < m_ports.size(); ++i) {
        addresses << addressOf(m_ports[i]);
        const QString name = QStringLiteral("worker-%1").arg(i + 1);
        m_workers.push_back(std::make_unique<ServiceProcess>(
            name, QStringLiteral(WORKER_PROGRAM),
            QStringList{QStringLiteral("--database=") + m_workerUrl.toText(), QStringLiteral("--listen=127.0.0.1:%1").arg(m_ports[i]),
                        QStringLiteral("--gateway-url=") + addressOf(m_gatewayPort), QStringLiteral("--gateway-key-file=") + m_folder.filePath(QStringLiteral("key")),
                        QStringLiteral("--callback-secret-file=") + m_folder.filePath(QStringLiteral("secret")), QStringLiteral("--stored-error-patience=3"),
                        QStringLiteral("--name=") + name, QStringLiteral("--node=%1").arg(i + 1), QStringLiteral("--log=json")}));
    }
    m_poster = std::make_unique<OrderPoster>(addresses, m_token);
}

Result<std::vector<HeldJob>> CrashStage::held(const QString& condition, const QVariantList& values)
{
    std::vector<HeldJob> jobs;
    CF_TRY(reader().query(QStringLiteral("SELECT j.id, j.epoch, coalesce(e.operation, j.kind), j.kind FROM job j"
                                         " LEFT JOIN gateway_exchange e ON j.kind = 'gateway_send' AND e.id = j.subject_id WHERE j.state = 'leased' AND ") + condition,
                          values, [&](const Row& row) -> Result<void> {
                              jobs.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3).startsWith(u"gateway_")});
                              return {};
                          }));
    return jobs;
}

Result<std::vector<HeldJob>> CrashStage::heldBy(const ServiceProcess& worker)
{
    // A lease that was given before this life began ends earlier than one that it took itself.
    return held(QStringLiteral("j.lease_owner = ? AND j.lease_until >= ?"), {worker.name(), bound(worker.launchedAt() + lease)});
}

Result<std::vector<HeldJob>> CrashStage::heldByAnybody()
{
    return held(QStringLiteral("j.lease_until >= ?"), {bound(SystemClock().now())});
}

Result<bool> CrashStage::areTakenUp(const std::vector<HeldJob>& jobs)
{
    CF_ASSIGN(const std::vector<HeldJob> leased, held(QStringLiteral("j.epoch >= ?"), {0}));
    return std::ranges::none_of(jobs, [&](const HeldJob& job) {
        return std::ranges::any_of(leased, [&](const HeldJob& other) { return other.id == job.id && other.epoch == job.epoch; });
    });
}

Result<bool> CrashStage::isPaid(const QString& orderNo)
{
    bool paid = false;
    CF_TRY(reader().query(QStringLiteral("SELECT p.id FROM payment_transaction p JOIN orders o ON o.id = p.order_id WHERE o.order_no = ? AND p.kind = 'payment' AND p.status = 'succeeded'"),
                          {orderNo}, [&](const Row&) -> Result<void> {
                              paid = true;
                              return {};
                          }));
    return paid;
}

Result<qint64> CrashStage::callbacksStored()
{
    qint64 count = 0;
    CF_TRY(reader().query(QStringLiteral("SELECT count(*) FROM gateway_callback"), {}, [&](const Row& row) -> Result<void> {
        count = row.integer(0);
        return {};
    }));
    return count;
}

Result<qint64> CrashStage::jobsLeft()
{
    return unfinishedJobs(reader(), SystemClock().now() + horizon);
}

QByteArray CrashStage::describeJobs()
{
    const UtcTime now = SystemClock().now();
    QByteArray lines;
    const auto read = reader().query(QStringLiteral("SELECT j.kind || ' ' || j.state || coalesce(' ' || e.operation || ' ' || e.state, '') || ' ' || j.last_error, count(*), max(j.attempt),"
                                                    " min(coalesce(j.lease_until, j.due_at)), max(coalesce(j.lease_until, j.due_at)) FROM job j"
                                                    " LEFT JOIN gateway_exchange e ON j.kind = 'gateway_send' AND e.id = j.subject_id"
                                                    " WHERE j.state IN ('ready', 'leased', 'parked') AND j.due_at < ? GROUP BY 1 ORDER BY 1"),
                                     {bound(now + horizon)}, [&](const Row& row) -> Result<void> {
                                         lines += QStringLiteral("  %1 x %2, attempts up to %3, in %4 to %5 ms\n").arg(row.integer(1)).arg(row.text(0).trimmed()).arg(row.integer(2))
                                                      .arg((row.time(3) - now).milliseconds()).arg((row.time(4) - now).milliseconds()).toUtf8();
                                         return {};
                                     });
    return read ? lines : read.error().text().toUtf8();
}

bool CrashStage::settle(int waitMs)
{
    const auto isSettled = [this] {
        // The gateway first: what it still says makes jobs.
        const QJsonObject callbacks = gatewayStatistics().value(QStringLiteral("callbacks")).toObject();
        const auto left = jobsLeft();
        return callbacks.contains(QStringLiteral("pending")) && callbacks.value(QStringLiteral("pending")).toInteger() == 0 && left && *left == 0;
    };
    QElapsedTimer timer;
    timer.start();
    for (qint64 toldMs = 0; !isSettled();) {
        if (timer.elapsed() > waitMs) {
            return false;
        }
        if (timer.elapsed() >= toldMs + tellEveryMs) {
            toldMs = timer.elapsed();
            qInfo("after %lld ms:\n%s", static_cast<long long>(toldMs), describeJobs().constData());
        }
        QTest::qWait(lookEveryMs);
    }
    return true;
}

Result<void> CrashStage::setReachable(bool reachable)
{
    std::vector<qint64> ours;
    for (Connection* const connection : {&m_database->writer(), &m_database->reader()}) {
        CF_TRY(connection->query(QStringLiteral("SELECT pg_backend_pid()"), {}, [&](const Row& row) -> Result<void> {
            ours.push_back(row.integer(0));
            return {};
        }));
    }
    CF_ASSIGN(const DatabaseUrl url, DatabaseUrl::parse(m_options.server.isEmpty() ? qEnvironmentVariable("COUNTERFOIL_TEST_POSTGRESQL") : m_options.server));
    CF_ASSIGN(const auto server, Connection::open(url, ConnectionRole::Writer));
    const QString allowed = reachable ? QStringLiteral("true") : QStringLiteral("false");
    CF_TRY(server->executeScript(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS %2").arg(m_database->url().name, allowed)));
    if (reachable) {
        return {};
    }
    return server->query(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND pid <> ? AND pid <> ?"),
                         {m_database->url().name, bound(ours[0]), bound(ours[1])}, [](const Row&) -> Result<void> { return {}; });
}

QJsonObject CrashStage::gatewayStatistics()
{
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(addressOf(m_gatewayPort) + QStringLiteral("/sandbox/stats")));
    request.setTransferTimeout(answerMs);
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished()) {
        finished.wait(answerMs);
    }
    return QJsonDocument::fromJson(reply->readAll()).object();
}

std::pair<bool, QByteArray> CrashStage::control(const QStringList& arguments) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(CONTROL_PROGRAM), arguments + QStringList{QStringLiteral("--database"), m_database->url().toText()});
    const bool finished = process.waitForFinished(controlMs);
    return {finished && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, process.readAll()};
}

QByteArray CrashStage::lastWords() const
{
    QByteArray words;
    for (const auto& worker : m_workers) {
        words += worker->name().toUtf8() + ":\n" + worker->lastWords(30);
    }
    return words;
}

} // namespace counterfoil
