// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/api_error.h"
#include "app/common/command_line.h"
#include "tests/support/expect.h"

using namespace counterfoil;

namespace {

CommandLine commandLine()
{
    return CommandLine(QStringLiteral("program"), QStringLiteral("Does it."));
}

QStringList arguments(const QStringList& given)
{
    return QStringList{QStringLiteral("program")} + given;
}

} // namespace

class TestCommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { qunsetenv(databaseVariable); }

    void refusesWhatItDoesntKnow_data();
    void refusesWhatItDoesntKnow();
    void endsAfterHelpAndVersion();
    void findsTheDatabase();
    void refusesNumbersOutOfBounds_data();
    void refusesNumbersOutOfBounds();
    void complainsInOneLineWithoutSecrets();
    void exitCodesTellConfigurationFromFailure();
    void everyErrorHasAStatus();
    void namesTheFieldOfAnError_data();
    void namesTheFieldOfAnError();
};

void TestCommandLine::refusesWhatItDoesntKnow_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::newRow("unknown option") << QStringList{QStringLiteral("--databse=x")};
    QTest::newRow("no value") << QStringList{QStringLiteral("--database")};
    QTest::newRow("something else") << QStringList{QStringLiteral("x")};
}

void TestCommandLine::refusesWhatItDoesntKnow()
{
    QFETCH(QStringList, given);
    CommandLine line = commandLine();
    line.addDatabaseOption();
    QVERIFY(line.read(arguments(given)) == ExitCode::Unusable);
}

void TestCommandLine::endsAfterHelpAndVersion()
{
    for (const char* option : {"--help", "--version", "-h", "-v"}) {
        CommandLine line = commandLine();
        QVERIFY(line.read(arguments({QString::fromLatin1(option)})) == ExitCode::Done);
    }
    CommandLine line = commandLine();
    QVERIFY(!line.read(arguments({})).has_value());
}

void TestCommandLine::findsTheDatabase()
{
    CommandLine line = commandLine();
    line.addDatabaseOption();
    QVERIFY(!line.read(arguments({})).has_value());
    CF_COMPARE_ERROR(line.database(), ErrorCode::ConfigurationInvalid);

    qputenv(databaseVariable, "sqlite:/from/environment");
    CF_VERIFY_OK(line.database());
    QCOMPARE(line.database()->path, QStringLiteral("/from/environment"));

    CommandLine second = commandLine();
    second.addDatabaseOption();
    QVERIFY(!second.read(arguments({QStringLiteral("--database"), QStringLiteral("sqlite:/given")})).has_value());
    CF_VERIFY_OK(second.database());
    QCOMPARE(second.database()->path, QStringLiteral("/given"));
}

void TestCommandLine::refusesNumbersOutOfBounds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("least") << QStringLiteral("1") << true;
    QTest::newRow("most") << QStringLiteral("9") << true;
    QTest::newRow("below") << QStringLiteral("0") << false;
    QTest::newRow("above") << QStringLiteral("10") << false;
    QTest::newRow("negative") << QStringLiteral("-1") << false;
    QTest::newRow("text") << QStringLiteral("two") << false;
    QTest::newRow("fraction") << QStringLiteral("1.5") << false;
    QTest::newRow("empty") << QString() << false;
}

void TestCommandLine::refusesNumbersOutOfBounds()
{
    QFETCH(QString, text);
    CommandLine line = commandLine();
    line.addOption("n", "N", QStringLiteral("A number."));
    QVERIFY(!line.read(arguments({QStringLiteral("--n=") + text})).has_value());
    QTEST(line.number("n", 1, 9).has_value(), "isGood");
}

void TestCommandLine::complainsInOneLineWithoutSecrets()
{
    QCOMPARE(complaintLine(QStringLiteral("program"), {QStringLiteral("the file is gone"), QStringLiteral("nothing was imported"), QStringLiteral("check the path")}),
             QStringLiteral("program: the file is gone; nothing was imported; check the path"));
    QCOMPARE(complaintLine(QStringLiteral("program"), {QStringLiteral("a\nb sk_live_abc"), {}, QStringLiteral("c")}),
             QStringLiteral("program: a b sk_[redacted]; c"));
}

void TestCommandLine::exitCodesTellConfigurationFromFailure()
{
    const CommandLine line = commandLine();
    QVERIFY(line.complain(Error{ErrorCode::ConfigurationInvalid, QStringLiteral("x")}, {}) == ExitCode::Unusable);
    QVERIFY(line.complain(Error{ErrorCode::DatabaseUnavailable, QStringLiteral("x")}, {}) == ExitCode::Failed);
    QVERIFY(remedyFor(Error{ErrorCode::DatabaseTooOld, {}}).contains(QStringLiteral("migrate")));
}

void TestCommandLine::everyErrorHasAStatus()
{
    const QList<int> statuses{400, 401, 403, 404, 409, 413, 422, 500, 503};
    QMap<int, QStringList> byStatus;
    for (const ErrorCode code : allErrorCodes()) {
        const int status = httpStatusOf(code);
        QVERIFY(statuses.contains(status));
        byStatus[status] << toString(code);
    }
    QCOMPARE(byStatus.value(409), QStringList{QStringLiteral("in_progress")});
    QCOMPARE(byStatus.value(413), QStringList{QStringLiteral("too_large")});
    QVERIFY(byStatus.value(422).contains(QStringLiteral("out_of_stock")));
    QVERIFY(byStatus.value(422).contains(QStringLiteral("idempotency_key_reused")));
    QVERIFY(byStatus.value(500).contains(QStringLiteral("integrity")));
    QVERIFY(byStatus.value(503).contains(QStringLiteral("database_busy")));
    QVERIFY(byStatus.value(503).contains(QStringLiteral("lease_lost")));
    QVERIFY(byStatus.value(500).contains(QStringLiteral("file_unreadable")));
}

void TestCommandLine::namesTheFieldOfAnError_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, ErrorCode code, const char* detail, const char* field) {
        QTest::newRow(name) << static_cast<int>(code) << QString::fromLatin1(detail) << QString::fromLatin1(field);
    };
    row("path", ErrorCode::MalformedInput, "items[12].quantity must be a whole number", "items[12].quantity");
    row("line", ErrorCode::QuantityOutOfRange, "line 3: quantity 0 is outside 1 to 1000000", "items[2].quantity");
    row("line alone", ErrorCode::InvalidAmount, "line 3: the discount is more than the amount", "items[2]");
    row("unknown", ErrorCode::UnknownField, "buyer.age is not a field here", "buyer.age");
    row("no field", ErrorCode::MissingField, "order number and buyer are needed", "");
    row("a word like a field", ErrorCode::MalformedInput, "buyers are many", "");
    row("nothing", ErrorCode::MalformedInput, "", "");
}

void TestCommandLine::namesTheFieldOfAnError()
{
    QFETCH(int, code);
    QFETCH(QString, detail);
    QTEST(fieldOf(Error{static_cast<ErrorCode>(code), detail}), "field");
}

QTEST_GUILESS_MAIN(TestCommandLine)

#include "tst_command_line.moc"
