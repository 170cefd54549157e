// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/orders_table.h"
#include "tests/support/sample_rows.h"
#include "tests/support/slowness.h"
#include "tests/views/console_fixture.h"
#include "views/orders/order_page.h"
#include "views/orders/orders_page.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/filter_bar.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

using namespace counterfoil;

class TestOrdersPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        m_console = std::make_unique<ConsoleFixture>(330);
        QVERIFY(m_console->open());
        m_console->window->pages().go({QStringLiteral("orders"), 0});
        QVERIFY(m_console->settled());
        m_page = m_console->page<OrdersPage>();
        QVERIFY(m_page != nullptr);
    }
    void cleanup() { m_console.reset(); }

    void listsTheNewestFirst()
    {
        const QAbstractItemModel* model = m_page->table()->model();
        QCOMPARE(model->rowCount(), 333);
        QCOMPARE(model->index(0, static_cast<int>(OrderColumn::OrderNo)).data().toString(), QStringLiteral("<img src='/dev/zero'>"));
        QCOMPARE(model->index(1, static_cast<int>(OrderColumn::OrderNo)).data().toString(), QStringLiteral("CA-2024-9001"));
    }

    void filtersByStateAndRemovesTheChipWithTheKeyboard()
    {
        OrderFilter filter;
        filter.states = {QStringLiteral("review")};
        m_page->setFilter(filter);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 2);
        auto* bar = m_page->findChild<FilterBar*>();
        QCOMPARE(bar->chips().size(), 1);
        QPushButton* chip = nullptr;
        for (QPushButton* button : bar->findChildren<QPushButton*>()) {
            chip = button->property("chip").toBool() ? button : chip;
        }
        QVERIFY(chip != nullptr);
        QTest::keyClick(chip, Qt::Key_Delete);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 333);
        QVERIFY(bar->chips().isEmpty());
    }

    void goesFromTheTableToTheSearchWithAKey()
    {
        QVERIFY(QTest::qWaitForWindowActive(m_console->window.get()));
        m_page->table()->setFocus();
        QTRY_VERIFY(m_page->table()->hasFocus());
        QTest::keySequence(m_page->table(), QKeySequence(QKeySequence::Find));
        QTRY_VERIFY(m_page->findChild<FilterBar*>()->search()->hasFocus());
    }

    void searchesWhatIsTyped()
    {
        auto* search = m_page->findChild<FilterBar*>()->search();
        QTest::keyClicks(search, QStringLiteral("CA-2024-9001"));
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(m_page->filter().freeText, QStringLiteral("CA-2024-9001"));
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 1);
    }

    void saysWhenNothingMatchesAndOffersToClear()
    {
        OrderFilter filter;
        filter.freeText = QStringLiteral("no such order");
        m_page->setFilter(filter);
        QVERIFY(m_console->settled());
        EmptyState* empty = m_page->table()->emptyState();
        QTRY_VERIFY(empty->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 333);
        QVERIFY(!empty->isVisible());
    }

    void opensTheOrderWithEnter()
    {
        m_page->table()->selectRow(1);
        QTest::keyClick(m_page->table(), Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("order"), SampleShop::conflictedOrder}));
    }

    void copiesRowsAsText()
    {
        m_page->table()->selectRow(1);
        QTest::keyClick(m_page->table(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.contains(QStringLiteral("CA-2024-9001\t")));
        QVERIFY(copied.contains(QStringLiteral("105.00")));
    }

    void keepsSelectionAndScrollWhenOthersWrite()
    {
        DataTable* table = m_page->table();
        table->clearSelection();
        table->selectRow(40);
        table->verticalScrollBar()->setValue(30);
        const QString chosen = table->currentIndex().siblingAtColumn(static_cast<int>(OrderColumn::OrderNo)).data().toString();
        QVERIFY(m_console->settled());
        Order fresh = sampleOrder(50'000, CustomerId(1));
        fresh.placedAt = fresh.createdAt = fresh.stateSince = m_console->clock.now();
        CF_VERIFY_OK(insertRow(m_console->database->writer(), fresh));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 334, 10'000);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(table->currentIndex().siblingAtColumn(static_cast<int>(OrderColumn::OrderNo)).data().toString(), chosen);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QVERIFY(table->verticalScrollBar()->value() > 0);
    }

    void drawsHostileNamesPlainlyAndQuickly()
    {
        QElapsedTimer clock;
        clock.start();
        m_page->grab();
        QVERIFY2(clock.elapsed() < 1500 * slowness, qPrintable(QString::number(clock.elapsed())));
        const QString buyer = m_page->table()->model()->index(0, static_cast<int>(OrderColumn::Buyer)).data().toString();
        QVERIFY(buyer.startsWith(QStringLiteral("<img")));
        QVERIFY(buyer.size() <= 257);
        QVERIFY(!buyer.contains(QChar(0x202e)));
    }

    void paintsAFrameOfTheTable()
    {
        m_console->window->resize(1920, 1080);
        QVERIFY(m_console->settled());
        QWidget* viewport = m_page->table()->viewport();
        QImage image(viewport->size(), QImage::Format_ARGB32_Premultiplied);
        QBENCHMARK {
            viewport->render(&image);
        }
    }

    void sortsOnlyWhereAnIndexServes()
    {
        QVERIFY(OrdersTable::isSortable(static_cast<int>(OrderColumn::PlacedAt)));
        QVERIFY(!OrdersTable::isSortable(static_cast<int>(OrderColumn::Payable)));
    }

private:
    std::unique_ptr<ConsoleFixture> m_console;
    OrdersPage* m_page = nullptr;
};

QTEST_MAIN(TestOrdersPage)
#include "tst_orders_page.moc"
