// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slowness.h"
#include "tests/views/console_fixture.h"
#include "views/desk/action_list.h"
#include "views/desk/order_offers.h"
#include "views/orders/order_page.h"
#include "views/orders/order_story.h"
#include "views/widgets/data_table.h"
#include "views/widgets/notice_strip.h"
#include "views/widgets/payload_viewer.h"
#include "views/widgets/timeline.h"

#include <QElapsedTimer>
#include <QTabWidget>
#include <QTreeView>

using namespace counterfoil;

class TestOrderPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_console = std::make_unique<ConsoleFixture>(20);
        QVERIFY(m_console->open());
    }
    void cleanupTestCase() { m_console.reset(); }
    void init() { failOnWarnings(); }

    void showsEverythingAboutAnOrder()
    {
        OrderPage* page = open(SampleShop::ordinaryOrder);
        const QTabWidget* tabs = page->tabs();
        QStringList names;
        for (int i = 0; i < tabs->count(); ++i) {
            names << tabs->tabText(i);
        }
        QCOMPARE(names, (QStringList{QStringLiteral("Items  2"), QStringLiteral("Payments  1"), QStringLiteral("Gateway  1"), QStringLiteral("Callbacks  1"),
                                     QStringLiteral("Postings  3"), QStringLiteral("Jobs  1"), QStringLiteral("Cases")}));
        QCOMPARE(page->findChild<Timeline*>()->model()->rowCount(), 5);
        QVERIFY(!page->findChild<NoticeStrip*>()->isVisible());
        QVERIFY(m_console->window->windowTitle().startsWith(QStringLiteral("CA-2024-9000")));
        auto* items = page->findChild<QTreeView*>();
        QCOMPARE(items->model()->rowCount(), 1);
        QCOMPARE(items->model()->rowCount(items->model()->index(0, 0)), 2);
        QVERIFY(items->isExpanded(items->model()->index(0, 0)));
    }

    void showsRequestAndAnswerOfTheLastAttempt()
    {
        OrderPage* page = open(SampleShop::ordinaryOrder);
        page->tabs()->setCurrentIndex(2);
        const auto viewers = page->tabs()->currentWidget()->findChildren<PayloadViewer*>();
        QCOMPARE(viewers.size(), 2);
        QTRY_VERIFY(viewers[0]->shownText().contains(QStringLiteral("POST /v1/payment_intents")));
        QTRY_VERIFY(viewers[1]->shownText().contains(QStringLiteral("  \"amount\": 10500,")));
    }

    void saysThatACaseIsOpenAndLeadsToIt()
    {
        OrderPage* page = open(SampleShop::conflictedOrder);
        auto* notice = page->findChild<NoticeStrip*>();
        QVERIFY(notice->isVisible());
        Q_EMIT notice->actionTriggered();
        QCOMPARE(page->tabs()->currentIndex(), 6);
    }

    void opensACaseOnEnter()
    {
        OrderPage* page = open(SampleShop::conflictedOrder);
        page->tabs()->setCurrentIndex(6);
        auto* cases = qobject_cast<DataTable*>(page->tabs()->currentWidget());
        QCOMPARE(cases->model()->rowCount(), 1);
        cases->selectRow(0);
        QTest::keyClick(cases, Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location().page, QStringLiteral("case"));
    }

    void everyActionThatIsNotAllowedSaysWhy()
    {
        OrderPage* page = open(SampleShop::ordinaryOrder);
        for (const CommandKind kind : orderCommands()) {
            const QPushButton* button = page->actions()->button(kind);
            QCOMPARE(button->isEnabled(), button->accessibleDescription().isEmpty());
            QCOMPARE(button->isEnabled(), button->toolTip().isEmpty());
            QVERIFY(!button->accessibleName().isEmpty());
        }
        // Nobody works at this console.
        QVERIFY(!page->actions()->button(CommandKind::Refund)->isEnabled());
    }

    void opensTheAccountOfAPosting()
    {
        OrderPage* page = open(SampleShop::ordinaryOrder);
        page->tabs()->setCurrentIndex(4);
        auto* table = qobject_cast<DataTable*>(page->tabs()->currentWidget());
        table->selectRow(1);
        QTest::keyClick(table, Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("account"), SampleShop::merchantAccount}));
    }

    void showsHostileTextPlainlyAndQuickly()
    {
        QElapsedTimer clock;
        clock.start();
        OrderPage* page = open(SampleShop::hostileOrder);
        for (int tab = 0; tab < page->tabs()->count(); ++tab) {
            page->tabs()->setCurrentIndex(tab);
            page->grab();
        }
        QVERIFY2(clock.elapsed() < 4000 * slowness, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(m_console->window->windowTitle().startsWith(QStringLiteral("<img")));
    }

    void saysWhenAnOrderIsNotThere()
    {
        m_console->window->openOrder(OrderId(424'242));
        QVERIFY(m_console->settled());
        QVERIFY(!m_console->page<OrderPage>()->tabs()->isVisible());
        open(SampleShop::ordinaryOrder);
        QVERIFY(m_console->page<OrderPage>()->tabs()->isVisible());
    }

    void dropsTheAnswerToAnOlderQuestion()
    {
        m_console->window->openOrder(OrderId(SampleShop::conflictedOrder));
        m_console->window->openOrder(OrderId(SampleShop::ordinaryOrder));
        QVERIFY(m_console->settled());
        QVERIFY(m_console->window->windowTitle().startsWith(QStringLiteral("CA-2024-9000")));
    }

    void theWayEndsAtThePresentState_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<int>("ahead");
        QTest::newRow("shipped") << QStringLiteral("shipped") << 1;
        QTest::newRow("created") << QStringLiteral("created") << 5;
        QTest::newRow("completed") << QStringLiteral("completed") << 0;
        QTest::newRow("expired") << QStringLiteral("expired") << 0;
        QTest::newRow("own state") << QStringLiteral("my_own_state") << 0;
    }
    void theWayEndsAtThePresentState()
    {
        QFETCH(QString, state);
        QFETCH(int, ahead);
        OrderDetail detail;
        detail.order.state = state;
        detail.order.stateSince = UtcTime(1'000'000);
        const auto stops = stopsOf(detail, UtcTime(61'000'000));
        QCOMPARE(static_cast<int>(std::ranges::count(stops, true, &StateStop::present)), 1);
        QCOMPARE(static_cast<int>(std::ranges::count_if(stops, [](const StateStop& stop) { return stop.entered.isNone(); })), ahead);
    }

private:
    OrderPage* open(qint64 order)
    {
        m_console->window->openOrder(OrderId(order));
        if (!m_console->settled()) {
            qFatal("the order page was not complete in time");
        }
        return m_console->page<OrderPage>();
    }

    std::unique_ptr<ConsoleFixture> m_console;
};

QTEST_MAIN(TestOrderPage)
#include "tst_order_page.moc"
