// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/audit_columns.h"
#include "models/tables/roles.h"
#include "tests/support/sample_rows.h"
#include "tests/views/console_fixture.h"
#include "views/audit/audit_page.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/payload_viewer.h"

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

class TestAuditPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        show(12);
    }
    void cleanup() { m_console.reset(); }

    void listsTheNewestFirstWithBeforeAndAfter()
    {
        QCOMPARE(rows(), 9);
        QCOMPARE(textAt(0, AuditColumn::Actor), QStringLiteral("maria"));
        QCOMPARE(factOf(m_page->details(), QStringLiteral("Reason")), QStringLiteral("the buyer called: sent twice by mistake"));
        QTRY_VERIFY(m_page->before()->shownText().contains(QStringLiteral("\"state\": \"parked\"")));
        QTRY_VERIFY(m_page->after()->shownText().contains(QStringLiteral("\"state\": \"ready\"")));
    }

    void showsWhatWasNotThereBeforeAsNothing()
    {
        m_page->table()->selectRow(rows() - 1);
        QVERIFY(m_console->settled());
        QCOMPARE(textAt(rows() - 1, AuditColumn::Action), QStringLiteral("order.created"));
        QTRY_COMPARE(m_page->after()->shownText(), QStringLiteral("105.00 USD"));
        QCOMPARE(m_page->before()->shownText(), QString());
        QCOMPARE(factOf(m_page->details(), QStringLiteral("By")), QStringLiteral("Shop API (shop) · api:shop"));
    }

    void opensTheOrderWithEnterAndFromItsPart()
    {
        m_page->table()->selectRow(rows() - 1);
        QTest::keyClick(m_page->table(), Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("order"), SampleShop::ordinaryOrder}));
    }

    void opensTheAccount()
    {
        m_page->setFilter({.action = QStringLiteral("account.")});
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 1);
        QVERIFY(m_console->settled());
        QPushButton* button = named(QStringLiteral("Open the account"));
        QVERIFY(button != nullptr && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("account"), SampleShop::walletAccount}));
    }

    void showsAllOfOneSubject()
    {
        m_page->table()->selectRow(rows() - 1);
        QVERIFY(m_console->settled());
        QTest::mouseClick(named(QStringLiteral("All of this subject")), Qt::LeftButton);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 6);
        QCOMPARE(search()->text(), OrderId(SampleShop::ordinaryOrder).toText());
        QVERIFY(!named(QStringLiteral("All of this subject"))->isEnabled());
    }

    void filtersByWhoWhatAndWhen()
    {
        auto* bar = m_page->findChild<FilterBar*>();
        trigger(QStringLiteral("Worker"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 6);
        trigger(QStringLiteral("Cases"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 1);
        trigger(QStringLiteral("Today"));
        QVERIFY(m_console->settled());
        QCOMPARE(bar->chips().size(), 3);
        QCOMPARE(bar->chips()[1].text, QStringLiteral("Action case…"));
        Q_EMIT bar->chipRemoved(QStringLiteral("date"));
        Q_EMIT bar->chipRemoved(QStringLiteral("actor"));
        QVERIFY(m_console->settled());
        QCOMPARE(m_page->filter(), (AuditFilter{.action = QStringLiteral("case.")}));
        Q_EMIT bar->cleared();
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 9);
    }

    void searchesAPastedIdAndClearsFromTheEmptyState()
    {
        QTest::keyClicks(search(), QStringLiteral("CA-2024-9000"));
        QTest::keyClick(search(), Qt::Key_Return);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 6);
        m_page->setFilter({.actor = QStringLiteral("nobody")});
        QVERIFY(m_console->settled());
        EmptyState* empty = m_page->table()->emptyState();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(!m_page->details()->hasSubject());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(rows(), 9);
    }

    void keepsTheChosenRowWhenOthersAreWritten()
    {
        m_page->table()->selectRow(4);
        QVERIFY(m_console->settled());
        const QString chosen = factOf(m_page->details(), QStringLiteral("Id"));
        CF_VERIFY_OK(insertRow(m_console->database->writer(), AuditEvent{AuditEventId(9'000'000), m_console->clock.now(), QStringLiteral("worker"), QStringLiteral("case.opened"),
                                                                         QStringLiteral("x"), QString(), QString(), QString()}));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 10, 10'000);
        QVERIFY(m_console->settled());
        QCOMPARE(factOf(m_page->details(), QStringLiteral("Id")), chosen);
        QTRY_COMPARE(m_page->table()->currentIndex().data(IdRole).toString(), chosen);
    }

    void showsHostileTextPlainly()
    {
        CF_VERIFY_OK(insertRow(m_console->database->writer(), AuditEvent{AuditEventId(9'000'000), m_console->clock.now(), hostileText(), hostileText(), hostileText(), hostileText(),
                                                                         hostileText(), hostileText()}));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 10, 10'000);
        m_page->table()->selectRow(0);
        QVERIFY(m_console->settled());
        m_page->grab();
        QVERIFY(factOf(m_page->details(), QStringLiteral("Reason")).startsWith(QStringLiteral("<img")));
        QTRY_VERIFY(m_page->before()->shownText().contains(QStringLiteral("\\u202e")));
    }

    void saysWhyItIsEmpty()
    {
        show(-1);
        QTRY_VERIFY(m_page->table()->emptyState()->isVisible());
        QVERIFY(!m_page->details()->hasSubject());
    }

private:
    void show(int orders)
    {
        m_console = std::make_unique<ConsoleFixture>(orders);
        QVERIFY(m_console->open());
        m_console->window->pages().go({QStringLiteral("audit"), 0});
        QVERIFY(m_console->settled());
        m_page = m_console->page<AuditPage>();
        QVERIFY(m_page != nullptr);
    }

    int rows() const { return m_page->table()->model()->rowCount(); }
    QString textAt(int row, AuditColumn column) const { return m_page->table()->model()->index(row, static_cast<int>(column)).data().toString(); }
    QLineEdit* search() const { return m_page->findChild<FilterBar*>()->search(); }

    QPushButton* named(const QString& text) const
    {
        for (QPushButton* button : m_page->details()->findChildren<QPushButton*>()) {
            if (button->text() == text) {
                return button;
            }
        }
        return nullptr;
    }

    void trigger(const QString& word)
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
    AuditPage* m_page = nullptr;
};

QTEST_MAIN(TestAuditPage)
#include "tst_audit_page.moc"
