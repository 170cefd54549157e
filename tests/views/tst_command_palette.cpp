// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/console_fixture.h"

#include <QLineEdit>
#include <QListView>

using namespace counterfoil;

class TestCommandPalette : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_console = std::make_unique<ConsoleFixture>(20);
        QVERIFY(m_console->open());
        QVERIFY(QTest::qWaitForWindowActive(m_console->window.get()));
    }
    void cleanupTestCase() { m_console.reset(); }
    void init()
    {
        failOnWarnings();
        m_console->window->pages().go({QStringLiteral("overview"), 0});
    }

    void opensWithCtrlKAndClosesWithEscape()
    {
        QTest::keyClick(m_console->window.get(), Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(palette().isVisible());
        QTRY_VERIFY(palette().field()->hasFocus());
        QTest::keyClick(palette().field(), Qt::Key_Escape);
        QVERIFY(!palette().isVisible());
    }

    void listsCommandsAtOnce()
    {
        palette().open();
        const int all = palette().resultCount();
        QVERIFY(all >= 6);
        QTest::keyClicks(palette().field(), QStringLiteral("acc"));
        QVERIFY(palette().resultCount() < all);
        QTest::keyClick(palette().field(), Qt::Key_Return);
        QCOMPARE(m_console->window->pages().location().page, QStringLiteral("accounts"));
        QVERIFY(!palette().isVisible());
    }

    void findsWhatIsInTheDatabase_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::newRow("id") << OrderId(SampleShop::conflictedOrder).toText();
        QTest::newRow("id in capitals") << OrderId(SampleShop::conflictedOrder).toText().toUpper().replace(QStringLiteral("ORD_"), QStringLiteral("ord_"));
        QTest::newRow("order number") << QStringLiteral("CA-2024-9001");
    }
    void findsWhatIsInTheDatabase()
    {
        QFETCH(QString, typed);
        palette().open();
        palette().field()->setText(typed);
        QTRY_VERIFY(palette().isSettled() && palette().resultCount() > 0);
        QTest::keyClick(palette().field(), Qt::Key_Return);
        QCOMPARE(m_console->window->pages().location(), (Location{QStringLiteral("order"), SampleShop::conflictedOrder}));
    }

    void findsAnAmount()
    {
        palette().open();
        palette().field()->setText(QStringLiteral("105.00"));
        QTRY_VERIFY(palette().isSettled() && palette().resultCount() > 0);
        QTest::keyClick(palette().field(), Qt::Key_Escape);
    }

    void nonsenseFindsNothingAndEnterDoesNothing()
    {
        palette().open();
        palette().field()->setText(QStringLiteral("<script>'; DROP TABLE orders; --"));
        QTRY_VERIFY(palette().isSettled());
        QCOMPARE(palette().resultCount(), 0);
        QTest::keyClick(palette().field(), Qt::Key_Return);
        QVERIFY(palette().isVisible());
        QCOMPARE(m_console->window->pages().location().page, QStringLiteral("overview"));
        QTest::keyClick(palette().field(), Qt::Key_Escape);
    }

    void arrowsMoveTheChoice()
    {
        palette().open();
        auto* list = palette().findChild<QListView*>();
        QCOMPARE(list->currentIndex().row(), 0);
        QTest::keyClick(palette().field(), Qt::Key_Down);
        QCOMPARE(list->currentIndex().row(), 1);
        QTest::keyClick(palette().field(), Qt::Key_Up);
        QTest::keyClick(palette().field(), Qt::Key_Up);
        QCOMPARE(list->currentIndex().row(), palette().resultCount() - 1);
        QTest::keyClick(palette().field(), Qt::Key_Escape);
    }

private:
    CommandPalette& palette() { return m_console->window->palettePanel(); }

    std::unique_ptr<ConsoleFixture> m_console;
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
