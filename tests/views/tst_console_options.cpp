// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console_options.h"
#include "tests/support/expect.h"

using namespace counterfoil;

class TestConsoleOptions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        qunsetenv("COUNTERFOIL_DATABASE");
    }

    void refusesWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown option") << QStringList{QStringLiteral("--frobnicate")};
        QTest::newRow("positional") << QStringList{QStringLiteral("file.db")};
        QTest::newRow("theme") << QStringList{QStringLiteral("--theme"), QStringLiteral("pink")};
        QTest::newRow("no value") << QStringList{QStringLiteral("--database")};
        QTest::newRow("url") << QStringList{QStringLiteral("--database"), QStringLiteral("oracle://x")};
        QTest::newRow("directory without demo") << QStringList{QStringLiteral("--directory"), QStringLiteral("/somewhere")};
        QTest::newRow("demo and database") << QStringList{QStringLiteral("--demo"), QStringLiteral("--database"), QStringLiteral("sqlite:/x.db")};
    }
    void refusesWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        CF_COMPARE_ERROR(ConsoleOptions::parse(QStringList{QStringLiteral("counterfoil")} + arguments), ErrorCode::ConfigurationInvalid);
    }

    void withoutOptionsItBringsItsOwnDatabase()
    {
        const auto options = ConsoleOptions::parse({QStringLiteral("counterfoil")});
        CF_VERIFY_OK(options);
        QVERIFY(options->embedded);
        QVERIFY(options->database.path.endsWith(QStringLiteral("/counterfoil/counterfoil.db")));
    }

    void takesTheDatabaseFromTheEnvironment()
    {
        qputenv("COUNTERFOIL_DATABASE", "sqlite:/somewhere/a.db");
        const auto options = ConsoleOptions::parse({QStringLiteral("counterfoil")});
        qunsetenv("COUNTERFOIL_DATABASE");
        CF_VERIFY_OK(options);
        QVERIFY(!options->embedded);
        QCOMPARE(options->database.path, QStringLiteral("/somewhere/a.db"));
    }

    void theDemoLivesInItsDirectory()
    {
        const auto options = ConsoleOptions::parse({QStringLiteral("counterfoil"), QStringLiteral("--demo"), QStringLiteral("--directory"), QStringLiteral("/somewhere")});
        CF_VERIFY_OK(options);
        QVERIFY(options->demo);
        QVERIFY(!options->embedded);
        QCOMPARE(options->database.path, QStringLiteral("/somewhere/counterfoil.db"));
    }

    void helpNamesEveryOption()
    {
        const auto options = ConsoleOptions::parse({QStringLiteral("counterfoil"), QStringLiteral("--help")});
        CF_VERIFY_OK(options);
        for (const char* name : {"--database", "--demo", "--directory", "--tour", "--theme", "--version"}) {
            QVERIFY2(options->printAndQuit.contains(QLatin1String(name)), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestConsoleOptions)
#include "tst_console_options.moc"
