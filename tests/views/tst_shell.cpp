// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/console_fixture.h"
#include "views/overview/overview_page.h"
#include "views/shell/environment_banner.h"
#include "views/shell/info_dialogs.h"
#include "views/widgets/data_table.h"
#include "views/widgets/filter_dialogs.h"
#include "views/widgets/row_dialog.h"
#include "views/widgets/status_words.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QStandardItemModel>

using namespace counterfoil;

namespace {

/// Focusable widgets without a name for a screen reader.
QStringList nameless(const QWidget* root)
{
    QStringList found;
    const auto widgets = root->findChildren<QWidget*>();
    for (const QWidget* widget : widgets) {
        // A button that its owner has put away until it has words.
        const bool putAway = qobject_cast<const QAbstractButton*>(widget) != nullptr && widget->isHidden();
        const bool ofQt = qobject_cast<const QMenuBar*>(widget) != nullptr || widget->objectName().startsWith(QLatin1String("qt_"));
        if (widget->focusPolicy() == Qt::NoFocus || putAway || ofQt) {
            continue;
        }
        // Parts that Qt makes inside a named widget.
        const QWidget* parent = widget->parentWidget();
        const bool innerPart = parent != nullptr && (parent->inherits("QComboBox") || parent->inherits("QComboBoxPrivateContainer") || parent->inherits("QAbstractSpinBox")
                                                     || parent->inherits("QLineEdit") || parent->inherits("QTabBar") || widget->inherits("QTabBar")
                                                     || widget->inherits("QComboBoxPrivateContainer") || widget->inherits("QMenu") || widget->inherits("QHeaderView"));
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool named = !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
        if (!innerPart && !named) {
            found << QStringLiteral("%1 '%2' in %3").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                                         parent != nullptr ? QString::fromLatin1(parent->metaObject()->className()) : QString());
        }
    }
    return found;
}

/// Labels that could turn data into rich text.
QStringList guessing(const QWidget* root)
{
    QStringList found;
    for (const QLabel* label : root->findChildren<QLabel*>()) {
        if (label->textFormat() != Qt::PlainText) {
            found << label->text();
        }
    }
    return found;
}

} // namespace

class TestShell : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void beginsWithTheOverviewAndBuildsOnlyThat()
    {
        ConsoleFixture console(12);
        QVERIFY(console.open());
        QVERIFY(console.page<OverviewPage>() != nullptr);
        QCOMPARE(console.window->pages().builtPages(), 1);
    }

    void aDatabaseFileHasOneWorkerAtATime()
    {
        const UtcTime now(1'000'000'000);
        SystemStatus status;
        status.workers = {{QStringLiteral("new"), 1, now, now, {}}, {QStringLiteral("stopped a moment ago"), 2, now, now - Duration::seconds(5), {}}};
        status.databaseKind = DatabaseKind::Postgresql;
        QCOMPARE(workerWords(status, now).text, QStringLiteral("2 workers running"));
        status.databaseKind = DatabaseKind::Sqlite;
        QCOMPARE(workerWords(status, now).text, QStringLiteral("Worker running"));
        QVERIFY(workerWords(status, now + Duration::seconds(60)).tone == Tone::Danger);
    }

    void aRowIsShownInFull()
    {
        QStandardItemModel model(1, 3);
        model.setHorizontalHeaderLabels({QStringLiteral("What"), QStringLiteral("Order"), QStringLiteral("Details")});
        const QString details = QString(900, QLatin1Char('x'));
        model.setItem(0, 0, new QStandardItem(QStringLiteral("<b>key</b>")));
        model.setItem(0, 2, new QStandardItem(details));
        QCOMPARE(RowDialog::textOf(model.index(0, 1)), QStringLiteral("What\n<b>key</b>\n\nDetails\n") + details);
        QCOMPARE(RowDialog::textOf({}), QString());
    }

    void everyInteractiveWidgetHasAName()
    {
        ConsoleFixture console(12);
        QVERIFY(console.open());
        MainWindow& window = *console.window;
        for (const char* page : {"overview", "orders", "accounts", "jobs", "gateway", "audit"}) {
            window.pages().go({QString::fromLatin1(page), 0});
            QVERIFY(console.settled());
        }
        window.openOrder(OrderId(SampleShop::ordinaryOrder));
        QVERIFY(console.settled());
        window.openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(console.settled());
        OrderFilter filter;
        filter.states = {QStringLiteral("shipped"), QStringLiteral("paid")};
        window.openOrders(filter);
        QVERIFY(console.settled());
        window.palettePanel().open();
        QCOMPARE(window.pages().builtPages(), 8);
        QVERIFY2(nameless(&window).isEmpty(), qPrintable(nameless(&window).join(QLatin1Char('\n'))));
        QCOMPARE(guessing(&window), QStringList());
    }

    void dialogsAreNamedToo()
    {
        ConsoleFixture console(0);
        ShortcutsDialog shortcuts(ConsoleFixture::theme(), console.window->commands());
        AboutDialog about(ConsoleFixture::theme(), QStringLiteral("<b>x</b>"));
        DateRangeDialog dates(ConsoleFixture::theme(), {QStringLiteral("Days"), QStringLiteral("Show")});
        FilterTextDialog buyer(ConsoleFixture::theme(), {QStringLiteral("Buyer"), QStringLiteral("Show")}, QStringLiteral("Buyer"), {});
        for (const QDialog* dialog : std::initializer_list<const QDialog*>{&shortcuts, &about, &dates, &buyer}) {
            QVERIFY2(nameless(dialog).isEmpty(), qPrintable(nameless(dialog).join(QLatin1Char('\n'))));
            QCOMPARE(guessing(dialog), QStringList());
        }
    }

    void goesBackAndForwardWithTheKeyboard()
    {
        ConsoleFixture console(12);
        QVERIFY(console.open());
        MainWindow& window = *console.window;
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(window.pages().location().page, QStringLiteral("orders"));
        window.openOrder(OrderId(SampleShop::ordinaryOrder));
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(window.pages().location().page, QStringLiteral("orders"));
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(window.pages().location().page, QStringLiteral("overview"));
        QVERIFY(!window.pages().canGoBack());
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(window.pages().location(), (Location{QStringLiteral("order"), SampleShop::ordinaryOrder}));
    }

    void saysSandboxInWords()
    {
        ConsoleFixture console(0);
        QVERIFY(console.open());
        QVERIFY(console.window->banner().isVisible());
        QVERIFY(console.window->banner().words().startsWith(QStringLiteral("SANDBOX")));
        console.window->banner().setEnvironment(QStringLiteral("something"));
        QVERIFY(console.window->banner().words().startsWith(QStringLiteral("NOT KNOWN")));
        console.window->banner().setEnvironment(QStringLiteral("live"));
        QVERIFY(console.window->banner().words().startsWith(QStringLiteral("LIVE")));
    }

    void saysWhenTheConnectionIsLostAndBack()
    {
        ConsoleFixture console(0);
        QVERIFY(console.open());
        Q_EMIT console.executor->connectionLost(QStringLiteral("test"));
        QVERIFY(console.window->banner().words().startsWith(QStringLiteral("CONNECTION LOST")));
        Q_EMIT console.executor->connectionRestored();
        QVERIFY(console.window->banner().words().startsWith(QStringLiteral("SANDBOX")));
    }

    void commandsHaveUniqueShortcuts()
    {
        ConsoleFixture console(0);
        QSet<QString> seen;
        for (const auto& entry : console.window->commands().available()) {
            for (const QKeySequence& keys : entry.action->shortcuts()) {
                QVERIFY2(!seen.contains(keys.toString()), qPrintable(keys.toString()));
                seen.insert(keys.toString());
            }
        }
        QVERIFY(seen.size() >= 6);
    }

    void aMissingDatabaseShowsWhatToDoNext()
    {
        const SystemClock clock;
        DatabaseUrl url;
        url.path = QStringLiteral("/nonexistent/counterfoil.db");
        ReadExecutor executor(url);
        Desk desk(url, clock);
        MainWindow window(ConsoleFixture::theme(), clock, executor, desk);
        window.show();
        window.start();
        QTRY_VERIFY(window.hasProblem());
        QVERIFY(!window.isOpen());
        QVERIFY2(nameless(&window).isEmpty(), qPrintable(nameless(&window).join(QLatin1Char('\n'))));
    }

    void anEmptyDatabaseShowsEmptyStates()
    {
        ConsoleFixture console(-1);
        QVERIFY(console.open());
        for (const char* page : {"orders", "accounts", "jobs", "gateway", "audit"}) {
            console.window->pages().go({QString::fromLatin1(page), 0});
            QVERIFY(console.settled());
        }
    }
};

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
