// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/operator_tables.h"
#include "tests/support/sample_rows.h"
#include "tests/views/console_fixture.h"
#include "tests/views/stand_still.h"
#include "tests/views/widget_walk.h"
#include "views/accounts/account_page.h"
#include "views/desk/approvals_page.h"
#include "views/desk/command_dialog.h"
#include "views/desk/interventions_page.h"
#include "views/desk/person_button.h"
#include "views/desk/request_dialog.h"
#include "views/desk/sign_in_dialog.h"
#include "views/gateway/gateway_page.h"
#include "views/orders/order_page.h"
#include "views/shell/info_dialogs.h"
#include "views/widgets/data_table.h"
#include "views/widgets/filter_dialogs.h"
#include "views/widgets/row_dialog.h"

#include <QAccessible>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>

namespace counterfoil {

namespace {

constexpr int ordersMade = 40;
constexpr qint64 commandId = 4'711;
const QString agent = QStringLiteral("ada");

OperatorCommand sampleCommand(UtcTime now)
{
    OperatorCommand command;
    command.id = CommandId(commandId);
    command.kind = CommandKind::Refund;
    command.order = OrderId(SampleShop::ordinaryOrder);
    command.subject = command.order.value();
    command.amount = usd(500);
    command.reason = QStringLiteral("came broken");
    command.requestedBy = agent;
    command.requestedAt = now;
    command.status = CommandStatus::Previewed;
    return command;
}

/// What opens a menu or a dialog waits for its end: `look` is called while it is open, and closes it.
template<class Look>
void whileOpen(Look look)
{
    QTimer::singleShot(0, qApp, look);
}

} // namespace

/// Every page, dialog and menu of the console as somebody meets it who has no mouse, or a screen reader.
class TestAccessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanupTestCase() { m_console.reset(); }

    void findsWhatStandsInTheWay();
    void everyPageWorksWithoutMouseAndEyes_data();
    void everyPageWorksWithoutMouseAndEyes();
    void everyRequestWorksWithoutMouseAndEyes_data();
    void everyRequestWorksWithoutMouseAndEyes();
    void everyDialogWorksWithoutMouseAndEyes_data();
    void everyDialogWorksWithoutMouseAndEyes();
    void thePaletteTakesTheKeyboardAndGivesItBack();
    void everyMenuHasWords();
    void aRowsMenuOpensByKey();
    void menusOpenByAScreenReadersAction();
    void aRowThatAScreenReaderSelectsIsTheChosenOne();
    void aProblemAtTheStartLeavesTheKeyboardSomewhere();

private:
    MainWindow& window() { return *m_console->window; }
    /// Shows it, looks for obstacles, and closes it with Escape.
    void examine(QDialog& dialog);
    QDialog* makeDialog(const QString& name);
    PageContext context()
    {
        return {ConsoleFixture::theme(), m_console->clock, *m_console->executor, m_navigator, m_console->desk.get()};
    }

    StandStill m_navigator;
    std::unique_ptr<ConsoleFixture> m_console;
};

void TestAccessibility::initTestCase()
{
    m_console = std::make_unique<ConsoleFixture>(ordersMade);
    CF_VERIFY_OK(insertRow(m_console->database->writer(), sampleCommand(m_console->clock.now())));
    QVERIFY(m_console->open());
    Person person;
    person.login = agent;
    person.name = QStringLiteral("Ada Lovelace");
    person.role = Role::Support;
    m_console->desk->workAs(person);
}

void TestAccessibility::init()
{
    failOnOurWarnings();
    window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
}

/// The checks themselves find something.
void TestAccessibility::findsWhatStandsInTheWay()
{
    QDialog bad;
    auto* layout = new QVBoxLayout(&bad);
    auto* unnamed = new QLineEdit(&bad);
    auto* first = new QPushButton(QStringLiteral("Do"), &bad);
    auto* second = new QPushButton(QStringLiteral("Do"), &bad);
    auto* label = new QLabel(QStringLiteral("<b>x</b>"), &bad);
    second->setFocusPolicy(Qt::ClickFocus);
    first->setToolTip(QStringLiteral("<img src=x>"));
    for (QWidget* widget : std::initializer_list<QWidget*>{unnamed, first, second, label}) {
        layout->addWidget(widget);
    }
    bad.show();
    QVERIFY(QTest::qWaitForWindowActive(&bad));
    QCOMPARE(nameless(&bad).size(), 1);
    QCOMPARE(alike(&bad).size(), 2);
    QCOMPARE(mouseOnly(&bad).size(), 1);
    QCOMPARE(readingMarkup(&bad).size(), 2);
    unnamed->setFocus();
    QCOMPARE(missedByTab(&bad), QStringList());
    first->setFocusPolicy(Qt::NoFocus);
    unnamed->clearFocus();
    QCOMPARE(missedByTab(&bad).size(), 1);
}

void TestAccessibility::everyPageWorksWithoutMouseAndEyes_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<qint64>("subject");
    QTest::addColumn<int>("tab");
    for (const char* page : {"overview", "interventions", "approvals", "orders", "accounts", "jobs", "audit", "administration"}) {
        QTest::newRow(page) << QString::fromLatin1(page) << qint64{0} << -1;
    }
    for (int tab = 0; tab < 4; ++tab) {
        QTest::addRow("gateway %d", tab) << QStringLiteral("gateway") << qint64{0} << tab;
    }
    for (int tab = 0; tab < 7; ++tab) {
        QTest::addRow("order %d", tab) << QStringLiteral("order") << SampleShop::ordinaryOrder << tab;
    }
    QTest::newRow("order with a case") << QStringLiteral("order") << SampleShop::conflictedOrder << 0;
    for (int tab = 0; tab < 3; ++tab) {
        QTest::addRow("account %d", tab) << QStringLiteral("account") << SampleShop::merchantAccount << tab;
    }
    QTest::newRow("case") << QStringLiteral("case") << qint64{-1} << -1;
}

void TestAccessibility::everyPageWorksWithoutMouseAndEyes()
{
    QFETCH(QString, page);
    QFETCH(qint64, subject);
    QFETCH(int, tab);
    if (page == QLatin1String("case")) {
        const auto cases = selectRows<InterventionCase>(m_console->database->reader(), QStringLiteral("WHERE kind = 'amount_conflict'"), {});
        subject = cases->front().id.value();
    }
    window().pages().go({page, subject});
    QVERIFY(m_console->settled());
    const Page* shown = window().pages().currentPage();
    QVERIFY2(QApplication::focusWidget() && shown->isAncestorOf(QApplication::focusWidget()), "the page that was opened doesn't have the keyboard");
    if (tab >= 0) {
        auto* tabs = shown->findChild<QTabWidget*>();
        QVERIFY(tab < tabs->count());
        tabs->tabBar()->setFocus();
        tabs->setCurrentIndex(tab);
        QVERIFY(m_console->settled());
    }
    const QStringList found = obstacles(&window());
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

void TestAccessibility::examine(QDialog& dialog)
{
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    const QStringList found = obstacles(&dialog);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    QVERIFY2(!dialog.windowTitle().isEmpty(), "a dialog without a title");
    const auto buttons = dialog.findChildren<QPushButton*>();
    QVERIFY2(std::ranges::any_of(buttons, [](const QPushButton* button) { return button->isVisible() && button->isDefault(); }), "Enter does nothing");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY2(!dialog.isVisible(), "Escape doesn't close it");
}

void TestAccessibility::everyRequestWorksWithoutMouseAndEyes_data()
{
    QTest::addColumn<CommandKind>("kind");
    for (const auto& [kind, name] : EnumNames<CommandKind>::names) {
        QTest::newRow(name) << kind;
    }
}

void TestAccessibility::everyRequestWorksWithoutMouseAndEyes()
{
    QFETCH(CommandKind, kind);
    RequestDraft draft;
    draft.kind = kind;
    draft.order = OrderId(SampleShop::ordinaryOrder);
    draft.amount = usd(1'000);
    draft.subjectWords = QStringLiteral("Order CA-2024-9000");
    RequestDialog dialog(context(), draft);
    examine(dialog);
}

void TestAccessibility::everyDialogWorksWithoutMouseAndEyes_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"command", "first administrator", "shortcuts", "about", "days", "text", "row"}) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

QDialog* TestAccessibility::makeDialog(const QString& name)
{
    const Theme& theme = ConsoleFixture::theme();
    if (name == QLatin1String("command")) {
        auto* dialog = new CommandDialog(context(), CommandId(commandId));
        return QTest::qWaitFor([dialog] { return dialog->isSettled(); }, 10'000) ? dialog : nullptr;
    }
    if (name == QLatin1String("first administrator")) {
        return new SignInDialog(theme, *m_console->desk);
    }
    if (name == QLatin1String("shortcuts")) {
        return new ShortcutsDialog(theme, window().commands());
    }
    if (name == QLatin1String("about")) {
        return new AboutDialog(theme, QStringLiteral("sqlite:shop.db"));
    }
    if (name == QLatin1String("days")) {
        return new DateRangeDialog(theme, {QStringLiteral("Placed between"), QStringLiteral("Show orders")});
    }
    if (name == QLatin1String("text")) {
        return new FilterTextDialog(theme, {QStringLiteral("Orders of a buyer"), QStringLiteral("Show orders")}, QStringLiteral("Buyer"), {});
    }
    window().pages().go({QStringLiteral("orders"), 0});
    return m_console->settled() ? new RowDialog(theme, QStringLiteral("Orders"), window().pages().currentPage()->findChild<DataTable*>()->model()->index(0, 0)) : nullptr;
}

void TestAccessibility::everyDialogWorksWithoutMouseAndEyes()
{
    QFETCH(QString, name);
    const std::unique_ptr<QDialog> dialog(makeDialog(name));
    QVERIFY(dialog != nullptr);
    examine(*dialog);
}

void TestAccessibility::thePaletteTakesTheKeyboardAndGivesItBack()
{
    window().pages().go({QStringLiteral("orders"), 0});
    QVERIFY(m_console->settled());
    const QWidget* before = QApplication::focusWidget();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_K, Qt::ControlModifier);
    CommandPalette& palette = window().palettePanel();
    QVERIFY(palette.isVisible());
    QCOMPARE(QApplication::focusWidget(), palette.field());
    QCOMPARE(nameless(&window()), QStringList());
    QTest::keyClick(palette.field(), Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
    QCOMPARE(QApplication::focusWidget(), before);
}

void TestAccessibility::everyMenuHasWords()
{
    for (const char* page : {"orders", "accounts", "jobs", "gateway", "audit"}) {
        window().pages().go({QString::fromLatin1(page), 0});
        QVERIFY(m_console->settled());
    }
    window().openOrder(OrderId(SampleShop::ordinaryOrder));
    QVERIFY(m_console->settled());
    int menus = 0;
    for (QMenu* menu : window().findChildren<QMenu*>()) {
        Q_EMIT menu->aboutToShow();
        QTRY_VERIFY2(!menu->actions().isEmpty(), qPrintable(menu->title()));
        QSet<QString> words;
        for (const QAction* action : menu->actions()) {
            const QString text = action->text().section(QLatin1Char('\t'), 0, 0);
            QVERIFY2(action->isSeparator() || !text.isEmpty(), qPrintable(menu->title()));
            QVERIFY2(action->isSeparator() || !words.contains(text), qPrintable(text));
            words.insert(text);
        }
        ++menus;
    }
    QVERIFY(menus >= 15);
}

void TestAccessibility::aRowsMenuOpensByKey()
{
    window().pages().go({QStringLiteral("interventions"), 0});
    QVERIFY(m_console->settled());
    DataTable* table = static_cast<InterventionsPage*>(window().pages().currentPage())->table();
    QStringList words;
    whileOpen([&words] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        for (const QAction* action : menu->actions()) {
            words << action->text();
        }
        menu->close();
    });
    QContextMenuEvent byKey(QContextMenuEvent::Keyboard, {}, {});
    QApplication::sendEvent(table->viewport(), &byKey);
    QVERIFY(words.contains(QStringLiteral("Open the case")));
    QVERIFY(words.contains(QStringLiteral("Claim it (C)")));
}

void TestAccessibility::menusOpenByAScreenReadersAction()
{
    auto* person = window().findChild<PersonButton*>();
    QAccessibleActionInterface* actions = QAccessible::queryAccessibleInterface(person)->actionInterface();
    QVERIFY(actions->actionNames().contains(QAccessibleActionInterface::showMenuAction()));
    bool opened = false;
    whileOpen([&opened] {
        opened = QApplication::activePopupWidget() != nullptr;
        QApplication::activePopupWidget()->close();
    });
    actions->doAction(QAccessibleActionInterface::showMenuAction());
    QVERIFY(opened);
}

void TestAccessibility::aRowThatAScreenReaderSelectsIsTheChosenOne()
{
    window().pages().go({QStringLiteral("interventions"), 0});
    QVERIFY(m_console->settled());
    auto* page = static_cast<InterventionsPage*>(window().pages().currentPage());
    QCOMPARE(page->table()->currentIndex().row(), 0);
    QAccessible::queryAccessibleInterface(page->table())->tableInterface()->selectRow(1);
    QCOMPARE(page->table()->currentIndex().row(), 1);
    QVERIFY(page->openButton()->isEnabled() && page->claimButton()->isEnabled());
    QAccessible::queryAccessibleInterface(page->openButton())->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    QTRY_COMPARE(window().pages().location().page, QStringLiteral("case"));
}

void TestAccessibility::aProblemAtTheStartLeavesTheKeyboardSomewhere()
{
    const SystemClock clock;
    DatabaseUrl url;
    url.path = QStringLiteral("/nonexistent/counterfoil.db");
    ReadExecutor executor(url);
    Desk desk(url, clock);
    MainWindow lost(ConsoleFixture::theme(), clock, executor, desk);
    lost.show();
    lost.start();
    QTRY_VERIFY(lost.hasProblem());
    QVERIFY(QTest::qWaitForWindowActive(&lost));
    const QStringList found = obstacles(&lost);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestAccessibility)
#include "tst_accessibility.moc"
