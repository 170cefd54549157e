// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/logging.h"
#include "tests/support/expect.h"

#include <QJsonDocument>
#include <QLoggingCategory>
#include <QTemporaryFile>

#include <fcntl.h>
#include <unistd.h>

using namespace counterfoil;

namespace {

const UtcTime when(qint64{1'700'000'000'123'000});

LogRecord record(const QString& message, const QJsonObject& fields = {})
{
    return {when, LogLevel::Warning, QStringLiteral("worker"), message, fields};
}

/// What `work` writes to standard error with the handler installed.
QByteArray captured(const LogOptions& options, const std::function<void()>& work)
{
    QTemporaryFile file;
    require(file.open(), "a temporary file");
    const int before = dup(STDERR_FILENO);
    dup2(file.handle(), STDERR_FILENO);
    const QtMessageHandler previous = qInstallMessageHandler(nullptr);
    installLogging(options);
    work();
    qInstallMessageHandler(previous);
    QLoggingCategory::setFilterRules({});
    dup2(before, STDERR_FILENO);
    close(before);
    file.seek(0);
    return file.readAll();
}

void logOnEveryLevel()
{
    qDebug("a debug message");
    qInfo("an info message");
    qWarning("a warning");
    qCritical("an error");
}

} // namespace

class TestLogging : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesTextLines();
    void writesJsonLines();
    void staysOneLineWhateverIsLogged_data();
    void staysOneLineWhateverIsLogged();
    void neverWritesSecrets_data();
    void neverWritesSecrets();
    void fieldsNeverHideTheEvent();
    void leavesOutWhatIsBelowTheLevel_data();
    void leavesOutWhatIsBelowTheLevel();
    void carriesCategoryAndFields();
    void refusesUnknownNames();
};

void TestLogging::writesTextLines()
{
    const QJsonObject fields{{QStringLiteral("count"), 3}, {QStringLiteral("order"), QStringLiteral("ord_1")}, {QStringLiteral("why"), QStringLiteral("two words")}};
    QCOMPARE(logLine(record(QStringLiteral("stuck"), fields), LogFormat::Text),
             QByteArray("2023-11-14T22:13:20.123Z WARNING worker: stuck count=3 order=ord_1 why=\"two words\"\n"));
}

void TestLogging::writesJsonLines()
{
    QCOMPARE(logLine(record(QStringLiteral("stuck"), {{QStringLiteral("count"), 3}}), LogFormat::Json),
             QByteArray(R"({"category":"worker","count":3,"level":"warning","message":"stuck","time":"2023-11-14T22:13:20.123Z"})"
                        "\n"));
}

void TestLogging::staysOneLineWhateverIsLogged_data()
{
    QTest::addColumn<QString>("message");
    QTest::newRow("line ends") << QStringLiteral("a\r\n2023-11-14T22:13:20.123Z ERROR worker: forged");
    QTest::newRow("terminal controls") << QStringLiteral("a\u001b[2Jb");
    QTest::newRow("line separator") << QStringLiteral("a\u2028b");
    QTest::newRow("direction") << QStringLiteral("a\u202eb");
    QTest::newRow("quotes") << QStringLiteral("a\"b\\");
    QTest::newRow("long") << QString(100'000, u'x');
}

void TestLogging::staysOneLineWhateverIsLogged()
{
    QFETCH(QString, message);
    const QJsonObject fields{{QStringLiteral("given"), message}};
    for (const LogFormat format : {LogFormat::Text, LogFormat::Json}) {
        const QByteArray line = logLine(record(message, format == LogFormat::Text ? fields : QJsonObject()), format);
        QCOMPARE(line.count('\n'), 1);
        QVERIFY(line.endsWith('\n'));
        QVERIFY(!line.contains('\x1b'));
        QVERIFY(!line.contains('\r'));
        QVERIFY(!QString::fromUtf8(line).contains(QChar(0x202e)));
        QVERIFY(line.size() < 20'000);
        if (format == LogFormat::Json) {
            QVERIFY(QJsonDocument::fromJson(line).isObject());
        }
    }
}

void TestLogging::neverWritesSecrets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("secret");
    const auto row = [](const char* name, const char* text, const char* secret) { QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(secret); };
    row("key", "used sk_live_abc123", "abc123");
    row("callback secret", "verified with whsec_abc123", "abc123");
    row("header", "Authorization: Bearer abc123", "abc123");
    row("card", "paid with 4242 4242 4242 4242", "4242 4242 4242");
}

void TestLogging::neverWritesSecrets()
{
    QFETCH(QString, text);
    QFETCH(QString, secret);
    for (const LogFormat format : {LogFormat::Text, LogFormat::Json}) {
        const QByteArray line = logLine(record(text, {{QStringLiteral("detail"), text}}), format);
        QVERIFY2(!line.contains(secret.toUtf8()), line.constData());
    }
    const QByteArray byName = logLine(record(QStringLiteral("sent"), {{QStringLiteral("client_secret"), QStringLiteral("abc")}}), LogFormat::Json);
    QVERIFY2(!byName.contains("abc"), byName.constData());
}

void TestLogging::fieldsNeverHideTheEvent()
{
    const QJsonObject line = QJsonDocument::fromJson(logLine(record(QStringLiteral("real"), {{QStringLiteral("message"), QStringLiteral("other")},
                                                                                            {QStringLiteral("time"), 0}}),
                                                             LogFormat::Json)).object();
    QCOMPARE(line.value(QStringLiteral("message")).toString(), QStringLiteral("real"));
    QCOMPARE(line.value(QStringLiteral("time")).toString(), when.toIso());
}

void TestLogging::leavesOutWhatIsBelowTheLevel_data()
{
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("lines");
    QTest::newRow("debug") << QStringLiteral("debug") << 4;
    QTest::newRow("info") << QStringLiteral("info") << 3;
    QTest::newRow("warning") << QStringLiteral("warning") << 2;
    QTest::newRow("error") << QStringLiteral("error") << 1;
}

void TestLogging::leavesOutWhatIsBelowTheLevel()
{
    QFETCH(QString, level);
    const auto parsed = parseLogLevel(level);
    CF_VERIFY_OK(parsed);
    const QByteArray written = captured({LogFormat::Text, *parsed}, logOnEveryLevel);
    QTEST(static_cast<int>(written.count('\n')), "lines");
    QVERIFY(written.contains(" ERROR   default: an error\n"));
}

void TestLogging::carriesCategoryAndFields()
{
    const QByteArray written = captured({LogFormat::Json, LogLevel::Info}, [] {
        logEvent(LogLevel::Info, "gateway", QStringLiteral("sent 100 % ü"), {{QStringLiteral("attempt"), 2}});
        qInfo("without fields");
    });
    const QList<QByteArray> lines = written.split('\n');
    QCOMPARE(lines.size(), 3);
    const QJsonObject first = QJsonDocument::fromJson(lines.at(0)).object();
    QCOMPARE(first.value(QStringLiteral("category")).toString(), QStringLiteral("gateway"));
    QCOMPARE(first.value(QStringLiteral("message")).toString(), QStringLiteral("sent 100 % ü"));
    QCOMPARE(first.value(QStringLiteral("attempt")).toInt(), 2);
    QVERIFY(UtcTime::fromIso(first.value(QStringLiteral("time")).toString()).has_value());
    QVERIFY(!QJsonDocument::fromJson(lines.at(1)).object().contains(QStringLiteral("attempt")));
}

void TestLogging::refusesUnknownNames()
{
    CF_COMPARE_ERROR(parseLogFormat(QStringLiteral("xml")), ErrorCode::ConfigurationInvalid);
    CF_COMPARE_ERROR(parseLogFormat(QStringLiteral("JSON")), ErrorCode::ConfigurationInvalid);
    CF_COMPARE_ERROR(parseLogLevel(QStringLiteral("")), ErrorCode::ConfigurationInvalid);
    CF_COMPARE_ERROR(parseLogLevel(QStringLiteral("fatal")), ErrorCode::ConfigurationInvalid);
}

QTEST_GUILESS_MAIN(TestLogging)

#include "tst_logging.moc"
