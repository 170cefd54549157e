// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/operator_tables.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"
#include "workflows/operators/people.h"

namespace counterfoil {

/// Logins, passwords, roles, and locks.
class TestPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
        m_people = std::make_unique<People>(m_database->writer(), m_clock, m_ids);
        CF_VERIFY_OK(m_people->add(cli, QStringLiteral("root"), QStringLiteral("Root"), Role::Administrator, good));
    }
    void cleanup()
    {
        m_people.reset();
        m_database.reset();
    }

    void signsInWithThePassword();
    void keepsNoPassword();
    void locksAfterTenWrongOnes();
    void refusesPoorLoginsAndPasswords_data();
    void refusesPoorLoginsAndPasswords();
    void keepsTheLastAdministrator();
    void letsNobodyInWhoWasDisabled();
    void changesPasswords();
    void takesALoginOnce();

private:
    const QString cli = QStringLiteral("cli");
    const QString good = QStringLiteral("correct horse battery");
    ManualClock m_clock{UtcTime(1'714'564'800'000'000)};
    IdSource m_ids{m_clock, 1};
    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<People> m_people;
};

void TestPeople::signsInWithThePassword()
{
    const auto person = m_people->signIn(QStringLiteral("root"), good);
    CF_VERIFY_OK(person);
    CF_COMPARE_ENUM(person->role, Role::Administrator);
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("root"), good + u'x'), ErrorCode::Unauthenticated);
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("root"), QString()), ErrorCode::Unauthenticated);
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("nobody"), good), ErrorCode::Unauthenticated);
}

void TestPeople::keepsNoPassword()
{
    const auto all = m_people->all();
    CF_VERIFY_OK(all);
    QVERIFY(all->front().passwordHash.startsWith(u"$argon2id$"));
    QVERIFY(!all->front().passwordHash.contains(u"horse"));
}

void TestPeople::locksAfterTenWrongOnes()
{
    for (int i = 0; i < 10; ++i) {
        CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("root"), QStringLiteral("wrong %1").arg(i)), ErrorCode::Unauthenticated);
    }
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("root"), good), ErrorCode::Forbidden);
    m_clock.advance(Duration::minutes(30));
    CF_VERIFY_OK(m_people->signIn(QStringLiteral("root"), good));
}

void TestPeople::refusesPoorLoginsAndPasswords_data()
{
    QTest::addColumn<QString>("login");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("code");
    QTest::newRow("one letter") << "a" << "A" << good << "invalid_text";
    QTest::newRow("capital") << "Ann" << "A" << good << "invalid_text";
    QTest::newRow("space") << "a b" << "A" << good << "invalid_text";
    QTest::newRow("line end") << "ann\n" << "A" << good << "invalid_text";
    QTest::newRow("starts with a dot") << ".ann" << "A" << good << "invalid_text";
    QTest::newRow("too long") << QString(65, u'a') << "A" << good << "invalid_text";
    QTest::newRow("no name") << "ann" << " " << good << "invalid_text";
    QTest::newRow("short password") << "ann" << "A" << "123456789" << "malformed_input";
    QTest::newRow("no password") << "ann" << "A" << "" << "malformed_input";
}

void TestPeople::refusesPoorLoginsAndPasswords()
{
    QFETCH(QString, login);
    QFETCH(QString, name);
    QFETCH(QString, password);
    QFETCH(QString, code);
    const auto added = m_people->add(cli, login, name, Role::Support, password);
    QVERIFY(!added);
    QCOMPARE(toString(added.error().code), code);
    QCOMPARE(m_people->all()->size(), std::size_t{1});
}

void TestPeople::keepsTheLastAdministrator()
{
    CF_COMPARE_ERROR(m_people->setRole(cli, QStringLiteral("root"), Role::Auditor), ErrorCode::Forbidden);
    CF_COMPARE_ERROR(m_people->setDisabled(cli, QStringLiteral("root"), true), ErrorCode::Forbidden);
    CF_VERIFY_OK(m_people->add(cli, QStringLiteral("second"), QStringLiteral("Second"), Role::Administrator, good));
    CF_VERIFY_OK(m_people->setRole(cli, QStringLiteral("root"), Role::Auditor));
    CF_COMPARE_ERROR(m_people->setDisabled(cli, QStringLiteral("second"), true), ErrorCode::Forbidden);
}

void TestPeople::letsNobodyInWhoWasDisabled()
{
    CF_VERIFY_OK(m_people->add(cli, QStringLiteral("ann"), QStringLiteral("Ann"), Role::Support, good));
    CF_VERIFY_OK(m_people->setDisabled(cli, QStringLiteral("ann"), true));
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("ann"), good), ErrorCode::Forbidden);
    CF_VERIFY_OK(m_people->setDisabled(cli, QStringLiteral("ann"), false));
    CF_VERIFY_OK(m_people->signIn(QStringLiteral("ann"), good));
    CF_COMPARE_ERROR(m_people->setDisabled(cli, QStringLiteral("nobody"), true), ErrorCode::NotFound);
}

void TestPeople::changesPasswords()
{
    CF_COMPARE_ERROR(m_people->setPassword(cli, QStringLiteral("root"), QStringLiteral("short")), ErrorCode::MalformedInput);
    CF_VERIFY_OK(m_people->setPassword(cli, QStringLiteral("root"), QStringLiteral("another long one")));
    CF_COMPARE_ERROR(m_people->signIn(QStringLiteral("root"), good), ErrorCode::Unauthenticated);
    CF_VERIFY_OK(m_people->signIn(QStringLiteral("root"), QStringLiteral("another long one")));
}

void TestPeople::takesALoginOnce()
{
    CF_COMPARE_ERROR(m_people->add(cli, QStringLiteral("root"), QStringLiteral("Other"), Role::Support, good), ErrorCode::AlreadyExistsDifferent);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestPeople)
#include "tst_people.moc"
