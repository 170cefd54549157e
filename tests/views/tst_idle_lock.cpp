// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/console_fixture.h"
#include "views/desk/idle_watch.h"
#include "views/widgets/empty_state.h"
#include "workflows/operators/people.h"

#include <QMenuBar>
#include <QSignalSpy>

namespace counterfoil {

/// A console that nobody touches shows nothing any more, until who worked there signs in again.
class TestIdleLock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_console.reset(); }

    void locksWhenNobodyTouchesIt();
    void aKeyPutsItOff();
    void bringsDialogsBackToTheSamePersonOnly();
    void leavesADemonstrationOpen();

private:
    bool signIn(const QString& login);
    bool lockNow();
    MainWindow& window() { return *m_console->window; }

    static constexpr const char* password = "correct horse battery";
    std::unique_ptr<ConsoleFixture> m_console;
};

void TestIdleLock::init()
{
    failOnWarnings();
    m_console = std::make_unique<ConsoleFixture>(5);
    IdSource ids(m_console->clock, 1001);
    People people(m_console->database->writer(), m_console->clock, ids);
    for (const char* login : {"ada", "bob"}) {
        const QString name = QString::fromLatin1(login);
        CF_VERIFY_OK(people.add(QStringLiteral("cli"), name, name, Role::Support, QString::fromLatin1(password)));
    }
    QVERIFY(m_console->open());
}

bool TestIdleLock::signIn(const QString& login)
{
    std::optional<Result<void>> outcome;
    m_console->desk->signIn(login, QString::fromLatin1(password), this, [&outcome](const Result<void>& signedIn) { outcome = signedIn; });
    return QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 10'000) && outcome->has_value();
}

bool TestIdleLock::lockNow()
{
    window().idleWatch().setLimit(Duration::milliseconds(30));
    const bool locked = QTest::qWaitFor([this] { return window().isLocked(); }, 10'000);
    window().idleWatch().setLimit(Duration::minutes(15));
    return locked;
}

void TestIdleLock::locksWhenNobodyTouchesIt()
{
    QVERIFY(signIn(QStringLiteral("ada")));
    QVERIFY(!window().isLocked());
    QVERIFY(lockNow());
    QVERIFY(!m_console->desk->hasPerson());
    QVERIFY(!window().menuBar()->isEnabled());
    QVERIFY(!window().pages().isVisible());
    QTest::keyClick(&window(), Qt::Key_4, Qt::ControlModifier);
    QTest::keyClick(&window(), Qt::Key_K, Qt::ControlModifier);
    QVERIFY(window().isLocked());
    QVERIFY(!window().palettePanel().isVisible());
    QVERIFY(signIn(QStringLiteral("ada")));
    QVERIFY(!window().isLocked());
    QVERIFY(window().pages().isVisible());
    QVERIFY(window().menuBar()->isEnabled());
}

void TestIdleLock::aKeyPutsItOff()
{
    QVERIFY(signIn(QStringLiteral("ada")));
    QSignalSpy idle(&window().idleWatch(), &IdleWatch::idle);
    window().idleWatch().setLimit(Duration::milliseconds(400));
    for (int i = 0; i < 12; ++i) {
        QVERIFY(!idle.wait(60));
        QTest::keyClick(&window(), Qt::Key_Shift);
    }
    QVERIFY(!window().isLocked());
    QTRY_VERIFY(window().isLocked());
}

void TestIdleLock::bringsDialogsBackToTheSamePersonOnly()
{
    for (const bool isSame : {true, false}) {
        QVERIFY(signIn(QStringLiteral("ada")));
        QPointer<QDialog> dialog(new QDialog(&window()));
        dialog->open();
        QVERIFY(lockNow());
        QVERIFY(!dialog->isVisible());
        QVERIFY(signIn(isSame ? QStringLiteral("ada") : QStringLiteral("bob")));
        QCOMPARE(dialog->isVisible(), isSame);
        delete dialog;
    }
}

void TestIdleLock::leavesADemonstrationOpen()
{
    Person play;
    play.login = QStringLiteral("demo.support");
    m_console->desk->workAs(play);
    QSignalSpy idle(&window().idleWatch(), &IdleWatch::idle);
    window().idleWatch().setLimit(Duration::milliseconds(20));
    QVERIFY(idle.wait());
    QVERIFY(!window().isLocked());
    QVERIFY(m_console->desk->hasPerson());
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestIdleLock)
#include "tst_idle_lock.moc"
