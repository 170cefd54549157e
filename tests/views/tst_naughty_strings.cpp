// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/audit.h"
#include "tests/support/sample_rows.h"
#include "tests/support/slowness.h"
#include "tests/views/console_fixture.h"
#include "tests/views/heartbeat.h"
#include "tests/views/naughty_shop.h"
#include "tests/views/stand_still.h"
#include "tests/views/widget_walk.h"
#include "views/accounts/accounts_page.h"
#include "views/audit/audit_page.h"
#include "views/desk/command_dialog.h"
#include "views/desk/request_dialog.h"
#include "views/orders/orders_page.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/row_dialog.h"
#include "views/widgets/timeline.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QLineEdit>
#include <QTabWidget>

#include <ctime>

namespace counterfoil {

namespace {

constexpr int patienceMs = 20'000 * slowness;
/// Of a page, with whatever is shown on it.
constexpr double stallMaxMs = 200.0 * slowness;
const QSize windowSize(1280, 720);

/// Once round, as the event loop of the program does it: what was to be deleted later is, too.
void turn()
{
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

} // namespace

/// Whatever people and machines send: it is shown as plain text, at once, and where it belongs.
class TestNaughtyStrings : public QObject {
    Q_OBJECT

public:
    /// Qt Test ends a function after five minutes, all its rows together; CTest has a limit for the whole.
    static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "3600000"); }

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanupTestCase() { m_console.reset(); }

    void theHeartbeatNoticesAStall();
    void listsShowThem_data();
    void listsShowThem();
    void ordersShowThem();
    void anOrderShowsAllOfThemAtOnce();
    void accountsShowThem();
    void casesShowThem();
    void commandsShowThem();
    void requestsShowThem();
    void filtersShowThem();
    void thePaletteShowsThem();
    void peopleAreCalledByThem();
    void everythingCanBeLookedAt();

private:
    MainWindow& window() { return *m_console->window; }
    Page* go(const QString& page, qint64 subject = 0, int tab = -1);
    bool settle();
    void spin(int ms);
    /// What holds whatever is shown: no markup, nothing invisible, no layout that gives way.
    void check(QWidget* shown, const QString& what);
    void checkStall(const QString& what);
    QMap<QString, int> widths();
    void shoot(QWidget& widget, const QString& name);
    PageContext context()
    {
        return {ConsoleFixture::theme(), m_console->clock, *m_console->executor, m_navigator, m_console->desk.get()};
    }
    qint64 count() const { return static_cast<qint64>(m_strings.size()); }

    std::vector<QString> m_strings;
    StandStill m_navigator;
    std::unique_ptr<ConsoleFixture> m_console;
    Heartbeat m_heartbeat;
    double m_longestMs = 0;
};

void TestNaughtyStrings::initTestCase()
{
    m_strings = naughtyStrings();
    QCOMPARE(m_strings.size(), std::size_t{516});
    m_console = std::make_unique<ConsoleFixture>(-1);
    CF_VERIFY_OK(fillNaughtyShop(m_console->database->writer(), m_strings, m_console->clock.now()));
    QVERIFY(m_console->open());
    window().resize(windowSize);
}

void TestNaughtyStrings::init()
{
    failOnOurWarnings();
    m_heartbeat.begin();
}

void TestNaughtyStrings::spin(int ms)
{
    const QDeadlineTimer deadline(ms);
    while (!deadline.hasExpired()) {
        turn();
    }
}

bool TestNaughtyStrings::settle()
{
    const QDeadlineTimer deadline(patienceMs);
    do {
        turn();
    } while (!window().pages().currentPage()->isSettled() && !deadline.hasExpired());
    return window().pages().currentPage()->isSettled();
}

Page* TestNaughtyStrings::go(const QString& page, qint64 subject, int tab)
{
    window().pages().go({page, subject});
    Page* shown = window().pages().currentPage();
    if (auto* tabs = shown->findChild<QTabWidget*>(); tabs != nullptr && tab >= 0) {
        tabs->setCurrentIndex(tab);
    }
    return settle() ? shown : nullptr;
}

void TestNaughtyStrings::check(QWidget* shown, const QString& what)
{
    // Heights that follow from widths are known some rounds later.
    for (const QDeadlineTimer deadline(patienceMs); !beyondTheirParents(shown).isEmpty() && !deadline.hasExpired();) {
        spin(10);
    }
    const QStringList found = readingMarkup(shown) + invisibleCharacters(shown) + beyondTheirParents(shown);
    QVERIFY2(found.isEmpty(), qPrintable(what + QLatin1Char('\n') + found.join(QLatin1Char('\n'))));
    const QSize least = window().minimumSizeHint();
    QVERIFY2(least.width() <= windowSize.width() && least.height() <= windowSize.height(),
             qPrintable(QStringLiteral("%1: the window needs %2×%3").arg(what, QString::number(least.width()), QString::number(least.height()))));
    QCOMPARE(window().size(), windowSize);
}

void TestNaughtyStrings::checkStall(const QString& what)
{
    const double longest = m_heartbeat.longestMs();
    m_longestMs = std::max(m_longestMs, longest);
    QVERIFY2(longest < stallMaxMs, qPrintable(QStringLiteral("%1: nothing moved for %2 ms").arg(what, QString::number(longest))));
    m_heartbeat.begin();
}

QMap<QString, int> TestNaughtyStrings::widths()
{
    QMap<QString, int> found;
    for (const QWidget* widget : window().pages().currentPage()->findChildren<QWidget*>()) {
        const bool isPart = qobject_cast<const DataTable*>(widget) || qobject_cast<const DetailPane*>(widget) || qobject_cast<const Timeline*>(widget) || qobject_cast<const QLineEdit*>(widget);
        if (isPart && widget->isVisible() && !widget->accessibleName().isEmpty()) {
            found.insert(widget->accessibleName(), widget->width());
        }
    }
    return found;
}

void TestNaughtyStrings::theHeartbeatNoticesAStall()
{
    const std::clock_t end = std::clock() + CLOCKS_PER_SEC / 4;
    while (std::clock() < end) {
    }
    QVERIFY(m_heartbeat.longestMs() > 200);
    m_heartbeat.begin();
    spin(50);
    QVERIFY(m_heartbeat.longestMs() < stallMaxMs);
}

void TestNaughtyStrings::listsShowThem_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<int>("tab");
    for (const char* page : {"overview", "interventions", "approvals", "orders", "accounts", "jobs", "audit", "administration"}) {
        QTest::newRow(page) << QString::fromLatin1(page) << -1;
    }
    QTest::newRow("requests") << QStringLiteral("gateway") << 0;
    QTest::newRow("callbacks") << QStringLiteral("gateway") << 1;
    QTest::newRow("refused") << QStringLiteral("gateway") << 2;
}

void TestNaughtyStrings::listsShowThem()
{
    QFETCH(QString, page);
    QFETCH(int, tab);
    Page* shown = go(page, 0, tab);
    QVERIFY(shown);
    spin(30);
    const QMap<QString, int> before = widths();
    for (DataTable* table : shown->findChildren<DataTable*>()) {
        // Every row, as somebody goes through the list with the arrow key; panes follow.
        for (int row = 0; table->isVisible() && row < std::min(table->model()->rowCount(), static_cast<int>(count())); ++row) {
            table->setCurrentIndex(table->model()->index(row, 0));
            QVERIFY(settle());
            checkStall(QStringLiteral("%1, row %2").arg(page).arg(row));
            check(window().pages().currentPage(), QStringLiteral("%1, row %2").arg(page).arg(row));
            if (QTest::currentTestFailed()) {
                return;
            }
            m_heartbeat.begin();
        }
    }
    QCOMPARE(widths(), before);
}

void TestNaughtyStrings::ordersShowThem()
{
    for (qint64 n = 0; n < count(); ++n) {
        QVERIFY(go(QStringLiteral("order"), NaughtyShop::firstOrder + n, static_cast<int>(n % 7)));
        checkStall(QStringLiteral("order %1").arg(n));
        check(window().pages().currentPage(), QStringLiteral("order %1").arg(n));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::anOrderShowsAllOfThemAtOnce()
{
    for (int tab = 0; tab < 7; ++tab) {
        QVERIFY(go(QStringLiteral("order"), NaughtyShop::fullOrder, tab));
        spin(50);
        for (QAbstractItemView* view : window().pages().currentPage()->findChildren<QAbstractItemView*>()) {
            for (int row = 0; view->isVisible() && row < view->model()->rowCount(); row += 13) {
                view->setCurrentIndex(view->model()->index(row, 0));
                QVERIFY(settle());
                checkStall(QStringLiteral("tab %1, row %2").arg(tab).arg(row));
                check(window().pages().currentPage(), QStringLiteral("tab %1, row %2").arg(tab).arg(row));
                if (QTest::currentTestFailed()) {
                    return;
                }
                m_heartbeat.begin();
            }
        }
    }
}

void TestNaughtyStrings::accountsShowThem()
{
    for (qint64 n = 0; n < count(); ++n) {
        QVERIFY(go(QStringLiteral("account"), NaughtyShop::firstAccount + n));
        checkStall(QStringLiteral("account %1").arg(n));
        check(window().pages().currentPage(), QStringLiteral("account %1").arg(n));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::casesShowThem()
{
    for (qint64 n = 0; n < count(); ++n) {
        QVERIFY(go(QStringLiteral("case"), NaughtyShop::firstCase + n));
        checkStall(QStringLiteral("case %1").arg(n));
        check(window().pages().currentPage(), QStringLiteral("case %1").arg(n));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::commandsShowThem()
{
    for (qint64 n = 0; n < count(); ++n) {
        CommandDialog dialog(context(), CommandId(NaughtyShop::firstCommand + n));
        dialog.setVisible(true);
        const QSize before = dialog.size();
        const QDeadlineTimer deadline(patienceMs);
        while (!dialog.isSettled() && !deadline.hasExpired()) {
            turn();
        }
        QVERIFY(dialog.isSettled());
        checkStall(QStringLiteral("command %1").arg(n));
        check(&dialog, QStringLiteral("command %1").arg(n));
        QCOMPARE(dialog.size(), before);
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::requestsShowThem()
{
    for (const QString& text : m_strings) {
        RequestDraft draft;
        draft.kind = CommandKind::ConfirmWithEvidence;
        draft.amount = usd(1'000);
        draft.subjectWords = draft.gatewayRef = text;
        RequestDialog dialog(context(), draft);
        dialog.show();
        spin(1);
        checkStall(QStringLiteral("a request for ") + text.left(60));
        check(&dialog, QStringLiteral("a request for ") + text.left(60));
        QVERIFY(dialog.width() <= windowSize.width());
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::filtersShowThem()
{
    for (const QString& text : m_strings) {
        OrderFilter orders;
        orders.buyer = orders.freeText = text;
        window().openOrders(orders);
        QVERIFY(settle());
        checkStall(QStringLiteral("orders of ") + text.left(60));
        check(window().pages().currentPage(), QStringLiteral("orders of ") + text.left(60));
        auto* audit = static_cast<AuditPage*>(window().pages().page(QStringLiteral("audit")));
        audit->setFilter({.actor = text, .action = text, .subject = text});
        QVERIFY(go(QStringLiteral("audit")));
        checkStall(QStringLiteral("done by ") + text.left(60));
        check(window().pages().currentPage(), QStringLiteral("done by ") + text.left(60));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
}

void TestNaughtyStrings::thePaletteShowsThem()
{
    CommandPalette& palette = window().palettePanel();
    palette.open();
    for (const QString& text : {m_strings.front().left(200), QStringLiteral("<"), QStringLiteral("script"), QStringLiteral("1"), QStringLiteral("test"), QStringLiteral("'")}) {
        palette.field()->setText(text);
        const QDeadlineTimer deadline(patienceMs);
        while (!palette.isSettled() && !deadline.hasExpired()) {
            turn();
        }
        spin(20);
        checkStall(QStringLiteral("a search for ") + text.left(60));
        check(&window(), QStringLiteral("a search for ") + text.left(60));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
    QTest::keyClick(palette.field(), Qt::Key_Escape);
}

void TestNaughtyStrings::peopleAreCalledByThem()
{
    QVERIFY(go(QStringLiteral("approvals")));
    for (const QString& text : m_strings) {
        Person person;
        person.login = person.name = text;
        person.passwordHash = QStringLiteral("x");
        person.role = Role::Supervisor;
        m_console->desk->workAs(person);
        QVERIFY(settle());
        checkStall(QStringLiteral("signed in as ") + text.left(60));
        check(&window(), QStringLiteral("signed in as ") + text.left(60));
        if (QTest::currentTestFailed()) {
            return;
        }
        m_heartbeat.begin();
    }
    m_console->desk->signOut();
}

void TestNaughtyStrings::shoot(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("COUNTERFOIL_TEST_PICTURES");
    if (!folder.isEmpty() && QDir().mkpath(folder)) {
        QVERIFY(widget.grab().save(QStringLiteral("%1/naughty-%2.png").arg(folder, name)));
    }
}

/// Pictures for people, where COUNTERFOIL_TEST_PICTURES says.
void TestNaughtyStrings::everythingCanBeLookedAt()
{
    static_cast<AuditPage*>(window().pages().page(QStringLiteral("audit")))->setFilter({});
    window().openOrders({});
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        ConsoleFixture::theme().setMode(mode);
        for (const QSize size : {windowSize, QSize(1920, 1080)}) {
            window().resize(size);
            const QString look = QStringLiteral("%1-%2").arg(toString(mode)).arg(size.width());
            for (const char* page : {"overview", "interventions", "approvals", "orders", "accounts", "jobs", "gateway", "audit", "administration"}) {
                QVERIFY(go(QString::fromLatin1(page), 0, 0));
                spin(30);
                QCOMPARE(window().size(), size);
                shoot(window(), QStringLiteral("%1-%2").arg(QLatin1String(page), look));
            }
            for (const auto& [page, subject] : {std::pair{"order", NaughtyShop::firstOrder}, std::pair{"order", NaughtyShop::fullOrder}, std::pair{"case", NaughtyShop::firstCase},
                                                std::pair{"account", NaughtyShop::firstAccount}, std::pair{"case", NaughtyShop::firstCase + 200}}) {
                QVERIFY(go(QString::fromLatin1(page), subject, 0));
                spin(30);
                QCOMPARE(window().size(), size);
                shoot(window(), QStringLiteral("%1-%2-%3").arg(QLatin1String(page)).arg(subject).arg(look));
            }
        }
        CommandDialog dialog(context(), CommandId(NaughtyShop::firstCommand));
        dialog.setVisible(true);
        spin(100);
        shoot(dialog, QStringLiteral("command-%1").arg(toString(mode)));
    }
    ConsoleFixture::theme().setMode(ThemeMode::Light);
    qInfo("the longest stall: %.0f ms", m_longestMs);
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestNaughtyStrings)
#include "tst_naughty_strings.moc"
