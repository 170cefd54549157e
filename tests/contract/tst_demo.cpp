// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/demo_run.h"
#include "app/common/writer_intake.h"
#include "tests/support/books.h"
#include "tests/support/expect.h"
#include "tests/support/slowness.h"
#include "tests/support/test_database.h"
#include "workflows/services/verification.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

using namespace counterfoil;

namespace {

constexpr quint64 seed = 7;
constexpr int sliceOrders = 400;
constexpr int sliceWaitMs = 120'000;

std::unique_ptr<Connection> readerOf(const DatabaseUrl& url)
{
    auto reader = Connection::open(url, ConnectionRole::Reader);
    return reader ? std::move(*reader) : nullptr;
}

/// What is wrong, one line each; nothing if all is well.
QByteArray brokenOf(const Verification& verification)
{
    QByteArray lines;
    for (const InvariantOutcome& outcome : verification.outcomes) {
        if (!outcome.holds()) {
            lines += QStringLiteral("%1: %2 rows, first %3\n").arg(outcome.name).arg(outcome.count).arg(outcome.violations.front().detail).toUtf8();
        }
    }
    return lines;
}

QByteArray statesOf(const Books& books)
{
    QByteArray text;
    for (const auto& [state, count] : books.states) {
        text += state.toUtf8() + ' ' + QByteArray::number(count) + '\n';
    }
    return text;
}

/// What both sides of the wire must agree on: no charge twice, and the books owe what the gateway took.
void agreeOnCharges(const QJsonObject& sandbox, const Books& books)
{
    QVERIFY(books.cardPayments > 0);
    for (const char* reference : {"order", "transaction"}) {
        const QJsonObject counted = sandbox.value(QStringLiteral("references")).toObject().value(QLatin1String(reference)).toObject();
        QVERIFY2(!counted.isEmpty(), QJsonDocument(sandbox).toJson().constData());
        QCOMPARE(counted.value(QStringLiteral("charged_more_than_once")).toArray(), QJsonArray());
        QCOMPARE(counted.value(QStringLiteral("distinct")).toInteger(), books.cardPayments);
    }
    QCOMPARE(sandbox.value(QStringLiteral("charges_made")).toInteger(), books.cardPayments);
    QCOMPARE(sandbox.value(QStringLiteral("refunds_made")).toInteger(), 0);
    QCOMPARE(sandbox.value(QStringLiteral("captured_minor")).toObject().value(QStringLiteral("usd")).toInteger(), -books.clearingMinor);
    QCOMPARE(books.paidTwice, QStringList());
    QCOMPARE(books.openCases, QStringList());
}

qint64 faultsOf(const QJsonObject& sandbox)
{
    qint64 count = 0;
    for (const QJsonValue& each : sandbox.value(QStringLiteral("faults")).toObject()) {
        count += each.toInteger();
    }
    return count;
}

} // namespace

/// The demonstration, as `counterfoilctl demo` runs it: real orders, database, worker, listener and gateway.
class TestDemo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOrderEndsWithoutFaults();
    void faultsChangeNothingButTheWay();
    void doneAgainItChangesNothing();
    void aPartOfItComesToTheSameBooksOnEveryDatabase_data() { TestDatabase::addKindRows(); }
    void aPartOfItComesToTheSameBooksOnEveryDatabase();

private:
    DemoOptions optionsFor(const QString& scenario) const;
    void runWhole(const QString& scenario, DemoSummary& summary, Books& books) const;
    void runSlice(const DatabaseUrl& database, const QString& scenario, Books& books) const;

    QTemporaryDir m_folder;
    Books m_faultless;
    Books m_faulty;
    qint64 m_chargesMade = 0;
};

DemoOptions TestDemo::optionsFor(const QString& scenario) const
{
    DemoOptions options;
    options.directory = m_folder.filePath(scenario);
    options.scenario = scenario;
    options.seed = seed;
    options.patience = Duration::minutes(3);
    options.step = [](const QString& step) { qInfo("%s", qUtf8Printable(step)); };
    return options;
}

void TestDemo::runWhole(const QString& scenario, DemoSummary& summary, Books& books) const
{
    const DemoOptions options = optionsFor(scenario);
    auto done = runDemonstration(options);
    CF_VERIFY_OK(done);
    summary = std::move(*done);
    const std::unique_ptr<Connection> reader = readerOf(demoDatabase(options.directory));
    QVERIFY(reader != nullptr);
    const auto read = readBooks(*reader);
    CF_VERIFY_OK(read);
    books = *read;
    qInfo("%s: %lld ms, faults %lld, jobs repeated %lld\n%s", qUtf8Printable(scenario), static_cast<long long>(summary.elapsed.milliseconds()),
          static_cast<long long>(faultsOf(summary.sandbox)), static_cast<long long>(summary.worker.runner.jobsFailed), statesOf(books).constData());
    QVERIFY2(summary.settled, "some orders didn't come to their end");
    QVERIFY2(summary.verification.holds(), brokenOf(summary.verification).constData());
    QCOMPARE(summary.verification.orders, 5009);
    const std::map<QString, qint64> expected{{QStringLiteral("completed"), 4980}, {QStringLiteral("payment_failed"), 29}};
    QVERIFY2(books.states == expected, statesOf(books).constData());
    agreeOnCharges(summary.sandbox, books);
}

void TestDemo::everyOrderEndsWithoutFaults()
{
    DemoSummary summary;
    runWhole(QStringLiteral("none"), summary, m_faultless);
    if (QTest::currentTestFailed()) {
        return;
    }
    QCOMPARE(summary.import.placed, 5009);
    QCOMPARE(summary.import.refused, 0);
    QCOMPARE(faultsOf(summary.sandbox), 0);
}

void TestDemo::faultsChangeNothingButTheWay()
{
    QVERIFY2(!m_faultless.orders.empty(), "the run without faults failed");
    DemoSummary summary;
    runWhole(QStringLiteral("faulty"), summary, m_faulty);
    if (QTest::currentTestFailed()) {
        return;
    }
    QVERIFY(faultsOf(summary.sandbox) > 100);
    const QStringList differences = m_faulty.differences(m_faultless);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    m_chargesMade = summary.sandbox.value(QStringLiteral("charges_made")).toInteger();
}

void TestDemo::doneAgainItChangesNothing()
{
    QVERIFY2(m_chargesMade > 0, "the run with faults failed");
    DemoSummary summary;
    Books again;
    runWhole(QStringLiteral("faulty"), summary, again);
    if (QTest::currentTestFailed()) {
        return;
    }
    QVERIFY(summary.import.alreadyImported);
    QCOMPARE(summary.sandbox.value(QStringLiteral("charges_made")).toInteger(), m_chargesMade);
    const QStringList differences = again.differences(m_faulty);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    QVERIFY2(summary.elapsed < Duration::seconds(20 * slowness), qPrintable(QStringLiteral("took %1 ms").arg(summary.elapsed.milliseconds())));
}

void TestDemo::runSlice(const DatabaseUrl& database, const QString& scenario, Books& books) const
{
    EmbeddedOptions options;
    options.database = database;
    options.scenario = scenario;
    options.seed = seed;
    EmbeddedServices services(options);
    const auto started = services.start();
    CF_VERIFY_OK(started);
    SystemClock clock;
    QElapsedTimer timer;
    timer.start();
    ImportOptions import;
    import.path = m_folder.filePath(QStringLiteral("slice.csv"));
    CF_VERIFY_OK(writeSuperstoreSlice(import.path, sliceOrders));
    auto mapping = ColumnMapping::load(QStringLiteral("superstore"));
    CF_VERIFY_OK(mapping);
    import.mapping = std::move(*mapping);
    WriterIntake intake(services.worker());
    const auto imported = OrderImporter(intake, clock).run(import);
    CF_VERIFY_OK(imported);
    QCOMPARE(imported->placed, sliceOrders);
    QTRY_VERIFY_WITH_TIMEOUT(services.worker().isIdle(clock.now() + Duration::hours(1)), sliceWaitMs);
    const QJsonObject sandbox = services.sandboxStatistics();
    qInfo("%d orders, %s: %lld ms, faults %lld", sliceOrders, qUtf8Printable(scenario), static_cast<long long>(timer.elapsed()), static_cast<long long>(faultsOf(sandbox)));
    const std::unique_ptr<Connection> reader = readerOf(database);
    QVERIFY(reader != nullptr);
    const auto read = readBooks(*reader);
    CF_VERIFY_OK(read);
    books = *read;
    const auto verification = verifyDatabase(*reader);
    CF_VERIFY_OK(verification);
    QVERIFY2(verification->holds(), brokenOf(*verification).constData());
    QCOMPARE(faultsOf(sandbox) > 0, scenario == u"faulty");
    agreeOnCharges(sandbox, books);
}

void TestDemo::aPartOfItComesToTheSameBooksOnEveryDatabase()
{
    QFETCH(DatabaseKind, kind);
    Books plain;
    {
        const auto sqlite = TestDatabase::create(DatabaseKind::Sqlite);
        runSlice(sqlite->url(), QStringLiteral("none"), plain);
    }
    const auto database = TestDatabase::create(kind);
    Books books;
    runSlice(database->url(), QStringLiteral("faulty"), books);
    if (QTest::currentTestFailed()) {
        return;
    }
    QVERIFY(plain.orders.size() == sliceOrders && books.orders.size() == sliceOrders);
    const QStringList differences = books.differences(plain);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestDemo)

#include "tst_demo.moc"
