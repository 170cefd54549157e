// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/job_queue_columns.h"
#include "models/tables/roles.h"
#include "tests/support/sample_rows.h"
#include "tests/views/console_fixture.h"
#include "views/jobs/job_details.h"
#include "views/jobs/jobs_page.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/filter_bar.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace counterfoil;

namespace {

QString factOf(const DetailPane* pane, const QString& name)
{
    for (const Fact& fact : pane->facts()->facts()) {
        if (fact.name == name) {
            return fact.value;
        }
    }
    return {};
}

} // namespace

class TestJobsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        show(12);
    }
    void cleanup() { m_console.reset(); }

    void listsWhatComesNextFirst()
    {
        QCOMPARE(rows(), 7);
        QCOMPARE(textAt(0, JobQueueColumn::State), QStringLiteral("Parked"));
        QCOMPARE(textAt(6, JobQueueColumn::Kind), QStringLiteral("Release a settlement"));
        QVERIFY(textAt(6, JobQueueColumn::When).startsWith(QStringLiteral("in ")));
        QCOMPARE(m_page->parkedWords(), QStringLiteral("1 parked"));
        QVERIFY2(m_page->summary().contains(QStringLiteral("1 running")), qPrintable(m_page->summary()));
    }

    void showsTheChosenJobWithItsErrorAndTheWayToItsOrder()
    {
        QVERIFY(m_page->details()->hasSubject());
        QVERIFY(factOf(m_page->details(), QStringLiteral("Last error")).contains(QStringLiteral("no such payment")));
        QCOMPARE(factOf(m_page->details(), QStringLiteral("Error class")), QStringLiteral("Permanent"));
        QTest::mouseClick(m_page->details()->orderButton(), Qt::LeftButton);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("order"), 2'000}));
    }

    void opensTheOrderWithEnter()
    {
        m_page->table()->selectRow(6);
        QTest::keyClick(m_page->table(), Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location().page, QStringLiteral("order"));
    }

    void filtersByStateAndKindAndTakesChipsOut()
    {
        auto* bar = m_page->findChild<FilterBar*>();
        tick(QStringLiteral("Parked"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(bar->chips().size(), 1);
        tick(QStringLiteral("Release a settlement"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 0);
        QCOMPARE(bar->chips().size(), 2);
        QTRY_VERIFY(m_page->table()->emptyState()->isVisible());
        Q_EMIT bar->chipRemoved(bar->chips().first().key);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 2);
        Q_EMIT bar->cleared();
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 7);
    }

    void listsWhatIsOverOnlyWhenAsked()
    {
        tick(QStringLiteral("Done"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(textAt(0, JobQueueColumn::State), QStringLiteral("Done"));
    }

    void searchesAnOrderAndClearsFromTheEmptyState()
    {
        auto* search = m_page->findChild<FilterBar*>()->search();
        QTest::keyClicks(search, QStringLiteral("CA-2024-2000"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 1);
        QTest::keyClicks(search, QStringLiteral("x"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(m_console->settled());
        EmptyState* empty = m_page->table()->emptyState();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(!m_page->details()->hasSubject());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 7);
        QVERIFY(search->text().isEmpty());
    }

    void keepsWhatIsChosenWhenOthersComeInFrontOfIt()
    {
        m_page->table()->selectRow(3);
        QVERIFY(m_console->settled());
        const QString chosen = factOf(m_page->details(), QStringLiteral("Id"));
        Job job;
        job.id = JobId(1);
        job.dedupeKey = QStringLiteral("new");
        job.dueAt = job.createdAt = m_console->clock.now() - Duration::hours(90);
        CF_VERIFY_OK(insertRow(m_console->database->writer(), job));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 8, 10'000);
        QVERIFY(m_console->settled());
        QCOMPARE(factOf(m_page->details(), QStringLiteral("Id")), chosen);
        QTRY_COMPARE(m_page->table()->currentIndex().data(IdRole).toString(), chosen);
        QCOMPARE(m_page->table()->selectionModel()->selectedRows().size(), 1);
    }

    void keepsShowingAJobThatWasDoneMeanwhile()
    {
        m_page->table()->selectRow(2);
        QVERIFY(m_console->settled());
        const qint64 id = m_page->table()->currentIndex().data(IdValueRole).toLongLong();
        CF_VERIFY_OK(m_console->database->writer().execute(QStringLiteral("UPDATE job SET state = 'done', epoch = 41 WHERE id = ?"), {id}));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 6, 10'000);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(factOf(m_page->details(), QStringLiteral("Claims")), QStringLiteral("41"));
        QCOMPARE(factOf(m_page->details(), QStringLiteral("Id")), JobId(id).toText());
        QTRY_VERIFY(m_page->table()->selectionModel()->selectedRows().isEmpty());
    }

    void saysWhyItIsEmpty()
    {
        show(-1);
        QTRY_VERIFY(m_page->table()->emptyState()->isVisible());
        QVERIFY(!m_page->details()->hasSubject());
        QCOMPARE(m_page->summary(), QStringLiteral("Nothing is due now"));
    }

    void saysHowUrgentTheQueueIs()
    {
        const UtcTime now = sampleTime + Duration::hours(2);
        JobSummary summary;
        QVERIFY(!queueLine(summary, now).isLate);
        summary.dueNow = 3;
        summary.oldestDue = now - Duration::seconds(5);
        QVERIFY(!queueLine(summary, now).isLate);
        summary.oldestDue = sampleTime;
        QVERIFY(queueLine(summary, now).isLate);
        QVERIFY(queueLine(summary, now).text.contains(QStringLiteral("2 h")));
        QVERIFY(queueLine(summary, now).parked.isEmpty());
        summary.parked = 2;
        QCOMPARE(queueLine(summary, now).parked, QStringLiteral("2 parked"));
    }

private:
    void show(int orders)
    {
        m_console = std::make_unique<ConsoleFixture>(orders);
        QVERIFY(m_console->open());
        m_console->window->pages().go({QStringLiteral("jobs"), 0});
        QVERIFY(m_console->settled());
        m_page = m_console->page<JobsPage>();
        QVERIFY(m_page != nullptr);
    }

    int rows() const { return m_page->table()->model()->rowCount(); }
    QString textAt(int row, JobQueueColumn column) const { return m_page->table()->model()->index(row, static_cast<int>(column)).data().toString(); }

    void tick(const QString& word)
    {
        for (const QMenu* menu : m_page->findChildren<QMenu*>()) {
            for (QAction* action : menu->actions()) {
                if (action->text() == word) {
                    action->trigger();
                    return;
                }
            }
        }
        QFAIL(qPrintable(QStringLiteral("no filter is called %1").arg(word)));
    }

    std::unique_ptr<ConsoleFixture> m_console;
    JobsPage* m_page = nullptr;
};

QTEST_MAIN(TestJobsPage)
#include "tst_jobs_page.moc"
