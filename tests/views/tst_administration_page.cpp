// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/people_table.h"
#include "tests/views/console_fixture.h"
#include "views/administration/administration_page.h"
#include "views/administration/person_dialog.h"
#include "views/widgets/data_table.h"
#include "views/widgets/labels.h"
#include "workflows/operators/people.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QPushButton>

namespace counterfoil {

/// Who works here is an administrator's business, and nobody else's.
class TestAdministrationPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_console.reset(); }

    void saysWhoMayChangeIt();
    void addsSomebodyWhoSignsIn();
    void saysWhatIsWrongWithAPerson();
    void changesARoleAndKeepsSomebodyOut();
    void theLastAdministratorStays();
    void refusesWhoIsNoAdministratorAnyMore();

private:
    Result<void> signIn(const QString& login, const QString& password = QStringLiteral("correct horse battery"));
    void choose(const QString& login);
    PersonDialog* dialog();
    Person person(const QString& login);
    /// Kept where COUNTERFOIL_TEST_PICTURES says, light and dark.
    void shoot(const char* name);

    std::unique_ptr<ConsoleFixture> m_console;
    AdministrationPage* m_page = nullptr;
};

void TestAdministrationPage::init()
{
    failOnWarnings();
    m_console = std::make_unique<ConsoleFixture>(5);
    IdSource ids(m_console->clock, 1001);
    People people(m_console->database->writer(), m_console->clock, ids);
    CF_VERIFY_OK(people.add(QStringLiteral("cli"), QStringLiteral("ada"), QStringLiteral("Ada"), Role::Administrator, QStringLiteral("correct horse battery")));
    CF_VERIFY_OK(people.add(QStringLiteral("cli"), QStringLiteral("bob"), QStringLiteral("Bob <b>x</b>"), Role::Support, QStringLiteral("correct horse battery")));
    QVERIFY(m_console->open());
    CF_VERIFY_OK(signIn(QStringLiteral("ada")));
    m_console->window->pages().go({QStringLiteral("administration"), 0});
    QVERIFY(m_console->settled());
    m_page = m_console->page<AdministrationPage>();
    QVERIFY(m_page);
}

Result<void> TestAdministrationPage::signIn(const QString& login, const QString& password)
{
    std::optional<Result<void>> outcome;
    m_console->desk->signIn(login, password, this, [&outcome](const Result<void>& signedIn) { outcome = signedIn; });
    const bool answered = QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 10'000);
    return answered ? *outcome : fail(ErrorCode::DatabaseBusy);
}

void TestAdministrationPage::choose(const QString& login)
{
    for (int row = 0; row < m_page->peopleModel()->rowCount(); ++row) {
        if (m_page->peopleModel()->rowValue(row).login == login) {
            m_page->people()->selectRow(row);
        }
    }
    QCOMPARE(m_page->peopleModel()->rowValue(m_page->people()->currentIndex().row()).login, login);
}

PersonDialog* TestAdministrationPage::dialog()
{
    const auto found = [this] {
        const auto all = m_page->findChildren<PersonDialog*>();
        const auto visible = std::ranges::find_if(all, &QWidget::isVisible);
        return visible == all.end() ? nullptr : *visible;
    };
    return QTest::qWaitFor([&] { return found() != nullptr; }, 10'000) ? found() : nullptr;
}

Person TestAdministrationPage::person(const QString& login)
{
    return selectRows<Person>(m_console->database->reader(), QStringLiteral("WHERE login = ?"), {login})->front();
}

void TestAdministrationPage::shoot(const char* name)
{
    const QString folder = qEnvironmentVariable("COUNTERFOIL_TEST_PICTURES");
    for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
        if (!folder.isEmpty() && QDir().mkpath(folder)) {
            ConsoleFixture::theme().setMode(mode);
            QVERIFY(m_console->window->grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, QLatin1String(name), toString(mode))));
        }
    }
}

void TestAdministrationPage::saysWhoMayChangeIt()
{
    QVERIFY(m_page->addButton()->isEnabled());
    shoot("administration");
    CF_VERIFY_OK(signIn(QStringLiteral("bob")));
    for (const QPushButton* button : {m_page->addButton(), m_page->roleButton(), m_page->passwordButton(), m_page->disableButton()}) {
        QVERIFY(!button->isEnabled());
        QVERIFY(button->accessibleDescription().contains(QStringLiteral("administrator")));
    }
    QCOMPARE(m_page->peopleModel()->rowCount(), 2);
}

void TestAdministrationPage::addsSomebodyWhoSignsIn()
{
    QTest::mouseClick(m_page->addButton(), Qt::LeftButton);
    PersonDialog* adding = dialog();
    QVERIFY(adding);
    QTest::keyClicks(adding->name(), QStringLiteral("Carol"));
    QTest::keyClicks(adding->login(), QStringLiteral("carol"));
    adding->role()->setCurrentText(QStringLiteral("Finance"));
    QTest::keyClicks(adding->password(), QStringLiteral("another good one"));
    QTest::keyClicks(adding->again(), QStringLiteral("another good one"));
    QTest::keyClick(adding->again(), Qt::Key_Return);
    QTRY_COMPARE(m_page->peopleModel()->rowCount(), 3);
    CF_COMPARE_ENUM(person(QStringLiteral("carol")).role, Role::Finance);
    CF_VERIFY_OK(signIn(QStringLiteral("carol"), QStringLiteral("another good one")));
}

void TestAdministrationPage::saysWhatIsWrongWithAPerson()
{
    QTest::mouseClick(m_page->addButton(), Qt::LeftButton);
    PersonDialog* adding = dialog();
    QVERIFY(adding);
    QTest::keyClicks(adding->name(), QStringLiteral("Bob"));
    QTest::keyClicks(adding->login(), QStringLiteral("bob"));
    QTest::keyClicks(adding->password(), QStringLiteral("correct horse"));
    QTest::mouseClick(adding->doneButton(), Qt::LeftButton);
    QTRY_VERIFY(adding->problem()->isVisible());
    QVERIFY(adding->problem()->text().contains(QStringLiteral("differ")));
    QTest::keyClicks(adding->again(), QStringLiteral("correct horse"));
    QTest::mouseClick(adding->doneButton(), Qt::LeftButton);
    QTRY_VERIFY(adding->problem()->text().contains(QStringLiteral("already")));
    QVERIFY(adding->isVisible());
    QCOMPARE(m_page->peopleModel()->rowCount(), 2);
    adding->reject();
}

void TestAdministrationPage::changesARoleAndKeepsSomebodyOut()
{
    choose(QStringLiteral("bob"));
    m_page->roleButton()->menu()->actions().at(static_cast<int>(Role::Supervisor))->trigger();
    QTRY_VERIFY(person(QStringLiteral("bob")).role == Role::Supervisor);
    QTRY_VERIFY(m_page->isSettled());
    QTest::mouseClick(m_page->disableButton(), Qt::LeftButton);
    QTRY_VERIFY(person(QStringLiteral("bob")).isDisabled());
    QTRY_COMPARE(m_page->disableButton()->text(), QStringLiteral("Let in again"));
    CF_COMPARE_ERROR(signIn(QStringLiteral("bob")), ErrorCode::Forbidden);
    QTest::mouseClick(m_page->disableButton(), Qt::LeftButton);
    QTRY_VERIFY(!person(QStringLiteral("bob")).isDisabled());
    QTest::mouseClick(m_page->passwordButton(), Qt::LeftButton);
    const QPointer<PersonDialog> changing = dialog();
    QVERIFY(changing);
    QVERIFY(!changing->login()->isVisible());
    QTest::keyClicks(changing->password(), QStringLiteral("a new password"));
    QTest::keyClicks(changing->again(), QStringLiteral("a new password"));
    QTest::mouseClick(changing->doneButton(), Qt::LeftButton);
    QTRY_VERIFY(!changing || !changing->isVisible());
    CF_VERIFY_OK(signIn(QStringLiteral("bob"), QStringLiteral("a new password")));
}

void TestAdministrationPage::theLastAdministratorStays()
{
    choose(QStringLiteral("ada"));
    QTest::mouseClick(m_page->disableButton(), Qt::LeftButton);
    QTRY_VERIFY(m_page->problem()->isVisible());
    QVERIFY(m_page->problem()->text().contains(QStringLiteral("last administrator")));
    QVERIFY(!person(QStringLiteral("ada")).isDisabled());
}

void TestAdministrationPage::refusesWhoIsNoAdministratorAnyMore()
{
    // The page still offers it: somebody else has taken the role away a moment ago.
    CF_VERIFY_OK(m_console->database->writer().execute(QStringLiteral("UPDATE person SET role = 'support' WHERE login = 'ada'")));
    choose(QStringLiteral("bob"));
    QTest::mouseClick(m_page->disableButton(), Qt::LeftButton);
    QTRY_VERIFY(m_page->problem()->isVisible());
    QVERIFY(!person(QStringLiteral("bob")).isDisabled());
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestAdministrationPage)
#include "tst_administration_page.moc"
