// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/database_setup.h"
#include "models/store/administration.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QTest>

using namespace counterfoil;

/// What a program does with the database of an older one.
class TestDatabaseSetup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void aNewerWorkflowIsTheNextRevision_data() { TestDatabase::addKindRows(); }
    void aNewerWorkflowIsTheNextRevision()
    {
        QFETCH(const DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        CF_VERIFY_OK(publishWorkflow(database->writer(), order, QStringLiteral("<scxml/>"), QStringLiteral("system"), clock.now()));
        for (int i = 0; i < 2; ++i) {
            CF_VERIFY_OK(setUpDatabase(database->url(), QStringLiteral("sandbox"), clock));
            const auto revisions = publishedWorkflows(database->writer());
            CF_VERIFY_OK(revisions);
            QCOMPARE(revisions->size(), std::size_t{2});
            QCOMPARE(revisions->front().scxml, QStringLiteral("<scxml/>"));
            QVERIFY(revisions->back().scxml.contains(QStringLiteral("refund.start")));
        }
        QCOMPARE(*publishBuiltInWorkflow(database->writer(), clock), 2);
    }

    void whatAShopPublishedIsLeftAlone_data() { TestDatabase::addKindRows(); }
    void whatAShopPublishedIsLeftAlone()
    {
        QFETCH(const DatabaseKind, kind);
        const auto database = TestDatabase::create(kind);
        CF_VERIFY_OK(setUpDatabase(database->url(), QStringLiteral("sandbox"), clock));
        CF_VERIFY_OK(publishWorkflow(database->writer(), order, QStringLiteral("<scxml/>"), QStringLiteral("ada"), clock.now()));
        CF_VERIFY_OK(setUpDatabase(database->url(), QStringLiteral("sandbox"), clock));
        QCOMPARE(publishedWorkflows(database->writer())->size(), std::size_t{2});
        QCOMPARE(*publishBuiltInWorkflow(database->writer(), clock), 0);
    }

private:
    const QString order = QStringLiteral("order");
    const SystemClock clock;
};

QTEST_GUILESS_MAIN(TestDatabaseSetup)
#include "tst_database_setup.moc"
