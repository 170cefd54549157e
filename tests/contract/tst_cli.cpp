// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/json.h"
#include "models/base/text.h"
#include "models/store/administration.h"
#include "models/store/writer_lock.h"
#include "tests/models/store/audit_trail.h"
#include "tests/support/expect.h"
#include "tests/support/server_logins.h"
#include "tests/support/test_database.h"

#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>

#include <grp.h>
#include <unistd.h>

using namespace counterfoil;

namespace {

struct CliRun {
    int exitCode = -1;
    QString output;
    QString errors;

    QByteArray described() const { return QStringLiteral("exit %1\n%2\n%3").arg(exitCode).arg(output, errors).toUtf8(); }
};

/// As root nothing is read-only: the program is run as somebody who has no rights here.
void becomeNobody()
{
    constexpr uid_t nobody = 65534;
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(nobody) != 0 || setuid(nobody) != 0)) {
        _exit(99);
    }
}

CliRun runCli(const QStringList& arguments, const QString& database = {}, bool asNobody = false)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("COUNTERFOIL_DATABASE"));
    if (!database.isEmpty()) {
        environment.insert(QStringLiteral("COUNTERFOIL_DATABASE"), database);
    }
    process.setProcessEnvironment(environment);
    if (asNobody) {
        process.setChildProcessModifier(becomeNobody);
    }
    process.start(QStringLiteral(COUNTERFOILCTL), arguments);
    if (!process.waitForStarted() || !process.waitForFinished(60'000)) {
        return {-1, {}, process.errorString()};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QByteArray orderLine(const char* number, int quantity)
{
    return QStringLiteral(R"({"order_no":"%1","buyer":{"ref":"CG-1","name":"Claire"},"currency":"usd","funding":"gateway","payment_method":"pm_card_visa",)"
                          R"("items":[{"sku":"PEN","quantity":%2,"warehouse":"WEST","stated":{"product":"P-1","product_name":"Pen","merchant":"quill",)"
                          R"("merchant_name":"Quill","unit_price":{"amount":199,"currency":"usd"},"amount":{"amount":%3,"currency":"usd"}}}]})")
               .arg(QLatin1String(number))
               .arg(quantity)
               .arg(quantity * 199)
               .toUtf8()
        + '\n';
}

const QByteArray superstoreRows = "\"Row ID\",\"Order ID\",\"Order Date\",\"Ship Date\",\"Ship Mode\",\"Customer ID\",\"Customer Name\",\"Segment\",\"Country\",\"City\",\"State\",\"Postal Code\",\"Region\","
                                  "\"Product ID\",\"Category\",\"Sub-Category\",\"Product Name\",\"Sales\",\"Quantity\",\"Discount\",\"Profit\"\n"
                                  "1,\"CA-1\",2016-11-08,2016-11-11,\"Second Class\",\"CG-12520\",\"Claire Gute\",\"Consumer\",\"United States\",\"Henderson\",\"Kentucky\",42420,\"South\",\"FUR-1\",\"Furniture\","
                                  "\"Bookcases\",\"Bush Bookcase\",261.96,2,0,41.9136\n"
                                  "2,\"CA-2\",2016-11-08,2016-11-11,\"Second Class\",\"CG-12520\",\"Claire Gute\",\"Consumer\",\"United States\",\"Henderson\",\"Kentucky\",42420,\"South\",\"FUR-2\",\"Furniture\","
                                  "\"Chairs\",\"Hon Chair\",731.94,3,0,219.582\n";

class Folder {
public:
    QString write(const QString& name, const QByteArray& content) const
    {
        QFile file(path(name));
        require(file.open(QIODevice::WriteOnly) && file.write(content) == content.size(), "a test file is written");
        return file.fileName();
    }
    QString path(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

QString sqliteUrl(const QString& path)
{
    return QStringLiteral("sqlite:") + path;
}

} // namespace

/// The expectations on one line: how it ended, and what it said.
#define CF_CLI(run, code, words)                                                                                       \
    do {                                                                                                               \
        const CliRun& cfRun = (run);                                                                                   \
        QVERIFY2(cfRun.exitCode == (code), cfRun.described().constData());                                             \
        QVERIFY2((cfRun.output + cfRun.errors).contains(QStringLiteral(words)), cfRun.described().constData());        \
    } while (false)

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void helpAndVersionAreGivenAtEachLevel()
    {
        CF_CLI(runCli({QStringLiteral("--help")}), 0, "import orders");
        CF_CLI(runCli({QStringLiteral("--version")}), 0, "counterfoilctl " COUNTERFOIL_VERSION);
        CF_CLI(runCli({QStringLiteral("import"), QStringLiteral("--help")}), 0, "import orders");
        for (const char* words : {"init", "migrate", "import orders", "order show", "verify", "export journal", "token add", "user add", "user role", "user password", "user disable", "user enable", "user list", "audit head"}) {
            const QStringList command = QString::fromLatin1(words).split(u' ');
            const CliRun help = runCli(command + QStringList{QStringLiteral("--help")});
            QVERIFY2(help.exitCode == 0 && help.output.contains(QStringLiteral("Usage: counterfoilctl %1").arg(QLatin1String(words))), help.described().constData());
            QVERIFY2(help.output.contains(QStringLiteral("--database")), help.described().constData());
            CF_CLI(runCli(command + QStringList{QStringLiteral("--version")}), 0, COUNTERFOIL_VERSION);
        }
    }

    void mistakesInTheArgumentsEndWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* arguments, const char* words) { QTest::newRow(*arguments ? arguments : "nothing") << QString::fromLatin1(arguments).split(u' ', Qt::SkipEmptyParts) << QString::fromLatin1(words); };
        row("", "a command is missing");
        row("frobnicate", "there is no command 'frobnicate'");
        row("import", "a command is missing");
        row("import customers", "there is no command 'import customers'");
        row("verify", "no database is named");
        row("verify --frobnicate", "frobnicate");
        row("verify extra --database sqlite:x", "'extra'");
        row("verify --database mysql://x", "sqlite:PATH");
        row("init --database sqlite:x --environment staging", "sandbox or live");
        row("import orders --database sqlite:x", "one FILE is needed");
        row("import orders a b --database sqlite:x", "one FILE is needed");
        row("import orders /nonexistent.ndjson --database sqlite:x", "there is no file");
        row("import orders x.csv --database sqlite:x", "needs --mapping");
        row("import orders x.csv --mapping nosuch --database sqlite:x", "nosuch");
        row("import orders x --format xml --database sqlite:x", "csv or ndjson");
        row("import orders x --node 1024 --database sqlite:x", "--node takes a whole number");
        row("order show --database sqlite:x", "one ORDER is needed");
        row("token add --database sqlite:x", "one LABEL is needed");
        row("verify --anchor /nonexistent/anchors --database sqlite:x", "/nonexistent/anchors");
        row("audit", "a command is missing");
        row("audit tail", "there is no command 'audit tail'");
        row("user add ann --database sqlite:x", "LOGIN and ROLE are needed");
        row("user disable --database sqlite:x", "one LOGIN is needed");
        row("user list ann --database sqlite:x", "no further word is expected");
    }
    void mistakesInTheArgumentsEndWithTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        const Folder folder;
        const CliRun run = runCli(arguments.replaceInStrings(QStringLiteral("sqlite:x"), sqliteUrl(folder.path(QStringLiteral("none.db")))));
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.errors.contains(words), run.described().constData());
        QVERIFY2(run.output.isEmpty(), run.described().constData());
        QVERIFY2(!QFile::exists(folder.path(QStringLiteral("none.db"))), "a mistake makes no file");
    }

    void anOrderGoesInAndTheBooksAreVerifiedAndExported_data() { TestDatabase::addKindRows(); }
    void anOrderGoesInAndTheBooksAreVerifiedAndExported()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "sandbox, order workflow revision 1");
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        CF_CLI(runCli({QStringLiteral("init"), QStringLiteral("--environment"), QStringLiteral("live")}, url), 2, "of the sandbox environment");
        CF_CLI(runCli({QStringLiteral("migrate")}, url), 0, "migrations applied: 0");

        const QString ndjson = folder.write(QStringLiteral("o.ndjson"), orderLine("N-1", 2) + orderLine("N-2", 500) + orderLine("N-3", 1));
        const QStringList import{QStringLiteral("import"), QStringLiteral("orders"), ndjson, QStringLiteral("--extend-catalogue"), QStringLiteral("--opening-stock"), QStringLiteral("100")};
        const CliRun first = runCli(import, url);
        CF_CLI(first, 1, "2 orders placed, 0 existed, 1 refused");
        CF_CLI(first, 1, "out_of_stock");
        QVERIFY(QFile::exists(ndjson + QStringLiteral(".refused.csv")));
        CF_CLI(runCli(import, url), 1, "imported before");
        CF_CLI(runCli(import + QStringList{QStringLiteral("--again")}, url), 1, "0 orders placed, 2 existed, 1 refused");

        const QString csv = folder.write(QStringLiteral("o.csv"), superstoreRows);
        CF_CLI(runCli({QStringLiteral("import"), QStringLiteral("orders"), csv, QStringLiteral("--extend-catalogue"), QStringLiteral("--mapping"), QStringLiteral("superstore")}, url), 0, "2 orders placed, 0 existed, 0 refused");

        CF_CLI(runCli({QStringLiteral("order"), QStringLiteral("show"), QStringLiteral("N-1")}, url), 0, "payable   3.98 USD");
        CF_CLI(runCli({QStringLiteral("order"), QStringLiteral("show"), QStringLiteral("nosuch")}, url), 1, "nosuch");
        const auto shown = parseJsonObject(runCli({QStringLiteral("order"), QStringLiteral("show"), QStringLiteral("N-1"), QStringLiteral("--json")}, url).output.toUtf8());
        CF_VERIFY_OK(shown);
        QCOMPARE(shown->value(QStringLiteral("order_no")).toString(), QStringLiteral("N-1"));
        const QString id = shown->value(QStringLiteral("id")).toString();
        CF_CLI(runCli({QStringLiteral("order"), QStringLiteral("show"), id}, url), 0, "N-1");

        const CliRun verified = runCli({QStringLiteral("verify")}, url);
        CF_CLI(verified, 0, "every invariant holds");
        CF_CLI(verified, 0, "4 orders");

        const QString journal = folder.path(QStringLiteral("books.journal"));
        CF_CLI(runCli({QStringLiteral("export"), QStringLiteral("journal"), QStringLiteral("--output"), journal}, url), 0, "postings");
        QFile exported(journal);
        QVERIFY(exported.open(QIODevice::ReadOnly));
        const CliRun streamed = runCli({QStringLiteral("export"), QStringLiteral("journal")}, url);
        QCOMPARE(streamed.exitCode, 0);
        QCOMPARE(streamed.output.toUtf8(), exported.readAll());
        CF_CLI(streamed, 0, "commodity 1000.00 USD");
        CF_CLI(runCli({QStringLiteral("export"), QStringLiteral("journal"), QStringLiteral("--output"), QStringLiteral("/nonexistent/x")}, url), 1, "no journal was written");
    }

    void withoutExtendingTheCatalogueUnknownThingsAreRefused()
    {
        const auto database = TestDatabase::create(DatabaseKind::Sqlite);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        const QString ndjson = folder.write(QStringLiteral("o.ndjson"), orderLine("N-1", 2));
        const CliRun run = runCli({QStringLiteral("import"), QStringLiteral("orders"), ndjson}, url);
        CF_CLI(run, 1, "0 orders placed, 0 existed, 1 refused");
        CF_CLI(run, 1, "not_found");
        CF_CLI(runCli({QStringLiteral("verify")}, url), 0, "0 orders");
    }

    void anInterruptedImportGoesOnWhereItStopped_data()
    {
        QTest::addColumn<DatabaseKind>("kind");
        QTest::addColumn<int>("signal");
        for (const DatabaseKind kind : TestDatabase::kinds()) {
            const char* name = kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
            QTest::addRow("%s interrupted", name) << kind << SIGINT;
            QTest::addRow("%s terminated", name) << kind << SIGTERM;
            QTest::addRow("%s killed", name) << kind << SIGKILL;
        }
    }
    void anInterruptedImportGoesOnWhereItStopped()
    {
        constexpr int orders = 3'000;
        QFETCH(DatabaseKind, kind);
        QFETCH(int, signal);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        QByteArray lines;
        for (int i = 0; i < orders; ++i) {
            lines += orderLine(qPrintable(QStringLiteral("N-%1").arg(i)), 1 + i % 5);
        }
        const QStringList import{QStringLiteral("import"), QStringLiteral("orders"), folder.write(QStringLiteral("o.ndjson"), lines), QStringLiteral("--extend-catalogue"), QStringLiteral("--opening-stock"), QStringLiteral("1000000")};

        QProcess process;
        process.start(QStringLiteral(COUNTERFOILCTL), import + QStringList{QStringLiteral("--database"), url});
        process.setReadChannel(QProcess::StandardError);
        // The first line tells that the first batch is stored.
        QVERIFY(process.waitForReadyRead(30'000));
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(30'000));
        if (signal == SIGKILL) {
            QCOMPARE(process.exitStatus(), QProcess::CrashExit);
        } else {
            QCOMPARE(process.exitCode(), 1);
            QVERIFY(process.readAllStandardOutput().contains("started again it goes on from here"));
        }
        const CliRun between = runCli({QStringLiteral("verify")}, url);
        CF_CLI(between, 0, "every invariant holds");
        QVERIFY2(!between.output.contains(QStringLiteral("\n%1 orders").arg(orders)), "it was stopped in the middle");

        CF_CLI(runCli(import, url), 0, "3000 rows: 3000 orders placed, 0 existed, 0 refused");
        const CliRun after = runCli({QStringLiteral("verify")}, url);
        CF_CLI(after, 0, "every invariant holds");
        CF_CLI(after, 0, "\n3000 orders");
    }

    void aPlantedCorruptionIsReported_data() { TestDatabase::addKindRows(); }
    void aPlantedCorruptionIsReported()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        const QString ndjson = folder.write(QStringLiteral("o.ndjson"), orderLine("N-1", 2));
        CF_CLI(runCli({QStringLiteral("import"), QStringLiteral("orders"), ndjson, QStringLiteral("--extend-catalogue"), QStringLiteral("--opening-stock"), QStringLiteral("100")}, url), 0, "1 orders placed");
        CF_CLI(runCli({QStringLiteral("verify")}, url), 0, "every invariant holds");
        CF_VERIFY_OK(database->writer().execute(QStringLiteral("UPDATE stock SET frozen = 3")));
        const CliRun found = runCli({QStringLiteral("verify")}, url);
        CF_CLI(found, 1, "FAIL  stock_frozen: 1 violation");
        CF_CLI(found, 1, "open reservations 2");
        const CliRun asJson = runCli({QStringLiteral("verify"), QStringLiteral("--json")}, url);
        QCOMPARE(asJson.exitCode, 1);
        const auto document = parseJsonObject(asJson.output.toUtf8());
        CF_VERIFY_OK(document);
        QCOMPARE(document->value(QStringLiteral("holds")), QJsonValue(false));
        int broken = 0;
        for (const QJsonValue& invariant : document->value(QStringLiteral("invariants")).toArray()) {
            broken += invariant[QStringLiteral("holds")].toBool() ? 0 : 1;
        }
        QCOMPARE(broken, 1);
    }

    void aCutAuditTrailIsSeenAgainstItsAnchor_data() { TestDatabase::addKindRows(); }
    void aCutAuditTrailIsSeenAgainstItsAnchor()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        AuditTrail trail(database->writer());
        trail.addMany(20, sampleTime, Duration::seconds(10));
        CF_CLI(runCli({QStringLiteral("verify")}, url), 0, "20 wait for their seal, the oldest since 2024-05-01T12:00:00.000Z");
        trail.sealAll(sampleTime + Duration::hours(1));
        const CliRun head = runCli({QStringLiteral("audit"), QStringLiteral("head")}, url);
        CF_CLI(head, 0, "\"position\":20,");
        CF_CLI(head, 0, "\"environment\":\"sandbox\"");
        const QString anchors = folder.path(QStringLiteral("anchors"));
        CF_CLI(runCli({QStringLiteral("audit"), QStringLiteral("head"), QStringLiteral("--file"), anchors}, url), 0, "");
        QFile file(anchors);
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), head.output);
        CF_CLI(runCli({QStringLiteral("audit"), QStringLiteral("head"), QStringLiteral("--file"), QStringLiteral("/nonexistent/x")}, url), 1, "no head was written");
        const QStringList verify{QStringLiteral("verify"), QStringLiteral("--anchor"), anchors};
        CF_CLI(runCli(verify, url), 0, "ok    audit_anchor");
        CF_CLI(runCli(verify, url), 0, "20 audit rows are sealed, the chain ends at 20 ");

        trail.liftTriggers();
        CF_VERIFY_OK(database->writer().execute(QStringLiteral("DELETE FROM audit_seal WHERE position > 15")));
        CF_VERIFY_OK(database->writer().execute(QStringLiteral("DELETE FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)")));
        CF_CLI(runCli({QStringLiteral("verify")}, url), 0, "every invariant holds");
        CF_CLI(runCli(verify, url), 1, "seals 16 to 20 are missing that the head of 2024-05-01T13:00:00.000Z has");
        CF_VERIFY_OK(setSetting(database->writer(), QStringLiteral("environment"), QStringLiteral("live")));
        CF_CLI(runCli(verify, url), 2, "is of a database that is 'sandbox', and this one is 'live'");
    }

    void peopleAreAddedAndChanged_data() { TestDatabase::addKindRows(); }
    void peopleAreAddedAndChanged()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        ServerLogins logins(*database);
        if (kind == DatabaseKind::Postgresql) {
            logins.adopt(QStringLiteral("ann"));
            logins.adopt(QStringLiteral("ben"));
        }
        const QString url = database->url().toText();
        const Folder folder;
        const QString password = QStringLiteral("--password-file=") + folder.write(QStringLiteral("password"), "a long enough one\n");
        const QString poor = QStringLiteral("--password-file=") + folder.write(QStringLiteral("poor"), "short\n");
        const QString user = QStringLiteral("user");
        CF_CLI(runCli({user, QStringLiteral("add"), QStringLiteral("ann"), QStringLiteral("administrator"), poor}, url), 1, "at least 10 characters");
        CF_CLI(runCli({user, QStringLiteral("add"), QStringLiteral("ann"), QStringLiteral("king"), password}, url), 1, "'king' is not one of the known values");
        CF_CLI(runCli({user, QStringLiteral("add"), QStringLiteral("ann"), QStringLiteral("administrator"), password}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("add"), QStringLiteral("ann"), QStringLiteral("support"), password}, url), 1, "there is a login ann already");
        CF_CLI(runCli({user, QStringLiteral("role"), QStringLiteral("ann"), QStringLiteral("support")}, url), 1, "the last administrator");
        CF_CLI(runCli({user, QStringLiteral("add"), QStringLiteral("ben"), QStringLiteral("support"), QStringLiteral("--name=Ben"), password}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("role"), QStringLiteral("ben"), QStringLiteral("supervisor")}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("password"), QStringLiteral("ben"), poor}, url), 1, "at least 10 characters");
        CF_CLI(runCli({user, QStringLiteral("password"), QStringLiteral("ben"), password}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("disable"), QStringLiteral("ben")}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("disable"), QStringLiteral("carl")}, url), 1, "nobody has the login carl");
        CF_CLI(runCli({user, QStringLiteral("list")}, url), 0, "ben\tsupervisor\tdisabled\tBen");
        CF_CLI(runCli({user, QStringLiteral("enable"), QStringLiteral("ben")}, url), 0, "");
        CF_CLI(runCli({user, QStringLiteral("list")}, url), 0, "ben\tsupervisor\tmay sign in\tBen");
    }

    void aTokenIsShownOnceAndKeptAsItsHash_data() { TestDatabase::addKindRows(); }
    void aTokenIsShownOnceAndKeptAsItsHash()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        const QStringList add{QStringLiteral("token"), QStringLiteral("add"), QStringLiteral("shop A")};
        const CliRun one = runCli(add, url);
        const CliRun two = runCli(add, url);
        QVERIFY2(one.exitCode == 0 && two.exitCode == 0, one.described().constData());
        const QString token = one.output.trimmed();
        QVERIFY2(token.size() > 40 && token != two.output.trimmed(), qPrintable(token));
        const auto label = apiTokenLabel(database->reader(), sha256Hex(token.toUtf8()), QStringLiteral("orders"));
        CF_VERIFY_OK(label);
        QCOMPARE(label->value_or(QString()), QStringLiteral("shop A"));
        CF_CLI(runCli({QStringLiteral("token"), QStringLiteral("add"), QStringLiteral("bad\nlabel")}, url), 2, "LABEL");
    }

    void aDatabaseOfANewerVersionIsLeftAlone_data() { TestDatabase::addKindRows(); }
    void aDatabaseOfANewerVersionIsLeftAlone()
    {
        QFETCH(DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        const QString url = database->url().toText();
        CF_VERIFY_OK(database->writer().execute(QStringLiteral("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (99, 'later', '', 1)")));
        for (const char* words : {"init", "migrate", "verify", "export journal", "token add x", "order show x"}) {
            const CliRun run = runCli(QString::fromLatin1(words).split(u' '), url);
            CF_CLI(run, 2, "the database has schema 99");
            CF_CLI(run, 2, "or a newer one");
        }
    }

    void whatIsNoDatabaseOrNotThereOrEmptyIsSaid()
    {
        const Folder folder;
        const QString garbage = sqliteUrl(folder.write(QStringLiteral("garbage.db"), QByteArray(4096, 'x')));
        for (const char* words : {"init", "migrate", "verify", "token add x"}) {
            CF_CLI(runCli(QString::fromLatin1(words).split(u' '), garbage), 2, "not a database");
        }
        const QString missing = folder.path(QStringLiteral("missing.db"));
        for (const char* words : {"migrate", "verify", "export journal", "token add x"}) {
            CF_CLI(runCli(QString::fromLatin1(words).split(u' '), sqliteUrl(missing)), 2, "there is no database at");
            QVERIFY(!QFile::exists(missing));
        }
        const QString empty = sqliteUrl(folder.write(QStringLiteral("empty.db"), {}));
        for (const char* words : {"migrate", "verify", "token add x"}) {
            CF_CLI(runCli(QString::fromLatin1(words).split(u' '), empty), 2, "counterfoilctl init");
        }
        CF_CLI(runCli({QStringLiteral("init")}, sqliteUrl(folder.path(QStringLiteral("no/folder/x.db")))), 2, "the database was not made");
        CF_CLI(runCli({QStringLiteral("verify")}, QStringLiteral("postgresql://nobody@127.0.0.1:1/none")), 2, "nothing was verified");
    }

    void aDatabaseWithAWorkerIsNotWrittenTo()
    {
        const auto database = TestDatabase::create(DatabaseKind::Sqlite);
        const QString url = database->url().toText();
        const Folder folder;
        CF_CLI(runCli({QStringLiteral("init")}, url), 0, "revision 1");
        const auto lock = WriterLock::acquire(database->url());
        CF_VERIFY_OK(lock);
        const QString ndjson = folder.write(QStringLiteral("o.ndjson"), orderLine("N-1", 2));
        CF_CLI(runCli({QStringLiteral("import"), QStringLiteral("orders"), ndjson}, url), 2, "nothing was imported; stop the other worker first");
        CF_CLI(runCli({QStringLiteral("init")}, url), 2, "stop the other worker first");
        // What only reads, or adds one row, goes on beside it.
        CF_CLI(runCli({QStringLiteral("verify")}, url), 0, "every invariant holds");
        CF_CLI(runCli({QStringLiteral("token"), QStringLiteral("add"), QStringLiteral("x")}, url), 0, "x");
    }

    void aReadOnlyDatabaseIsSaidBeforeAnythingIsBegun()
    {
        const Folder folder;
        const QString path = folder.path(QStringLiteral("x.db"));
        CF_CLI(runCli({QStringLiteral("init")}, sqliteUrl(path)), 0, "is ready");
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::ReadOther));
        QVERIFY(QFile::setPermissions(folder.path(QString()), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
        const QString ndjson = folder.write(QStringLiteral("o.ndjson"), orderLine("N-1", 2));
        QVERIFY(QFile::setPermissions(ndjson, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
        CF_CLI(runCli({QStringLiteral("import"), QStringLiteral("orders"), ndjson}, sqliteUrl(path), true), 2, "may not be written to");
        CF_CLI(runCli({QStringLiteral("token"), QStringLiteral("add"), QStringLiteral("x")}, sqliteUrl(path), true), 2, "check the permissions");
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
